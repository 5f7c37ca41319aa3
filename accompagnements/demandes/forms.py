"""Forms of the demande and of its gestures."""

from django import forms

from accompagnements.demandes import eligibilite, regles
from accompagnements.demandes.models import Demande
from accompagnements.demandes.partenaires import Partenaire
from accompagnements.droits import operateur_de
from accompagnements.structures.models import Structure
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampFichier,
    FormulaireBase,
    FormulaireGeste,
    FormulaireModele,
    FormulaireObjet,
    FormulaireVerrouille,
)
from dla_portal.socle.lots import FormulaireLot
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

    recue_le = ChampDate(label="Reçue le", initial=horloge.aujourdhui)

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


class _ChampsEligibilite:
    """One question per criterion, just before the motive of the derogation."""

    def examiner(self, criteres):
        derogation = self.fields.pop("derogation")
        for critere in criteres:
            self.fields[f"critere_{critere['code']}"] = forms.NullBooleanField(
                label=critere["libelle"][:1].upper() + critere["libelle"][1:],
                required=False,
                initial=critere.get("reponse"),
                help_text=self._ce_qu_on_sait(critere["code"]),
            )
        self.fields["derogation"] = derogation

    def _ce_qu_on_sait(self, code):
        """Beside the question of the status: the family, and the agréments held on that day."""
        structure = self.instance.structure
        if code != "statut":
            return ""
        tenus = structure.agrements.en_vigueur_le(self.instance.accueil_le).select_related("terme")
        noms = ", ".join(dict.fromkeys(str(agrement) for agrement in tenus))
        famille = structure.get_famille_display() or "Famille non précisée"
        return f"{famille}. Agréments en vigueur : {noms or 'aucun connu'}."

    def valeur_stockee(self, etat, nom):
        """The answer kept to a criterion, as `edition` asks for it; None for any other field."""
        for critere in etat.eligibilite:
            if nom == f"critere_{critere['code']}":
                return (critere.get("reponse"),)
        return None

    def en_base(self, objet, nom):
        """What a colleague has stored, for the page which shows both."""
        stocke = self.valeur_stockee(objet, nom)
        mots = {True: "Oui", False: "Non", None: "Pas encore examiné"}
        return (False, None) if stocke is None else (True, mots[stocke[0]])

    def reponses(self):
        """The answers given, by code of criterion."""
        return {
            nom.removeprefix("critere_"): valeur
            for nom, valeur in self.cleaned_data.items()
            if nom.startswith("critere_")
        }


class DemandeModifierForm(_ChampsDemande, _ChampsEligibilite, FormulaireVerrouille):
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
            "derogation",
        ]

    def __init__(self, *args, utilisateur, **kwargs):
        super().__init__(*args, **kwargs)
        self.utilisateur = utilisateur
        self.criteres = self.instance.eligibilite
        if not self.criteres and self.instance.accueil_le:  # taken over without its answers
            self.criteres = eligibilite.a_examiner(self.instance.departement.region_id)
        self.examiner(self.criteres)
        if self.instance.accueil_le is None:
            for nom in [nom for nom in self.fields if nom.startswith("accueil_")]:
                del self.fields[nom]
        self.preparer()

    def save(self, commit=True):
        """The answers keep the wording they were given to; a new motive has a new author."""
        self.instance.eligibilite = eligibilite.repondre_aux(self.criteres, self.reponses())
        if "derogation" in self.changed_data:
            self.instance.deroger(self.cleaned_data["derogation"], self.utilisateur)
        return super().save(commit)


class PlanifierAccueilForm(FormulaireObjet):
    """The day of the accueil."""

    REGLES = {"accueil_prevu_le": regles.manques_de_l_accueil_prevu}
    accueil_prevu_le = ChampDate(label="Date de l'accueil")


class AccueillirForm(_ChampsEligibilite, FormulaireGeste):
    """Report of the accueil and eligibility, with the motive of a derogation if any."""

    accueil_le = ChampDate(label="Accueil tenu le")

    class Meta:
        model = Demande
        fields = [
            "accueil_le",
            "accueil_mode",
            "accueil_presents",
            "accueil_notes",
            "derogation",
        ]
        help_texts = {
            "derogation": "À écrire si un critère n'est pas rempli et que l'accompagnement est "
            "tout de même proposé."
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.examiner(eligibilite.a_examiner(self.instance.departement.region_id))

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


class PrioriserForm(FormulaireBase):
    """A new place in the waiting list, and why."""

    priorite = forms.TypedChoiceField(label="Priorité", choices=Demande.Priorite, coerce=int)
    motif = forms.CharField(label="Motif", widget=forms.Textarea, max_length=2000)


class OrienterForm(FormulaireObjet):
    """Towards a partner of the directory, or towards an organisation which is not in it."""

    partenaire = forms.ModelChoiceField(
        label="Partenaire de l'annuaire",
        queryset=Partenaire.objects.none(),
        required=False,
        empty_label="Un autre organisme",
    )
    orientation = forms.ModelChoiceField(
        label="Nature de l'organisme",
        queryset=Terme.objects.none(),
        required=False,
        help_text="À indiquer si l'organisme n'est pas dans l'annuaire.",
    )
    orientation_organisme = forms.CharField(
        label="Organisme et personne", max_length=160, required=False
    )
    motif = forms.CharField(label="Motif", widget=forms.Textarea)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["orientation"].queryset = Terme.objects.de("orientation").en_vigueur()
        self.fields["orientation"].empty_label = "Choisir"
        ici = Partenaire.objects.pour(self.objet.departement)
        self.fields["partenaire"].queryset = ici.select_related("genre")
        self.fields["partenaire"].label_from_instance = lambda p: f"{p.nom} ({p.genre})"

    def clean(self):
        donnees = super().clean()
        if not self.errors and not donnees.get("partenaire") and not donnees.get("orientation"):
            self.add_error("orientation", "Choisissez un partenaire, ou la nature de l'organisme.")
        return donnees


class SuiteForm(FormulaireObjet):
    """What came of an orientation."""

    REGLES = {"suite_le": regles.manques_de_la_suite}
    suite_le = ChampDate(label="Suite connue le", initial=horloge.aujourdhui)
    suite_resultat = forms.ChoiceField(
        label="Qu'est devenue l'orientation ?", choices=Demande.Suite, widget=forms.RadioSelect
    )
    suite_precisions = forms.CharField(
        label="Précisions", widget=forms.Textarea, required=False, max_length=2000
    )


class RefuserForm(FormulaireObjet):
    """The motive, and the letter read over before it leaves."""

    motif = forms.CharField(label="Motif", widget=forms.Textarea, max_length=2000)
    lettre = forms.CharField(
        label="Lettre à la structure",
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=f"Relisez-la : elle part telle quelle. {regles.MOTIF} y sera remplacé par le "
        "motif écrit au-dessus.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["lettre"] = regles.lettre_type(self.objet)


class EngagerForm(FormulaireObjet):
    """The charter signed by the structure, the agreement of its board."""

    charte = ChampFichier(
        label="Charte d'engagement signée", extensions=("pdf", "png", "jpg"), required=False
    )
    charte_le = ChampDate(label="Signée le", required=False)
    charte_signataire = forms.CharField(
        label="Signée par (nom et fonction)", max_length=120, required=False
    )
    accord_ca_le = ChampDate(label="Accord du conseil d'administration le", required=False)

    def clean(self):
        donnees = super().clean()
        if not self.errors:
            champs = ("charte", "charte_le", "charte_signataire", "accord_ca_le")
            for phrase in regles.manques_de_l_engagement(*(donnees[nom] for nom in champs)):
                self.add_error(None, phrase)
        return donnees


class CloreForm(FormulaireBase):
    motif = forms.CharField(
        label="Bilan en une phrase", widget=forms.Textarea, required=False, max_length=2000
    )


class _ChampsRelais(forms.Form):
    """Who takes over, among those who accompany for the operator, and why."""

    charge = forms.ModelChoiceField(
        label="Personne chargée de mission",
        queryset=None,
        empty_label="Choisissez",
        help_text="Parmi l'équipe de l'opérateur.",
    )
    motif = forms.CharField(
        label="Motif",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text="Gardé dans le journal de chaque dossier.",
    )

    def proposer(self, operateur_id):
        self.fields["charge"].queryset = regles.equipe_de(operateur_id)


class ConfierForm(_ChampsRelais, FormulaireObjet):
    """Hand one demande or dossier over."""

    REGLES = {"charge": regles.manques_du_relais}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposer(self.objet.operateur_id)


class ConfierEnLotForm(_ChampsRelais, FormulaireLot):
    """Hand several over at once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposer(operateur_de(self.utilisateur))
