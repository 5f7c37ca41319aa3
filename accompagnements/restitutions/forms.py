"""Forms of the restitution and of the invoices."""

from decimal import Decimal

from django import forms

from accompagnements.restitutions import regles
from accompagnements.restitutions.models import Facture, PointRapport
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
    points = forms.MultipleChoiceField(
        label="Ce que le rapport contient",
        choices=PointRapport,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Tout coché, le rapport est déclaré conforme ; sinon, il le sera plus tard.",
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


class ConformeForm(FormulaireObjet):
    """The checklist of the report: all of it, or the report is not conform."""

    REGLES = {"points": regles.manques_du_rapport}
    points = forms.MultipleChoiceField(
        label="Ce que le rapport contient",
        choices=PointRapport,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.initial["points"] = objet.points_verifies


class PapierForm(FormulaireObjet):
    """The paper copy of the report."""

    REGLES = {"rapport_papier_recu_le": regles.manques_du_papier}
    rapport_papier_recu_le = ChampDate(label="Exemplaire papier reçu le")


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
    jours = ChampDecimal(
        label="Jours facturés",
        max_value=Decimal("9999.99"),
        help_text="Ceux que cette facture couvre ; zéro pour un acompte à la signature.",
    )
    piece = ChampPdf(label="Facture (PDF)", required=False)

    class Meta:
        model = Facture
        fields = ["numero", "datee_du", "montant_ht", "montant_ttc", "jours", "solde"]

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
