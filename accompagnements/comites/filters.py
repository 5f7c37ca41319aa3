"""Filters of the séances, all in the URL."""

import django_filters

from accompagnements.comites.etats import Etat
from accompagnements.comites.models import Seance
from dla_portal.comptes.models import Rattachement


class SeanceFilter(django_filters.FilterSet):
    etat = django_filters.ChoiceFilter(choices=Etat, label="État", empty_label="Tous")
    format = django_filters.ChoiceFilter(choices=Seance.Format, label="Format", empty_label="Tous")

    class Meta:
        model = Seance
        fields = ["etat", "format"]


class MandatFilter(django_filters.FilterSet):
    en_cours = django_filters.ChoiceFilter(
        label="Mandat",
        choices=[("oui", "En cours"), ("non", "À venir ou terminé")],
        empty_label="Tous",
        method="filtrer_en_cours",
    )

    class Meta:
        model = Rattachement
        fields = []

    def filtrer_en_cours(self, mandats, _, valeur):
        """Those in force today, or the others."""
        en_cours = Rattachement.objects.en_cours().values("pk")
        return (
            mandats.filter(pk__in=en_cours) if valeur == "oui" else mandats.exclude(pk__in=en_cours)
        )
