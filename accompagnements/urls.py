"""Addresses of the chain, one line per stage."""

from django.urls import include, path

from accompagnements import ETAPES

app_name = "accompagnements"
urlpatterns = [path("", include(f"accompagnements.{etape}.urls")) for etape in ETAPES]
