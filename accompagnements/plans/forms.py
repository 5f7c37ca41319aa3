"""Forms of the plan, of its actions and of its gestures."""

from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils.functional import cached_property

from accompagnements.plans import regles, transitions
from accompagnements.plans.etats import INGENIERIES, NatureAction, StatutAction, TypeAction
from accompagnements.plans.lignes import FinancementPrevu
from accompagnements.plans.models import Action, Plan
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    FormulaireBase,
    FormulaireModele,
    FormulaireObjet,
    FormulaireVerrouille,
)
from dla_portal.socle.lignes import FormulaireLignes
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.templatetags.portail import euros


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
    """Goals of the plan, what the structure commits to, how the plan is followed."""

    garde_la_saisie = True

    class Meta:
        model = Plan
        fields = ["objectifs", "engagements", "modalites"]
        help_texts = {
            **PreparerForm.Meta.help_texts,
            "engagements": "Disponibilité de l'équipe, participation des dirigeants, information du "
            "conseil d'administration.",
            "modalites": "Qui fait le point, à quel rythme, ce qui conduit à actualiser le plan.",
        }


class _ChampsAction(forms.ModelForm):
    debut = ChampDate(label="Début prévu", required=False)
    echeance = ChampDate(label="Échéance", required=False)
    jours_prevus = ChampDecimal(
        label="Jours prévus",
        required=False,
        max_value=9999,
        help_text="Nécessaires avant l'accord pour une ingénierie, avec thématique et coût.",
    )
    montant_prevu = ChampDecimal(label="Coût prévu TTC (€)", required=False)

    class Meta:
        model = Action
        fields = [
            "genre",
            "nature",
            "intitule",
            "thematique",
            "partenaire",
            "intervenant",
            "debut",
            "echeance",
            "jours_prevus",
            "montant_prevu",
            "resultat_attendu",
        ]
        widgets = {"resultat_attendu": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "intervenant": "Prestataire, réseau, personne de l'équipe ou de la structure.",
            "resultat_attendu": "Ce qui aura changé, et à quoi on le verra.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["thematique"].queryset = Terme.objects.de("thematique").en_vigueur()
        self.fields["thematique"].empty_label = "Choisir"
        self.fields["genre"].choices = [("", "Choisir"), *TypeAction.choices]
        self.fields["nature"].choices = [("", "Non précisée"), *NatureAction.choices]
        self.fields["partenaire"].queryset = regles.partenaires_du_plan(self.instance.plan)
        self.fields["partenaire"].empty_label = "Aucun"

    def clean(self):
        donnees = super().clean()
        debut, echeance = donnees.get("debut"), donnees.get("echeance")
        if debut and echeance and echeance < debut:
            self.add_error("echeance", "L'échéance de l'action précède son début.")
        return donnees


class ActionForm(_ChampsAction, FormulaireModele):
    """One more action of a plan being prepared."""


class ActionModifierForm(_ChampsAction, FormulaireLignes):
    """Correction of an action and of its planned funding.

    Once its engineering is open, its kind no longer changes.
    """

    MODELE, RELATION, MOT, VIDES = FinancementPrevu, "financements", "financeur", 2
    EXIGES = {"financeur_id": "Choisissez le financeur.", "montant": "Indiquez sa part."}
    titre_lignes = "Financeurs prévus"
    phrase_lignes = (
        "Leurs parts font le coût prévu au moment de l'accord. L'argent réellement engagé se suit "
        "avec la convention."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.ingenierie_id:
            garde = self.instance.genre
            self.fields["genre"].choices = [(garde, TypeAction(garde).label)]

    @cached_property
    def _financeurs(self):
        """Those in use, and those that the action already has."""
        siens = {ligne.financeur_id for ligne in self.instance.financements.all()}
        termes = Terme.objects.de("financeur")
        en_vigueur = termes.en_vigueur().values("pk")
        connus = termes.filter(Q(pk__in=en_vigueur) | Q(pk__in=siens))
        return [("", "Choisir"), *((terme.pk, str(terme)) for terme in connus)]

    def champs_de_ligne(self):
        return {
            "financeur_id": forms.TypedChoiceField(
                label="Financeur", choices=self._financeurs, coerce=int, empty_value=None
            ),
            "precision": forms.CharField(label="Lequel", max_length=120),
            "montant": ChampDecimal(label="Part prévue TTC (€)", min_value=Decimal("0.01")),
        }

    def clean(self):
        donnees = super().clean()
        parts = self._valeurs_gardees("montant")
        cout = donnees.get("montant_prevu")
        if parts and "montant_prevu" not in self.errors:
            if cout is None:
                self.add_error(
                    "montant_prevu", "Indiquez le coût dont les financeurs ont une part."
                )
            elif sum(parts) > cout:
                phrase = f"Les parts des financeurs font {euros(sum(parts))} : plus que ce coût."
                self.add_error("montant_prevu", phrase)
        return donnees

    def _valeurs_gardees(self, nom):
        """What the rows which stay hold in a column."""
        rangs = [rang for rang in range(len(self._cles)) if not self._retiree(rang)]
        valeurs = [self._valeurs(rang)[nom] for rang in rangs]
        return [valeur for valeur in valeurs if valeur not in (None, "")]

    def save(self, commit=True):
        transitions.exiger_modifiable(self.instance.plan)
        return super().save(commit)


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
    organe = forms.CharField(
        label="Instance qui a donné l'accord",
        max_length=120,
        required=False,
        help_text="Par exemple : conseil d'administration, bureau, assemblée générale.",
    )
    accord_de = forms.CharField(
        label="Accord donné par", max_length=120, help_text="Nom et fonction."
    )


class AccepterParLienForm(ValiderForm):
    """The same by the structure itself, of the text that it has read."""

    lu = forms.CharField(widget=forms.HiddenInput, max_length=64)
    commentaire = forms.CharField(
        label="Un commentaire",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organe"].required = True
        self.fields["organe"].label = "Instance qui a donné l'accord"
        self.fields["accord_de"].label = "Votre nom et votre fonction"
        self.fields["accord_de"].help_text = ""


class CorrigerParLienForm(FormulaireBase):
    """What the structure wants corrected."""

    remarque = forms.CharField(
        label="Que faut-il corriger ?",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
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
