"""Addresses of the stage missions."""

urlpatterns = []
