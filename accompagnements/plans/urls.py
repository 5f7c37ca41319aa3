"""Addresses of the stage plans."""

urlpatterns = []
