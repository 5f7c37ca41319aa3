"""Search and filters of the structures, all in the URL."""

import django_filters
from django import forms
from django.db.models import Q

from accompagnements.structures.agrements import AgrementDetenu
from accompagnements.structures.models import Structure, Verification
from accompagnements.structures.recherche import q_structure
from dla_portal.socle import identifiants
from dla_portal.socle.nomenclatures import Terme
from dla_portal.territoires.models import Departement


def chercher(structures, texte):
    """Keep the structures that a text means: name, acronym, commune, SIRET, SIREN or RNA.

    The SIRET of a record merged into another finds the other.
    """
    condition = q_structure(texte)
    compact = identifiants.compacter(texte)
    if compact.isdigit():
        absorbees = Structure.toutes.filter(siret=compact, fusionnee_dans__isnull=False)
        condition |= Q(pk__in=absorbees.values("fusionnee_dans"))
    return structures.filter(condition)


class StructureFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Nom, sigle, SIRET, RNA, commune…"}
        ),
    )
    departement = django_filters.ModelChoiceFilter(
        queryset=Departement.objects.all(), label="Département", empty_label="Tous"
    )
    secteur = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("secteur"), label="Secteur", empty_label="Tous"
    )
    famille = django_filters.ChoiceFilter(
        choices=Structure.Famille, label="Famille", empty_label="Toutes"
    )
    agrement = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("agrement"),
        label="Agrément",
        empty_label="Tous",
        method="filtrer_agrement",
    )
    verification = django_filters.ChoiceFilter(
        choices=[choix for choix in Verification.choices if choix[0]],
        label="Identité",
        empty_label="Toutes",
    )

    class Meta:
        model = Structure
        fields = ["q", "departement", "secteur", "famille", "agrement", "verification"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        presents = self.queryset.order_by().values("departement").distinct()
        self.filters["departement"].queryset = Departement.objects.filter(pk__in=presents)

    def filtrer_q(self, lignes, nom, texte):
        return chercher(lignes, texte)

    def filtrer_agrement(self, lignes, nom, terme):
        """Those which hold it today."""
        tenus = AgrementDetenu.objects.en_vigueur_le().filter(terme=terme)
        return lignes.filter(pk__in=tenus.values("structure"))
