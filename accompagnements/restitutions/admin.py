"""Restitutions and invoices in the admin site, for data fixes."""

from django.contrib import admin

from accompagnements.restitutions.models import Facture, Restitution
from dla_portal.socle.admin import CorrectionAdmin


@admin.register(Restitution)
class RestitutionAdmin(CorrectionAdmin):
    list_display = ["mission", "rapport_recu_le", "tenue_le", "etat"]
    list_select_related = ["mission__convention"]
    list_filter = ["etat"]
    search_fields = ["mission__convention__reference"]


@admin.register(Facture)
class FactureAdmin(CorrectionAdmin):
    list_display = ["numero", "mission", "montant_ttc", "solde", "etat"]
    list_select_related = ["mission__convention"]
    list_filter = ["etat"]
    search_fields = ["numero", "mission__convention__reference"]
