"""Forms of the demande and of its gestures."""

from django import forms

from accompagnements.demandes import regles
from accompagnements.demandes.models import Demande
from accompagnements.droits import operateur_de
from accompagnements.structures.models import Structure
from dla_portal.socle.formulaires import (
    ChampDate,
    FormulaireBase,
    FormulaireGeste,
    FormulaireModele,
    FormulaireObjet,
    FormulaireVerrouille,
)
from dla_portal.socle.nomenclatures import Terme
from dla_portal.territoires.models import OperateurDLA


class _ChampsDemande:
    """What both forms of a demande share: terms in force, structures in scope."""

    def preparer(self):
        self.fields["prescripteur"].queryset = Terme.objects.de("prescripteur").en_vigueur()
        self.fields["objet"].max_length = 5000

    def clean_recue_le(self):
        jour = self.cleaned_data["recue_le"]
        manques = regles.manques_de_la_reception(self.instance, jour)
        if manques:
            raise forms.ValidationError(manques)
        return jour


class DemandeForm(_ChampsDemande, FormulaireModele):
    """Entry of a demande by the operator's team, for a structure already in the register."""

    recue_le = ChampDate(label="Reçue le")

    class Meta:
        model = Demande
        fields = [
            "structure",
            "departement",
            "recue_le",
            "canal",
            "exprimee_par",
            "objet",
            "prescripteur",
        ]

    def __init__(self, *args, utilisateur, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.operateur = OperateurDLA.objects.get(pk=operateur_de(utilisateur))
        couverts = self.instance.operateur.departements_couverts()
        self.fields["departement"].queryset = couverts
        if len(couverts) == 1:
            self.initial.setdefault("departement", couverts[0].pk)
        self.fields["structure"].queryset = Structure.objects.visibles_par(utilisateur)
        self.fields["structure"].widget = forms.HiddenInput()
        self.preparer()


class DemandeModifierForm(_ChampsDemande, FormulaireVerrouille):
    """Correction of a demande; its structure and its department do not change."""

    recue_le = ChampDate(label="Reçue le")

    class Meta:
        model = Demande
        fields = [
            "recue_le",
            "canal",
            "exprimee_par",
            "objet",
            "prescripteur",
            "priorite",
            "accueil_mode",
            "accueil_presents",
            "accueil_notes",
            "critere_existe",
            "critere_statut",
            "critere_emploi",
            "critere_volonte",
            "derogation",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.accueil_le is None:
            for nom in [nom for nom in self.fields if nom.startswith("accueil_")]:
                del self.fields[nom]
        self.preparer()


class PlanifierAccueilForm(FormulaireObjet):
    """The day of the accueil."""

    REGLES = {"accueil_prevu_le": regles.manques_de_l_accueil_prevu}
    accueil_prevu_le = ChampDate(label="Date de l'accueil")


class AccueillirForm(FormulaireGeste):
    """Report of the accueil and eligibility, with the motive of a derogation if any."""

    accueil_le = ChampDate(label="Accueil tenu le")

    class Meta:
        model = Demande
        fields = [
            "accueil_le",
            "accueil_mode",
            "accueil_presents",
            "accueil_notes",
            "critere_existe",
            "critere_statut",
            "critere_emploi",
            "critere_volonte",
            "derogation",
        ]
        help_texts = {
            "derogation": "À écrire si un critère n'est pas rempli et que l'accompagnement est "
            "tout de même proposé."
        }

    def clean_accueil_le(self):
        jour = self.cleaned_data["accueil_le"]
        manques = regles.manques_de_l_accueil(self.instance, jour)
        if manques:
            raise forms.ValidationError(manques)
        return jour


class AttenteForm(FormulaireBase):
    motif = forms.CharField(label="Motif de la mise en attente", widget=forms.Textarea)
    priorite = forms.TypedChoiceField(
        label="Priorité", choices=Demande.Priorite, coerce=int, initial=Demande.Priorite.NORMALE
    )


class OrienterForm(FormulaireBase):
    orientation = forms.ModelChoiceField(label="Orientée vers", queryset=Terme.objects.none())
    orientation_organisme = forms.CharField(
        label="Organisme et personne", max_length=160, required=False
    )
    motif = forms.CharField(label="Motif", widget=forms.Textarea)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["orientation"].queryset = Terme.objects.de("orientation").en_vigueur()


class CloreForm(FormulaireBase):
    motif = forms.CharField(
        label="Bilan en une phrase", widget=forms.Textarea, required=False, max_length=2000
    )
