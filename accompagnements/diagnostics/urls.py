"""Addresses of the stage diagnostics."""

urlpatterns = []
