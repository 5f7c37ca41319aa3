"""Forms of the restitution and of the invoices."""

from decimal import Decimal

from django import forms

from accompagnements.restitutions import regles
from accompagnements.restitutions.models import Facture
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampFichier,
    ChampPdf,
    FormulaireModele,
    FormulaireNaissance,
    FormulaireObjet,
)


class RapportForm(FormulaireNaissance):
    """The final report received, digital or on paper."""

    rapport_recu_le = ChampDate(label="Rapport reçu le")
    rapport = ChampFichier(
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


class TenirForm(FormulaireObjet):
    """The restitution meeting."""

    REGLES = {"tenue_le": regles.manques_de_la_tenue}
    tenue_le = ChampDate(label="Restitution tenue le")
    lieu = forms.CharField(label="Lieu", max_length=160)
    presents = forms.CharField(label="Personnes présentes", max_length=300)
    ecarts = forms.CharField(
        label="Écarts constatés avec la commande", widget=forms.Textarea, required=False
    )
    besoins = forms.CharField(label="Nouveaux besoins", widget=forms.Textarea, required=False)


class FactureForm(FormulaireModele):
    """An invoice of the prestataire."""

    datee_du = ChampDate(label="Datée du")
    montant_ht = ChampDecimal(label="Montant HT (€)", min_value=Decimal("0.01"))
    montant_ttc = ChampDecimal(label="Montant TTC (€)", min_value=Decimal("0.01"))
    piece = ChampPdf(label="Facture (PDF)", required=False)

    class Meta:
        model = Facture
        fields = ["numero", "datee_du", "montant_ht", "montant_ttc", "solde"]

    def clean(self):
        donnees = super().clean()
        ht, ttc = donnees.get("montant_ht"), donnees.get("montant_ttc")
        if ht and ttc and ttc < ht:
            self.add_error("montant_ttc", "Le montant TTC ne peut être inférieur au montant HT.")
        return donnees


class PayerForm(FormulaireObjet):
    """The payment made: its date and the reference of the transfer."""

    REGLES = {"payee_le": regles.manques_du_paiement}
    payee_le = ChampDate(label="Payée le")
    paiement_reference = forms.CharField(label="Référence du paiement", max_length=80)
