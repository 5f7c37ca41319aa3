"""Filters of the list of missions."""

import django_filters
from django import forms
from django.db.models import Q

from accompagnements.missions.etats import Etat
from accompagnements.missions.models import Mission
from accompagnements.plans.models import ingenieries_de
from dla_portal.socle.recherche import q_mots


class MissionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Structure, intitulé, prestataire…"}
        ),
    )
    etat = django_filters.ChoiceFilter(choices=Etat, label="État", empty_label="Tous")

    class Meta:
        model = Mission
        fields = ["q", "etat"]

    def filtrer_q(self, lignes, nom, texte):
        """Words of the prestataire's name, the title or the reference."""
        return lignes.filter(
            q_mots("convention__prestataire__nom_normalise", texte)
            | Q(convention__ingenierie__intitule__icontains=texte)
            | Q(convention__reference__icontains=texte)
            | Q(convention__ingenierie__in=ingenieries_de(texte))
        )
