"""Addresses of the stage restitutions."""

urlpatterns = []
