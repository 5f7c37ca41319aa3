"""Filters of the ledger, in the URL."""

import django_filters

from accompagnements.financements.models import Enveloppe
from dla_portal.socle import horloge
from dla_portal.socle.nomenclatures import Terme


class EnveloppeFilter(django_filters.FilterSet):
    annee = django_filters.ChoiceFilter(label="Année", empty_label="Toutes", choices=[])
    financeur = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("financeur"), label="Financeur", empty_label="Tous"
    )
    secteur = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("secteur"), label="Fléchée vers le secteur", empty_label="Tous"
    )

    class Meta:
        model = Enveloppe
        fields = ["annee", "financeur", "secteur"]

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        annees = list(self.queryset.order_by("-annee").values_list("annee", flat=True).distinct())
        self.filters["annee"].extra["choices"] = [(str(annee), annee) for annee in annees]
        # Years added together mean nothing: « Toutes » is asked for, never the default.
        courante = horloge.aujourdhui().year
        if self.data.get("annee") is None and courante in annees:
            self.data = self.data.copy()
            self.data["annee"] = str(courante)
