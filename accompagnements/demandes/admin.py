"""Demandes and accompagnements in the admin site, for data fixes."""

from django.contrib import admin

from accompagnements.demandes.models import Accompagnement, Demande
from dla_portal.socle.admin import CorrectionAdmin


@admin.register(Demande)
class DemandeAdmin(CorrectionAdmin):
    list_display = ["reference", "structure", "operateur", "departement", "recue_le", "etat"]
    list_select_related = ["structure", "operateur", "departement"]
    list_filter = ["etat", "operateur"]
    search_fields = ["reference", "structure__nom", "structure__siret"]
    autocomplete_fields = ["structure", "operateur", "charge"]


@admin.register(Accompagnement)
class AccompagnementAdmin(CorrectionAdmin):
    list_display = ["reference", "structure", "operateur", "departement", "ouvert_le", "etat"]
    list_select_related = ["structure", "operateur", "departement"]
    list_filter = ["etat", "operateur"]
    search_fields = ["reference", "structure__nom", "structure__siret"]
    autocomplete_fields = ["operateur", "charge"]
