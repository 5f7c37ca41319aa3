"""Search and filters of the structures, all in the URL."""

import django_filters
from django import forms
from django.db.models import Q

from accompagnements.structures.models import Structure
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.recherche import q_mots
from dla_portal.territoires.models import Departement


def chercher(structures, texte):
    """Keep the structures having all the words in their name or acronym, this SIRET or this RNA."""
    compact = texte.replace(" ", "").replace("\u00a0", "")
    condition = q_mots("nom_normalise", texte) | Q(rna__iexact=compact)
    if compact.isdigit():
        condition |= Q(siret__startswith=compact)
    return structures.filter(condition)


class StructureFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Nom, sigle, SIRET, RNA…"}),
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

    class Meta:
        model = Structure
        fields = ["q", "departement", "secteur", "famille"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        presents = self.queryset.order_by().values("departement").distinct()
        self.filters["departement"].queryset = Departement.objects.filter(pk__in=presents)

    def filtrer_q(self, lignes, nom, texte):
        return chercher(lignes, texte)
