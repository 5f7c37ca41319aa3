"""Filters of the list of follow-ups."""

import django_filters
from django import forms

from accompagnements.structures.recherche import q_structure
from accompagnements.suites.etats import EtatSuivi
from accompagnements.suites.models import Suivi
from dla_portal.socle.recherche import q_reference


class SuiviFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Nom, SIRET, référence, commune…"}
        ),
    )
    etat = django_filters.ChoiceFilter(choices=EtatSuivi, label="État", empty_label="Tous")

    class Meta:
        model = Suivi
        fields = ["q", "etat"]

    def filtrer_q(self, lignes, nom, texte):
        """Words of the structure's name or commune, its numbers, or the reference."""
        return lignes.filter(
            q_structure(texte, "accompagnement__structure__")
            | q_reference(texte, "accompagnement__reference")
        )
