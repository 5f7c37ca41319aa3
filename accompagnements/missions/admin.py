"""Missions in the admin site, for data fixes."""

from django.contrib import admin

from accompagnements.missions.hors_cadre import HorsCadre
from accompagnements.missions.journees import Journee
from accompagnements.missions.models import Mission
from dla_portal.socle.admin import CorrectionAdmin


@admin.register(Mission)
class MissionAdmin(CorrectionAdmin):
    list_display = ["convention", "lancee_le", "etat"]
    list_select_related = ["convention"]
    list_filter = ["etat"]
    search_fields = ["convention__reference"]
    fields = ["motif_correction"]


@admin.register(Journee)
class JourneeAdmin(CorrectionAdmin):
    list_display = ["mission", "le", "demi_journees", "etat"]
    list_select_related = ["mission__convention"]
    list_filter = ["etat"]
    search_fields = ["mission__convention__reference"]
    fields = ["le", "moment", "intervenants", "lieu", "travaux", "rencontres", "motif_correction"]


@admin.register(HorsCadre)
class HorsCadreAdmin(CorrectionAdmin):
    list_display = ["mission", "demandee_le", "jours", "etat"]
    list_select_related = ["mission__convention"]
    list_filter = ["etat"]
    search_fields = ["mission__convention__reference"]
    fields = ["description", "raison", "motif_correction"]
