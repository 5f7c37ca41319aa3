"""Filters of the séances, all in the URL."""

import django_filters

from accompagnements.comites.etats import Etat
from accompagnements.comites.models import Seance


class SeanceFilter(django_filters.FilterSet):
    etat = django_filters.ChoiceFilter(choices=Etat, label="État", empty_label="Tous")
    format = django_filters.ChoiceFilter(choices=Seance.Format, label="Format", empty_label="Tous")

    class Meta:
        model = Seance
        fields = ["etat", "format"]
