"""Forms of the partner directory."""

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.demandes.partenaires import Partenaire
from dla_portal.socle.formulaires import FormulaireModele, FormulaireVerrouille
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.recherche import normaliser
from dla_portal.territoires.models import Departement


class _ChampsPartenaire(forms.ModelForm):
    """What both forms share: the terms in force, the départements of the region."""

    class Meta:
        model = Partenaire
        fields = ["nom", "genre", "aide", "contact", "email", "telephone", "departements"]
        widgets = {"departements": forms.CheckboxSelectMultiple}
        help_texts = {"departements": "Aucun coché : toute la région."}

    def __init__(self, *args, region, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.region_id = region
        self.fields["genre"].queryset = Terme.objects.de("orientation").en_vigueur()
        self.fields["genre"].empty_label = "Choisir"
        self.fields["departements"].queryset = Departement.objects.filter(region=region)

    def clean_nom(self):
        nom = self.cleaned_data["nom"]
        memes = Partenaire.objects.filter(
            region=self.instance.region_id, nom_normalise=normaliser(nom)[:160]
        )
        if memes.exclude(pk=self.instance.pk).exists():
            raise ValidationError("Un partenaire porte déjà ce nom dans cette région.")
        return nom


class PartenaireForm(_ChampsPartenaire, FormulaireModele):
    """A new partner."""


class PartenaireModifierForm(_ChampsPartenaire, FormulaireVerrouille):
    """Correction of a partner, or its withdrawal."""

    class Meta(_ChampsPartenaire.Meta):
        fields = [*_ChampsPartenaire.Meta.fields, "retire"]
