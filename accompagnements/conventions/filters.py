"""Filters of the list of conventions."""

import django_filters
from django import forms
from django.db.models import Q

from accompagnements.conventions.etats import Etat
from accompagnements.conventions.models import Convention
from accompagnements.plans.models import ingenieries_de
from dla_portal.socle.recherche import Normalise, q_mots, q_reference


class ConventionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Structure, intitulé, prestataire…"}
        ),
    )
    etat = django_filters.ChoiceFilter(choices=Etat, label="État", empty_label="Tous")

    class Meta:
        model = Convention
        fields = ["q", "etat"]

    def filtrer_q(self, lignes, nom, texte):
        """Words of the prestataire's name, the title or the reference."""
        return lignes.filter(
            q_mots("prestataire__nom_normalise", texte)
            | q_mots(Normalise("ingenierie__intitule"), texte)
            | q_reference(texte, "reference")
            | Q(ingenierie__in=ingenieries_de(texte))
        )
