"""Forms of the restitution and of the invoices."""

from decimal import Decimal

from django import forms

from accompagnements.restitutions import regles
from accompagnements.restitutions.models import Facture
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    FormulaireBase,
    FormulaireModele,
    FormulaireNaissance,
)


class RapportForm(FormulaireNaissance):
    """The final report received, digital or on paper."""

    rapport_recu_le = ChampDate(label="Rapport reçu le")
    rapport = forms.FileField(
        label="Rapport final",
        required=False,
        help_text="PDF ou document bureautique ; laissez vide s'il est reçu sur papier.",
    )
    rapport_conforme = forms.BooleanField(
        label="Le rapport est conforme : commande rappelée, travaux, résultats, préconisations "
        "et échéancier, mention et logos des financeurs",
        required=False,
    )

    def __init__(self, *args, mission, **kwargs):
        self.mission = mission
        super().__init__(*args, **kwargs)

    def clean_rapport_recu_le(self):
        jour = self.cleaned_data["rapport_recu_le"]
        manques = regles.manques_pour_recevoir(self.mission, jour)
        if manques:
            raise forms.ValidationError(manques)
        return jour


class TenirForm(FormulaireBase):
    """The restitution meeting."""

    avec_objet = True
    tenue_le = ChampDate(label="Restitution tenue le")
    lieu = forms.CharField(label="Lieu", max_length=160)
    presents = forms.CharField(label="Personnes présentes", max_length=300)
    ecarts = forms.CharField(
        label="Écarts constatés avec la commande", widget=forms.Textarea, required=False
    )
    besoins = forms.CharField(label="Nouveaux besoins", widget=forms.Textarea, required=False)

    def __init__(self, *args, objet, **kwargs):
        self.restitution = objet
        super().__init__(*args, **kwargs)

    def clean_tenue_le(self):
        jour = self.cleaned_data["tenue_le"]
        manques = regles.manques_de_la_tenue(self.restitution, jour)
        if manques:
            raise forms.ValidationError(manques)
        return jour


class FactureForm(FormulaireModele):
    """An invoice of the prestataire."""

    datee_du = ChampDate(label="Datée du")
    montant_ht = ChampDecimal(label="Montant HT (€)", min_value=Decimal("0.01"))
    montant_ttc = ChampDecimal(label="Montant TTC (€)", min_value=Decimal("0.01"))
    piece = forms.FileField(label="Facture (PDF)", required=False)

    class Meta:
        model = Facture
        fields = ["numero", "datee_du", "montant_ht", "montant_ttc", "solde"]

    def clean(self):
        donnees = super().clean()
        ht, ttc = donnees.get("montant_ht"), donnees.get("montant_ttc")
        if ht and ttc and ttc < ht:
            self.add_error("montant_ttc", "Le montant TTC ne peut être inférieur au montant HT.")
        return donnees


class PayerForm(FormulaireBase):
    payee_le = ChampDate(label="Payée le")
    paiement_reference = forms.CharField(label="Référence du paiement", max_length=80)
