"""Addresses of the stage suites."""

urlpatterns = []
