"""Forms of the restitution and of the invoices."""

from decimal import Decimal

from django import forms
from django.utils import timezone

from accompagnements.restitutions import regles, transitions
from accompagnements.restitutions.models import Facture, PointRapport
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampFichier,
    ChampMoment,
    ChampPdf,
    FormulaireModele,
    FormulaireNaissance,
    FormulaireObjet,
    FormulaireVerrouille,
)

TEXTE = forms.Textarea(attrs={"rows": 4})


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


class PlanifierForm(FormulaireObjet):
    """When and where the restitution will be held."""

    REGLES = {"prevue_le": regles.manques_de_la_planification}
    prevue_le = ChampMoment(label="Date et heure de la restitution")
    prevue_lieu = forms.CharField(
        label="Lieu", max_length=160, help_text="Une adresse, une salle, ou « en visioconférence »."
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.initial.setdefault("prevue_le", objet.prevue_le)
        self.initial.setdefault("prevue_lieu", objet.prevue_lieu)


class TenirForm(FormulaireObjet):
    """The restitution meeting and what its minutes say (domaine.md §6.9)."""

    REGLES = {"tenue_le": regles.manques_de_la_tenue}
    tenue_le = ChampDate(label="Restitution tenue le")
    lieu = forms.CharField(label="Lieu", max_length=160)
    presents = forms.CharField(label="Personnes présentes", max_length=300)
    resultats = forms.CharField(
        label="Objectifs et résultats",
        widget=TEXTE,
        required=False,
        help_text="Pour chaque objectif de la commande, ce qui est obtenu.",
    )
    ecarts = forms.CharField(
        label="Écarts constatés avec la commande", widget=TEXTE, required=False
    )
    besoins = forms.CharField(label="Nouveaux besoins", widget=TEXTE, required=False)
    decisions = forms.CharField(
        label="Décisions et suites à donner",
        widget=TEXTE,
        required=False,
        help_text="Qui fait quoi, et pour quand.",
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        if objet.prevue_le and objet.prevue_le <= horloge.maintenant():
            self.initial.setdefault("tenue_le", timezone.localdate(objet.prevue_le))
        self.initial.setdefault("lieu", objet.prevue_lieu)


class _ChampsFacture(forms.ModelForm):
    """The fields of an invoice and what is checked beside each of them."""

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

    def clean_numero(self):
        numero = self.cleaned_data["numero"]
        manques = regles.manques_du_numero(self.instance, numero)
        if manques:
            raise forms.ValidationError(manques)
        return numero

    def clean(self):
        donnees = super().clean()
        ht, ttc = donnees.get("montant_ht"), donnees.get("montant_ttc")
        manques = regles.manques_des_montants(ht, ttc) if ht and ttc else []
        if manques:
            self.add_error("montant_ttc", forms.ValidationError(manques))
        return donnees


class FactureForm(_ChampsFacture, FormulaireModele):
    """An invoice of the prestataire."""


class FactureModifierForm(_ChampsFacture, FormulaireVerrouille):
    """The same, corrected by `par`, who typed it; an empty file keeps the one already there."""

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.par = par

    def save(self, commit=True):
        return transitions.corriger_facture(
            self.instance, par=self.par, fichier=self.cleaned_data["piece"]
        )


class CertifierForm(FormulaireObjet):
    """The service fait; a motive is asked only for days that the journal does not hold."""

    REGLES = {"motif": regles.manques_des_jours}
    motif = forms.CharField(
        label="Ce qui prouve les jours absents du journal",
        widget=forms.Textarea,
        max_length=2000,
        required=False,
        help_text="Gardé au journal du dossier avec votre nom.",
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        if not regles.manques_des_jours(objet, ""):
            del self.fields["motif"]


class PayerForm(FormulaireObjet):
    """The payment made: its date and the reference of the transfer."""

    REGLES = {"payee_le": regles.manques_du_paiement}
    payee_le = ChampDate(label="Payée le")
    paiement_reference = forms.CharField(label="Référence du paiement", max_length=80)
