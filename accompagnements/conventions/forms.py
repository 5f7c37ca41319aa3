"""Forms of the convention and of its signatures."""

from copy import copy
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.conventions import documents, regles
from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.models import Convention
from accompagnements.conventions.signatures import Signature
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampPdf,
    FormulaireBase,
    FormulaireModele,
    FormulaireVerrouille,
)


class ConventionForm(FormulaireVerrouille):
    """What may still be adjusted before the signature, never above the proposition."""

    montant_ht = ChampDecimal(label="Montant HT (€)", min_value=Decimal("0.01"))
    montant_ttc = ChampDecimal(label="Montant TTC (€)", min_value=Decimal("0.01"))
    jours = ChampDecimal(label="Nombre de jours", min_value=Decimal("0.25"))
    debut = ChampDate(label="Début de la mission")
    fin = ChampDate(label="Fin de la mission")
    acompte = forms.IntegerField(label="Acompte à la signature (%)", min_value=0, max_value=80)

    class Meta:
        model = Convention
        fields = [
            "objet",
            "montant_ht",
            "montant_ttc",
            "jours",
            "debut",
            "fin",
            "acompte",
            "financeurs",
            "cofinancee_fse",
        ]

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin de la mission précède son début.")
        ht, ttc = donnees.get("montant_ht"), donnees.get("montant_ttc")
        if ht and ttc and ttc < ht:
            self.add_error("montant_ttc", "Le montant TTC ne peut être inférieur au montant HT.")
        proposition = self.instance.proposition
        if proposition and ttc and ttc > proposition.montant_ttc:
            self.add_error("montant_ttc", "Il dépasse celui de la proposition retenue.")
        if proposition and ht and ht > proposition.montant_ht:
            self.add_error("montant_ht", "Il dépasse celui de la proposition retenue.")
        return donnees


class SignerForm(FormulaireBase):
    """A signature given on paper by a structure or the prestataire, with its scan."""

    PARTIES = (Signature.Partie.STRUCTURE, Signature.Partie.PRESTATAIRE)
    avec_objet = True
    signature = forms.ModelChoiceField(label="Partie qui a signé", queryset=None, empty_label=None)
    signataire = forms.CharField(label="Nom de la personne", max_length=120)
    qualite = forms.CharField(label="Qualité", max_length=120)
    signee_le = ChampDate(label="Signée le")
    scan = ChampPdf(
        label="Exemplaire signé, numérisé (PDF)",
        required=False,
        help_text="Demandé dès que le document à signer est conservé.",
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, **kwargs)
        champ = self.fields["signature"]
        champ.queryset = objet.attendues().filter(partie__in=self.PARTIES)
        champ.label_from_instance = lambda signature: signature.nom_partie

    def clean(self):
        donnees = super().clean()
        signature = donnees.get("signature")
        if signature and donnees.get("signee_le"):
            manques = regles.manques_de_la_signature(signature, donnees["signee_le"])
            if manques:
                self.add_error("signee_le", ValidationError(manques))
        if signature and "scan" in donnees:
            manques = regles.manques_du_scan(signature, donnees["scan"])
            if manques:
                self.add_error("scan", ValidationError(manques))
        return donnees


class SignerPourLOperateurForm(SignerForm):
    """The same for the operator, of which only the responsable records the signature."""

    PARTIES = (Signature.Partie.OPERATEUR,)


class _Consentir(FormulaireBase):
    """The sentence that the signatory ticks, as it is kept."""

    qualite = forms.CharField(
        label="Votre qualité", max_length=120, help_text="Par exemple : présidente, gérant."
    )
    consentement = forms.BooleanField(
        error_messages={"required": "Cochez la phrase d'accord pour signer."}
    )

    def __init__(self, *args, signature, **kwargs):
        super().__init__(*args, **kwargs)
        if signature.acte.document_id:
            self.fields["consentement"].label = signature.phrase_de_consentement()


class SignerParLienForm(_Consentir):
    """A signature on line, by a personal link."""

    signataire = forms.CharField(
        label="Votre nom et votre prénom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["signataire", "qualite", "consentement"]


class SignerParCompteForm(_Consentir):
    """The signature of the operator, by its responsable, under the name of the account."""

    avec_objet = True

    def __init__(self, *args, objet, **kwargs):
        signature = objet.signatures.get(partie="operateur")
        super().__init__(*args, signature=signature, **kwargs)


class _ChampsAvenant(forms.ModelForm):
    """The fields of an avenant and its rules, on what was typed."""

    jours = ChampDecimal(label="Nouveau nombre de jours", min_value=Decimal("0.25"), required=False)
    montant_ht = ChampDecimal(
        label="Nouveau montant HT (€)", min_value=Decimal("0.01"), required=False
    )
    montant_ttc = ChampDecimal(
        label="Nouveau montant TTC (€)", min_value=Decimal("0.01"), required=False
    )
    debut = ChampDate(label="Nouveau début de la mission", required=False)
    fin = ChampDate(label="Nouvelle fin de la mission", required=False)

    class Meta:
        model = Avenant
        fields = [
            "motif",
            "perimetre",
            "intervenants",
            "jours",
            "montant_ht",
            "montant_ttc",
            "justification",
            "debut",
            "fin",
        ]

    field_order = Meta.fields

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, (_, dire) in documents.TERMES.items():
            en_vigueur = dire(self.instance.avant[nom])
            self.fields[nom].help_text = f"En vigueur : {en_vigueur}. Vide, rien ne change."

    def clean(self):
        donnees = super().clean()
        if self.errors:
            return donnees
        essai = copy(self.instance)  # the object itself is written after the validation
        for champ in self.Meta.fields:
            setattr(essai, champ, donnees[champ])
        for phrase in regles.manques_de_l_avenant(essai):
            self.add_error(None, phrase)
        for phrase in regles.manques_du_depassement(essai):
            self.add_error("justification", phrase)
        return donnees


class AvenantForm(_ChampsAvenant, FormulaireModele):
    """A new avenant; an empty field changes nothing."""


class AvenantModifierForm(_ChampsAvenant, FormulaireVerrouille):
    """The same, while it is being prepared."""
