"""Forms of the diagnostic: one per section, and those of its gestures."""

from django import forms

from accompagnements.demandes.regles import date_passee
from accompagnements.diagnostics import regles, vigilance
from accompagnements.diagnostics.models import (
    GOUVERNANCE,
    Confidentialite,
    Diagnostic,
    Reponse,
)
from dla_portal.comptes.models import Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampEntier,
    FormulaireBase,
    FormulaireModele,
    FormulaireObjet,
    FormulaireVerrouille,
)

LONGUEUR = 20_000  # characters in one section
LIGNES = 8


def _allonger(formulaire):
    """Give the written sections the room and the length they need."""
    for nom, champ in formulaire.fields.items():
        if isinstance(champ.widget, forms.Textarea):
            formulaire.fields[nom] = forms.CharField(
                label=champ.label,
                help_text=champ.help_text,
                required=champ.required,
                max_length=LONGUEUR,
                widget=forms.Textarea(attrs={"rows": LIGNES}),
            )


class CommencerForm(FormulaireModele):
    """Birth of the diagnostic: nothing is compulsory yet."""

    entretien_le = ChampDate(label="Premier entretien", required=False)

    class Meta:
        model = Diagnostic
        fields = ["entretien_le"]


class _SectionForm(FormulaireVerrouille):
    garde_la_saisie = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _allonger(self)


class SituationForm(_SectionForm):
    beneficiaires = ChampEntier(
        label="Nombre de bénéficiaires",
        required=False,
        help_text="Personnes accueillies ou servies dans l'année, si la structure reçoit du "
        "public.",
    )

    class Meta:
        model = Diagnostic
        fields = [
            "historique",
            "activites",
            "beneficiaires",
            "beneficiaires_definition",
            "territoire",
        ]
        help_texts = {
            "activites": "Le projet, ce que fait la structure, pour qui.",
            "beneficiaires_definition": "Par exemple : familles adhérentes, personnes hébergées. "
            "La même définition servira au suivi.",
            "territoire": "Bassin de vie, partenaires publics et privés, offres comparables.",
        }


class GouvernanceForm(_SectionForm):
    """The text, then the answers of the relevé d'impact: same questions at the follow-up."""

    class Meta:
        model = Diagnostic
        fields = ["gouvernance", *GOUVERNANCE]
        widgets = dict.fromkeys(GOUVERNANCE, forms.RadioSelect)
        help_texts = {
            "gouvernance": "Instances, rythme des réunions, durée des mandats, lien entre "
            "présidence et direction.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom in GOUVERNANCE:
            self.fields[nom].choices = [*Reponse.choices, ("", "Ne sait pas")]


class EquipeForm(_SectionForm):
    class Meta:
        model = Diagnostic
        fields = ["ressources_humaines", "organisation", "outils", "communication"]
        help_texts = {
            "ressources_humaines": "Métiers, âges, mouvements, convention collective. Les effectifs "
            "se saisissent à la page « Chiffres ».",
            "outils": "Comptabilité, analytique, tableaux de bord, commissaire aux comptes.",
        }


class EconomieForm(_SectionForm):
    class Meta:
        model = Diagnostic
        fields = ["economie", "previsionnel"]
        help_texts = {
            "economie": "Ressources par origine, charges, trésorerie, fonds propres, tendances. "
            "Les montants se saisissent à la page « Chiffres ».",
            "previsionnel": "Ce que la structure prévoit pour l'année en cours et la suivante.",
        }


class AnalyseForm(_SectionForm):
    class Meta:
        model = Diagnostic
        fields = ["forces", "faiblesses", "opportunites", "risques", "problematique"]


class VigilanceForm(_SectionForm):
    """Signs of serious difficulty: facts, when they were noted, what was advised."""

    signes = forms.MultipleChoiceField(
        label="Signes relevés",
        required=False,
        choices=[(signe.code, signe.libelle) for signe in vigilance.SIGNES],
        widget=forms.CheckboxSelectMultiple,
        help_text=vigilance.AVERTISSEMENT,
    )
    signes_releves_le = ChampDate(
        label="Relevés le",
        required=False,
        help_text="Une date et aucune case cochée : rien n'a été relevé ce jour-là.",
    )

    class Meta:
        model = Diagnostic
        fields = ["signes", "signes_releves_le", "signes_note"]

    def clean(self):
        donnees = super().clean()
        releves_le = donnees.get("signes_releves_le")
        if donnees.get("signes") and not releves_le and "signes_releves_le" not in self.errors:
            self.add_error("signes_releves_le", "Indiquez quand ces signes ont été relevés.")
        if releves_le:
            manques = date_passee("Le relevé", releves_le, horloge.aujourdhui())
            if manques:
                self.add_error("signes_releves_le", manques)
        return donnees


class ValiderForm(FormulaireObjet):
    """The validation by the structure: when, by which of its bodies, and who says so."""

    REGLES = {"valide_le": regles.ordre_de_la_validation}
    valide_le = ChampDate(label="Date de la validation")
    organe = forms.CharField(
        label="Instance qui a validé",
        max_length=120,
        help_text="Par exemple : conseil d'administration, bureau, assemblée générale.",
    )
    valide_par = forms.CharField(label="Nom et fonction", max_length=120, required=False)


class ValiderParLienForm(ValiderForm):
    """The same by the structure itself, of the text that it has read."""

    version_lue = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        champ = self.fields["valide_par"]
        champ.label, champ.required = "Votre nom et votre fonction", True


class CorrigerParLienForm(FormulaireBase):
    """What the structure wants corrected."""

    remarque = forms.CharField(
        label="Que faut-il corriger ?", widget=forms.Textarea, max_length=2000
    )


class RelectureForm(FormulaireObjet):
    """Who reads, and what is asked of them."""

    lecteur = forms.ModelChoiceField(
        Utilisateur.objects.none(),
        label="Demander à",
        empty_label="Choisir",
        error_messages={"required": "Choisissez qui relit."},
        help_text="Centres de ressources (CRDLA) et DLA de votre région.",
    )
    question = forms.CharField(
        label="Ce que vous attendez de cette relecture",
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.fields["lecteur"].queryset = regles.lecteurs_possibles(objet)


class RendreForm(FormulaireBase):
    """The comments of the reader: one a section, and an overall view."""

    garde_la_saisie = True
    avis = forms.CharField(label="Avis d'ensemble", widget=forms.Textarea, max_length=5000)

    def __init__(self, *args, sections, **kwargs):
        super().__init__(*args, **kwargs)
        self.cles = [section.cle for section in sections]
        for section in sections:
            champ = forms.CharField(
                label=f"Commentaire : {section.titre}",
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=5000,
                required=False,
            )
            self.fields[f"sur_{section.cle}"] = champ

    def commentaires(self):
        """Return {section: text}."""
        return {cle: self.cleaned_data[f"sur_{cle}"] for cle in self.cles}


class ClasserForm(FormulaireObjet):
    """The class of confidentiality."""

    REGLES = {"confidentialite": regles.manques_pour_classer}
    confidentialite = forms.ChoiceField(
        label="Ce diagnostic est",
        choices=Confidentialite.choices,
        widget=forms.RadioSelect,
        help_text="Réservé : ni relecture extérieure, ni prestataire consulté, ni copie remise.",
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.initial.setdefault("confidentialite", objet.confidentialite)


class AutoriserForm(FormulaireObjet):
    """The agreement of the structure to a disclosure."""

    REGLES = {"accordee_le": regles.ordre_de_l_autorisation}
    destinataire = forms.CharField(label="Remis à", max_length=160, help_text="Nom et organisme.")
    raison = forms.CharField(label="Pourquoi", max_length=250)
    accordee_par = forms.CharField(
        label="Accord donné par", max_length=120, help_text="Nom et fonction dans la structure."
    )
    accordee_le = ChampDate(label="Accord donné le")
