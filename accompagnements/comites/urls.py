"""Addresses of the stage comites."""

urlpatterns = []
