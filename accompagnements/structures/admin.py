"""Structures in the admin site, for data fixes."""

from django.contrib import admin

from accompagnements.structures.agrements import AgrementDetenu
from accompagnements.structures.models import Contact, DonneesAnnuelles, Structure
from dla_portal.socle.admin import CorrectionAdmin


class ContactEnLigne(admin.TabularInline):
    model = Contact
    extra = 0


class AgrementEnLigne(admin.TabularInline):
    model = AgrementDetenu
    extra = 0
    raw_id_fields = ["piece"]


class AnneeEnLigne(admin.TabularInline):
    model = DonneesAnnuelles
    extra = 0


@admin.register(Structure)
class StructureAdmin(CorrectionAdmin):
    list_display = ["nom", "siret", "commune", "departement", "secteur"]
    list_select_related = ["commune__departement", "departement", "secteur"]
    list_filter = ["famille", "departement__region"]
    search_fields = ["nom", "sigle", "siret", "rna", "nom_normalise"]
    autocomplete_fields = ["commune"]
    filter_horizontal = ["reseaux"]
    inlines = [ContactEnLigne, AgrementEnLigne, AnneeEnLigne]
