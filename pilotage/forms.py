"""Forms of the objectives."""

from decimal import Decimal

from django import forms

from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    FormulaireModele,
    FormulaireVerrouille,
)
from pilotage.models import INDICATEURS, Objectif


class ObjectifForm(FormulaireModele):
    """An objective of a department for a year."""

    annee = forms.IntegerField(label="Année", min_value=2003, max_value=2100)
    indicateur = forms.ChoiceField(label="Indicateur", choices=INDICATEURS)
    valeur = ChampDecimal(label="Objectif", min_value=Decimal(0))
    numero = forms.IntegerField(label="Version", min_value=1, max_value=99, initial=1)
    signe_le = ChampDate(
        label="Signé le", required=False, help_text="Sans date, la version ne compte pas encore."
    )

    class Meta:
        model = Objectif
        fields = ["departement", "annee", "indicateur", "genre", "numero", "valeur", "signe_le"]

    def __init__(self, *args, departements, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["departement"].queryset = departements


class ObjectifModifierForm(FormulaireVerrouille):
    """Value and signature of an existing version."""

    valeur = ChampDecimal(label="Objectif", min_value=Decimal(0))
    signe_le = ChampDate(label="Signé le", required=False)

    class Meta:
        model = Objectif
        fields = ["valeur", "signe_le"]
