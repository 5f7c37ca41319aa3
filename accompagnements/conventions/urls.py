"""Addresses of the stage conventions."""

urlpatterns = []
