"""The register in the admin site, for data fixes."""

from django.contrib import admin

from dla_portal.socle.admin import CorrectionAdmin, LectureSeule
from prestataires.models import AttestationVigilance, Prestataire


@admin.register(Prestataire)
class PrestataireAdmin(CorrectionAdmin):
    list_display = ["nom", "siret", "statut", "ville", "etat", "reference_jusquau"]
    list_filter = ["etat", "region"]
    search_fields = ["nom", "nom_normalise", "siret"]
    filter_horizontal = ["competences", "secteurs", "departements"]


@admin.register(AttestationVigilance)
class AttestationVigilanceAdmin(LectureSeule):
    list_display = ["prestataire", "delivree_le", "valable_jusquau"]
    list_select_related = ["prestataire"]
    search_fields = ["prestataire__nom", "prestataire__siret"]
