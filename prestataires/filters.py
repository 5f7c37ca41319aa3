"""Filters of the register: its three facets, the state, a search on name or SIRET."""

import django_filters
from django import forms
from django.db.models import Q

from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.recherche import Normalise, compacter, q_mots
from dla_portal.territoires.models import Departement
from prestataires.etats import Etat
from prestataires.models import Prestataire


class PrestataireFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Nom, SIRET, ville…"}),
    )
    competence = django_filters.ModelChoiceFilter(
        field_name="competences",
        queryset=Terme.objects.de("thematique"),
        label="Compétence",
        empty_label="Toutes",
    )
    secteur = django_filters.ModelChoiceFilter(
        field_name="secteurs",
        queryset=Terme.objects.de("secteur"),
        label="Secteur",
        empty_label="Tous",
    )
    departement = django_filters.ModelChoiceFilter(
        field_name="departements",
        queryset=Departement.objects.filter(prestataire__isnull=False).distinct(),
        label="Département",
        empty_label="Tous",
    )
    etat = django_filters.ChoiceFilter(choices=Etat, label="État", empty_label="Tous")

    class Meta:
        model = Prestataire
        fields = ["q", "competence", "secteur", "departement", "etat"]

    def filtrer_q(self, lignes, nom, texte):
        """Words of the name or of the town, or the first digits of the SIRET typed with spaces."""
        compact = compacter(texte)
        condition = q_mots("nom_normalise", texte) | q_mots(Normalise("ville"), texte)
        if compact.isdigit():
            condition |= Q(siret__startswith=compact)
        return lignes.filter(condition)
