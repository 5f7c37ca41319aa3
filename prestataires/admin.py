"""The register in the admin site, for data fixes."""

from django.contrib import admin

from dla_portal.socle.admin import CorrectionAdmin
from prestataires.models import Prestataire


@admin.register(Prestataire)
class PrestataireAdmin(CorrectionAdmin):
    list_display = ["nom", "siret", "statut", "ville", "etat", "reference_jusquau"]
    list_filter = ["etat", "region"]
    search_fields = ["nom", "nom_normalise", "siret"]
    filter_horizontal = ["competences", "secteurs", "departements"]
