"""Forms of the plan, of its actions and of its gestures."""

from django import forms

from accompagnements.plans import regles
from accompagnements.plans.etats import INGENIERIES, StatutAction, TypeAction
from accompagnements.plans.models import Action, Plan
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    FormulaireModele,
    FormulaireObjet,
    FormulaireVerrouille,
)
from dla_portal.socle.nomenclatures import Terme


class PreparerForm(FormulaireModele):
    """Birth of the plan; the preconisations of the diagnostic are its first actions."""

    revue_le = ChampDate(label="Prochaine revue", required=False)
    preconisations = forms.ModelMultipleChoiceField(
        queryset=None,
        label="Préconisations du diagnostic à reprendre comme actions",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chacune devient une action du plan, que vous pourrez compléter ou retirer.",
    )

    class Meta:
        model = Plan
        fields = ["objectifs", "revue_le"]
        help_texts = {"objectifs": "Ce que la structure veut atteindre, et à quoi elle le verra."}

    def __init__(self, *args, accompagnement, **kwargs):
        super().__init__(*args, **kwargs)
        conseils = regles.preconisations_a_reprendre(accompagnement)
        if not conseils.exists():
            del self.fields["preconisations"]
            return
        champ = self.fields["preconisations"]
        champ.queryset = conseils
        champ.label_from_instance = lambda conseil: f"{conseil.get_genre_display()} — {conseil}"
        champ.initial = [conseil.pk for conseil in conseils]


class PlanForm(FormulaireVerrouille):
    """Goals of the plan and date of its next review."""

    revue_le = ChampDate(label="Prochaine revue", required=False)

    class Meta:
        model = Plan
        fields = ["objectifs", "revue_le"]
        help_texts = PreparerForm.Meta.help_texts


class _ChampsAction(forms.ModelForm):
    echeance = ChampDate(label="Échéance", required=False)
    jours_prevus = ChampDecimal(
        label="Jours prévus",
        required=False,
        max_value=9999,
        help_text="Nécessaires avant l'accord pour une ingénierie, avec thématique et montant.",
    )
    montant_prevu = ChampDecimal(label="Montant prévu TTC (€)", required=False)

    class Meta:
        model = Action
        fields = [
            "genre",
            "intitule",
            "thematique",
            "intervenant",
            "echeance",
            "jours_prevus",
            "montant_prevu",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["thematique"].queryset = Terme.objects.de("thematique").en_vigueur()
        self.fields["thematique"].empty_label = "Choisir"
        self.fields["genre"].choices = [("", "Choisir"), *TypeAction.choices]


class ActionForm(_ChampsAction, FormulaireModele):
    """One more action of a plan being prepared."""


class ActionModifierForm(_ChampsAction, FormulaireVerrouille):
    """Correction of an action; once its engineering is open, its kind no longer changes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.ingenierie_id:
            garde = self.instance.genre
            self.fields["genre"].choices = [(garde, TypeAction(garde).label)]


class AvancementForm(FormulaireVerrouille):
    """Progress of an action; that of an engineering follows its convention and its restitution."""

    class Meta:
        model = Action
        fields = ["statut", "resultat"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.genre in INGENIERIES:
            permis = {self.instance.statut, StatutAction.ABANDONNEE}
            self.fields["statut"].choices = [c for c in StatutAction.choices if c[0] in permis]
            self.fields["statut"].help_text = (
                "L'avancement d'une ingénierie suit sa convention et sa restitution ; vous pouvez "
                "seulement l'abandonner ici."
            )

    def clean_statut(self):
        statut = self.cleaned_data["statut"]
        if statut == StatutAction.ABANDONNEE:
            manques = regles.manques_pour_delaisser(self.instance)
            if manques:
                raise forms.ValidationError(manques)
        return statut


class ValiderForm(FormulaireObjet):
    """The agreement of the structure."""

    REGLES = {"valide_le": regles.ordre_de_l_accord}
    valide_le = ChampDate(label="Date de l'accord")
    accord_de = forms.CharField(
        label="Accord donné par", max_length=120, help_text="Nom et fonction, ou instance."
    )


class RattacherForm(FormulaireModele):
    """Choose the collective engineering to join."""

    ingenierie = forms.ModelChoiceField(
        label="Ingénierie collective existante",
        queryset=None,
        empty_label="Choisir",
        help_text="Celles de votre opérateur qui sont encore ouvertes.",
    )

    class Meta:
        model = Action
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ingenierie"].queryset = regles.ingenieries_a_partager(self.instance)
