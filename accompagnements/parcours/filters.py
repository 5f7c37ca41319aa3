"""Filters of the accompagnements which read the whole chain: the stage where each one stands."""

import django_filters
from django import forms

from accompagnements.demandes.filters import AccompagnementFilter
from accompagnements.parcours.courante import Etape, avec_etape


class ListeFilter(AccompagnementFilter):
    """Those of the dossiers, and the stage: what a column of the board leads to."""

    etape = django_filters.ChoiceFilter(
        choices=Etape, label="Étape", empty_label="Toutes", method="filtrer_etape"
    )

    def filtrer_etape(self, lignes, nom, etape):
        return avec_etape(lignes).filter(etape=etape)


class PlancheFilter(AccompagnementFilter):
    """Those of the dossiers; the folded columns stay folded when one filters."""

    plies = django_filters.CharFilter(method="ne_rien_filtrer", widget=forms.HiddenInput)

    def ne_rien_filtrer(self, lignes, nom, valeur):
        return lignes
