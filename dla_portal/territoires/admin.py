"""Territories (read mostly) and operators in the admin site."""

from django.contrib import admin

from dla_portal.territoires.models import (
    EPCI,
    ClassementCommune,
    Commune,
    Contour,
    Departement,
    Mandat,
    OperateurDLA,
    Region,
)

admin.site.register(Region)


@admin.register(Departement)
class DepartementAdmin(admin.ModelAdmin):
    list_display = ["code", "nom", "region"]
    list_select_related = ["region"]
    search_fields = ["code", "nom"]


@admin.register(EPCI)
class EPCIAdmin(admin.ModelAdmin):
    search_fields = ["siren", "nom"]


@admin.register(Commune)
class CommuneAdmin(admin.ModelAdmin):
    list_display = ["code", "nom", "departement", "epci"]
    list_select_related = ["departement", "epci"]
    search_fields = ["code", "nom", "nom_normalise", "codes_postaux"]
    autocomplete_fields = ["epci"]


@admin.register(ClassementCommune)
class ClassementAdmin(admin.ModelAdmin):
    list_display = ["commune", "couche", "debut", "fin", "source"]
    list_filter = ["couche"]
    autocomplete_fields = ["commune"]


@admin.register(Contour)
class ContourAdmin(admin.ModelAdmin):
    list_display = ["code", "nom", "couche", "debut", "fin", "source"]
    list_filter = ["couche", "source"]
    search_fields = ["code", "nom"]
    readonly_fields = ["ouest", "est", "sud", "nord"]
    exclude = ["geometrie"]


class MandatEnLigne(admin.TabularInline):
    model = Mandat
    extra = 0
    autocomplete_fields = ["communes", "epcis"]


@admin.register(OperateurDLA)
class OperateurAdmin(admin.ModelAdmin):
    list_display = ["nom", "sigle", "niveau", "region"]
    list_filter = ["niveau", "region"]
    search_fields = ["nom", "sigle"]
    inlines = [MandatEnLigne]
