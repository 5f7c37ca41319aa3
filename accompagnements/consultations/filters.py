"""Filters of the list of consultations."""

import django_filters
from django import forms
from django.db.models import Q

from accompagnements.consultations.etats import Etat
from accompagnements.consultations.models import Consultation
from accompagnements.plans.models import ingenieries_de


class ConsultationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Structure, intitulé, référence…"}
        ),
    )
    etat = django_filters.ChoiceFilter(choices=Etat, label="État", empty_label="Tous")

    class Meta:
        model = Consultation
        fields = ["q", "etat"]

    def filtrer_q(self, lignes, nom, texte):
        """Words of the title, or the reference."""
        return lignes.filter(
            Q(ingenierie__intitule__icontains=texte)
            | Q(reference__icontains=texte)
            | Q(ingenierie__in=ingenieries_de(texte))
        )
