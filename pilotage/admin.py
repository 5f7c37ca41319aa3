"""Objectives in the admin site, for data fixes."""

from django.contrib import admin

from dla_portal.socle.admin import CorrectionAdmin
from pilotage.models import Objectif


@admin.register(Objectif)
class ObjectifAdmin(CorrectionAdmin):
    list_display = ["departement", "annee", "indicateur", "genre", "numero", "valeur", "signe_le"]
    list_select_related = ["departement"]
    list_filter = ["annee", "departement__region"]
