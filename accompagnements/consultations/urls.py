"""Addresses of the stage consultations."""

urlpatterns = []
