"""Addresses of the stage structures."""

urlpatterns = []
