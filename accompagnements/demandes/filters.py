"""Filters of the lists of demandes and of accompagnements, all in the URL."""

import django_filters
from django import forms
from django.db.models import Q

from accompagnements.demandes.etats import Etat, EtatAccompagnement
from accompagnements.demandes.models import Accompagnement, Demande
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.recherche import q_mots
from dla_portal.territoires.models import Departement


class _Filtre(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Nom, SIRET, référence…"}),
    )
    departement = django_filters.ModelChoiceFilter(
        queryset=Departement.objects.all(), label="Département", empty_label="Tous"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        visibles = self.queryset.order_by().values("departement").distinct()
        self.filters["departement"].queryset = Departement.objects.filter(pk__in=visibles)

    def filtrer_q(self, lignes, nom, texte):
        """Words of the structure's name, its SIRET typed with spaces, or the reference."""
        compact = texte.replace(" ", "")
        condition = q_mots("structure__nom_normalise", texte) | Q(reference__icontains=compact)
        if compact.isdigit():
            condition |= Q(structure__siret__startswith=compact)
        return lignes.filter(condition)


class DemandeFilter(_Filtre):
    etat = django_filters.ChoiceFilter(choices=Etat, label="État", empty_label="Tous")
    prescripteur = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("prescripteur"), label="Origine", empty_label="Toutes"
    )

    class Meta:
        model = Demande
        fields = ["q", "etat", "departement", "prescripteur"]


class AccompagnementFilter(_Filtre):
    etat = django_filters.ChoiceFilter(choices=EtatAccompagnement, label="État", empty_label="Tous")
    secteur = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("secteur"), label="Secteur", empty_label="Tous"
    )

    class Meta:
        model = Accompagnement
        fields = ["q", "etat", "departement", "secteur"]
