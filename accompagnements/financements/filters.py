"""Filters of the ledger, in the URL."""

import django_filters

from accompagnements.financements.models import Enveloppe
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        annees = self.queryset.order_by("-annee").values_list("annee", flat=True).distinct()
        self.filters["annee"].extra["choices"] = [(str(annee), annee) for annee in annees]
