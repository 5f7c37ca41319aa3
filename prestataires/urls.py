"""Addresses of the register."""

from django.urls import path

app_name = "prestataires"
urlpatterns = []
