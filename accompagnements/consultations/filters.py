"""Filters of the list of consultations, and of the prestataires one chooses among."""

import django_filters
from django import forms
from django.db.models import Q

from accompagnements.consultations.etats import Etat
from accompagnements.consultations.models import Consultation
from accompagnements.plans.models import ingenieries_de
from dla_portal.socle.recherche import Normalise, q_mots, q_reference
from prestataires.filters import PrestataireFilter


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
            q_mots(Normalise("ingenierie__intitule"), texte)
            | q_reference(texte)
            | Q(ingenierie__in=ingenieries_de(texte))
        )


class ProposeFilter(PrestataireFilter):
    """The facets of the register; the state is not one: who may not be asked says why."""

    etat = None

    class Meta(PrestataireFilter.Meta):
        fields = ["q", "competence", "secteur", "departement"]
