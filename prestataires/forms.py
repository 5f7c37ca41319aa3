"""Forms of the register."""

from decimal import Decimal

from django import forms

from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampFichier,
    ChampSiret,
    FormulaireBase,
    FormulaireModele,
    FormulaireVerrouille,
)
from dla_portal.socle.nomenclatures import Terme
from prestataires import regles
from prestataires.models import Prestataire

CHAMPS = [
    "siret",
    "nom",
    "statut",
    "reseau",
    "adresse",
    "code_postal",
    "ville",
    "contact",
    "email",
    "telephone",
    "presentation",
    "tjm_ht",
    "vigilance_jusquau",
    "competences",
    "secteurs",
    "departements",
]


class _Facettes(forms.Form):
    """What both forms share: checked SIRET, tolerant amounts, terms in force as checkboxes."""

    siret = ChampSiret(label="SIRET")
    tjm_ht = ChampDecimal(label="Tarif journalier HT (€)", min_value=Decimal(0), required=False)
    vigilance_jusquau = ChampDate(label="Attestation de vigilance valable jusqu'au", required=False)

    def preparer(self):
        for nom, liste in (("competences", "thematique"), ("secteurs", "secteur")):
            self.fields[nom].queryset = Terme.objects.de(liste).en_vigueur()
            self.fields[nom].widget = forms.CheckboxSelectMultiple()
            self.fields[nom].widget.choices = self.fields[nom].choices
        self.fields["reseau"].queryset = Terme.objects.de("reseau").en_vigueur()

    def clean_vigilance_jusquau(self):
        jour = self.cleaned_data["vigilance_jusquau"]
        manques = regles.manques_de_la_duree(jour) if jour else []
        if manques:
            raise forms.ValidationError(manques)
        return jour

    def clean_siret(self):
        siret = self.cleaned_data["siret"]
        autre = Prestataire.objects.filter(siret=siret).exclude(pk=self.instance.pk).first()
        if autre:
            raise forms.ValidationError(f"Ce SIRET est déjà au registre : {autre}.")
        return siret


class AttestationForm(FormulaireBase):
    """An attestation de vigilance received: the document and what it says of its dates."""

    fichier = ChampFichier(
        label="Attestation de vigilance",
        extensions=("pdf", "png", "jpg", "jpeg"),
        help_text="Le document de l'URSSAF, en PDF, PNG ou JPEG.",
    )
    delivree_le = ChampDate(label="Délivrée le")
    valable_jusquau = ChampDate(
        label="Valable jusqu'au", help_text="Six mois au plus après sa délivrance."
    )

    def clean(self):
        donnees = super().clean()
        dates = donnees.get("delivree_le"), donnees.get("valable_jusquau")
        manques = regles.manques_de_l_attestation(*dates) if all(dates) else []
        if manques:
            self.add_error("valable_jusquau", forms.ValidationError(manques))
        return donnees


class PrestataireForm(_Facettes, FormulaireModele):
    """A new candidacy."""

    class Meta:
        model = Prestataire
        fields = CHAMPS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.preparer()


class PrestataireModifierForm(_Facettes, FormulaireVerrouille):
    """The fiche of the register."""

    class Meta:
        model = Prestataire
        fields = CHAMPS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.preparer()
