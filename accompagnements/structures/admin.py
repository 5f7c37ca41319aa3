"""Structures in the admin site, for data fixes."""

from django.contrib import admin

from accompagnements.structures.agrements import AgrementDetenu
from accompagnements.structures.fusions import Fusion
from accompagnements.structures.models import Contact, DonneesAnnuelles, Signalement, Structure
from accompagnements.structures.salle import PieceStructure
from dla_portal.socle.admin import CorrectionAdmin, LectureSeule


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


class _NeeAilleurs(admin.TabularInline):
    """Rows corrected with the reason given for their structure; born and ended by the pages."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


class SignalementEnLigne(_NeeAilleurs):
    model = Signalement
    readonly_fields = ["auteur"]


class PieceEnLigne(_NeeAilleurs):
    model = PieceStructure
    readonly_fields = ["fichier"]


@admin.register(Structure)
class StructureAdmin(CorrectionAdmin):
    list_display = ["nom", "siret", "commune", "departement", "secteur"]
    list_select_related = ["commune__departement", "departement", "secteur"]
    list_filter = ["famille", "departement__region"]
    search_fields = ["nom", "sigle", "siret", "rna", "nom_normalise"]
    autocomplete_fields = ["commune"]
    filter_horizontal = ["reseaux"]
    inlines = [ContactEnLigne, AnneeEnLigne, AgrementEnLigne, SignalementEnLigne, PieceEnLigne]


@admin.register(Signalement)
class SignalementAdmin(LectureSeule):
    """To be found; corrected in the page of its structure, with a reason."""

    list_display = ["structure", "nature", "constate_le", "leve_le", "auteur"]
    list_select_related = ["structure", "auteur"]
    list_filter = ["nature"]
    search_fields = ["structure__nom", "structure__siret"]
    fields = ["structure", "nature", "precisions", "constate_le", "leve_le", "auteur"]


@admin.register(PieceStructure)
class PieceStructureAdmin(LectureSeule):
    """To be found; corrected in the page of its structure, with a reason."""

    list_display = ["structure", "nature", "exercice", "expire_le", "fichier"]
    list_select_related = ["structure", "fichier"]
    list_filter = ["nature"]
    search_fields = ["structure__nom", "structure__siret"]
    fields = ["structure", "nature", "exercice", "expire_le", "fichier"]


@admin.register(Fusion)
class FusionAdmin(LectureSeule):
    """What a fusion did is not rewritten: it is undone by its own page."""

    list_display = ["faite_le", "gardee", "absorbee", "faite_par", "defaite_le", "defaite_par"]
    list_select_related = ["gardee", "absorbee", "faite_par", "defaite_par"]
    search_fields = ["gardee__nom", "absorbee__nom", "gardee__siret", "absorbee__siret"]
    fields = [
        "gardee",
        "absorbee",
        "faite_le",
        "faite_par",
        "defaite_le",
        "defaite_par",
        "avant",
        "apres",
        "deplacements",
        "echanges",
    ]
