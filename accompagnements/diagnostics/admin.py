"""Diagnostics in the admin site, for data fixes: dates and figures, not the confidential text."""

from django.contrib import admin

from accompagnements.diagnostics.models import Diagnostic
from dla_portal.socle.admin import CorrectionAdmin


@admin.register(Diagnostic)
class DiagnosticAdmin(CorrectionAdmin):
    list_display = ["accompagnement", "soumis_le", "valide_le", "organe", "etat"]
    list_select_related = ["accompagnement__structure"]
    list_filter = ["etat", "accompagnement__operateur"]
    search_fields = ["accompagnement__reference", "accompagnement__structure__nom_normalise"]
    fields = ["entretien_le", "effectif", "etp", "budget", "temps_passe"]

    def has_add_permission(self, request):
        return False
