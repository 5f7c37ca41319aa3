"""Forms of the convention and of its signatures."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.conventions import regles
from accompagnements.conventions.models import Convention
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    FormulaireBase,
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
    """A signature received, by hand or by scan."""

    avec_objet = True
    signature = forms.ModelChoiceField(label="Partie qui a signé", queryset=None, empty_label=None)
    signataire = forms.CharField(label="Nom de la personne", max_length=120)
    qualite = forms.CharField(label="Qualité", max_length=120)
    signee_le = ChampDate(label="Signée le")

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, **kwargs)
        champ = self.fields["signature"]
        champ.queryset = regles.attendues(objet).select_related("structure")
        champ.label_from_instance = lambda s: (
            f"{s.get_partie_display()} : {s.structure}" if s.structure else s.get_partie_display()
        )

    def clean(self):
        donnees = super().clean()
        if donnees.get("signature") and donnees.get("signee_le"):
            manques = regles.manques_de_la_signature(donnees["signature"], donnees["signee_le"])
            if manques:
                self.add_error("signee_le", ValidationError(manques))
        return donnees
