"""Comités d'appui in the admin site, for data fixes."""

from django.contrib import admin

from accompagnements.comites.models import Convocation, Passage, Seance
from dla_portal.socle.admin import CorrectionAdmin


class ConvocationEnLigne(admin.TabularInline):
    model = Convocation
    extra = 0
    autocomplete_fields = ["membre"]


@admin.register(Seance)
class SeanceAdmin(CorrectionAdmin):
    list_display = ["quand", "operateur", "format", "lieu", "etat"]
    list_select_related = ["operateur"]
    list_filter = ["etat", "format", "operateur"]
    search_fields = ["lieu", "ordre_du_jour"]
    inlines = [ConvocationEnLigne]

    def has_add_permission(self, request):
        return False


@admin.register(Passage)
class PassageAdmin(CorrectionAdmin):
    list_display = ["accompagnement", "seance", "avis", "decision", "etat"]
    list_select_related = ["accompagnement__structure", "seance"]
    list_filter = ["etat", "avis", "decision"]
    search_fields = ["accompagnement__reference", "accompagnement__structure__nom_normalise"]

    def has_add_permission(self, request):
        return False
