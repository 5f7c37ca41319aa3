"""Counting: objectives, indicators, dashboards. Reads everything, writes only its own tables."""

from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "pilotage"
    verbose_name = "Pilotage"
