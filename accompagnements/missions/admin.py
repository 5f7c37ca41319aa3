"""Missions in the admin site, for data fixes."""

from django.contrib import admin

from accompagnements.missions.models import Mission
from dla_portal.socle.admin import CorrectionAdmin


@admin.register(Mission)
class MissionAdmin(CorrectionAdmin):
    list_display = ["convention", "lancee_le", "etat"]
    list_select_related = ["convention"]
    list_filter = ["etat"]
    search_fields = ["convention__reference"]
    fields = ["motif_correction"]
