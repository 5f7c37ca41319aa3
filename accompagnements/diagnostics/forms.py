"""Forms of the diagnostic: one per section, and those of its gestures."""

from django import forms

from accompagnements.diagnostics import regles
from accompagnements.diagnostics.models import Diagnostic
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
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
        fields = ["entretien_le", "personnes"]
        help_texts = {"personnes": "Nom et fonction de chaque personne, une par ligne."}


class _SectionForm(FormulaireVerrouille):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _allonger(self)


class RencontreForm(_SectionForm):
    entretien_le = ChampDate(label="Premier entretien", required=False)
    temps_passe = ChampDecimal(label="Temps passé (jours)", required=False, max_value=999)

    class Meta:
        model = Diagnostic
        fields = ["entretien_le", "personnes", "temps_passe"]
        help_texts = {"personnes": "Nom et fonction de chaque personne, une par ligne."}


class SituationForm(_SectionForm):
    class Meta:
        model = Diagnostic
        fields = ["historique", "activites", "gouvernance", "ressources_humaines"]
        help_texts = {
            "activites": "Le projet, ce que fait la structure, pour qui, avec quels partenaires.",
            "gouvernance": "Instances, rythme des réunions, renouvellement, lien entre présidence "
            "et direction.",
        }


class EconomieForm(_SectionForm):
    etp = ChampDecimal(label="ETP", required=False, max_value=999999)
    budget = ChampDecimal(label="Budget annuel (€)", required=False, max_value=9_999_999_999)

    class Meta:
        model = Diagnostic
        fields = ["economie", "effectif", "etp", "budget"]
        help_texts = {
            "economie": "Ressources par origine, charges, trésorerie, fonds propres, tendances.",
            "effectif": "Nombre de personnes salariées à ce jour. Il sert de point de départ au "
            "suivi après l'accompagnement.",
        }


class AnalyseForm(_SectionForm):
    class Meta:
        model = Diagnostic
        fields = ["forces", "faiblesses", "problematique"]


class PrioritesForm(_SectionForm):
    class Meta:
        model = Diagnostic
        fields = ["axes", "preconisations"]
        help_texts = {"axes": "Du plus urgent au moins urgent."}


class ValiderForm(FormulaireObjet):
    """The validation by the structure: when, and by which of its bodies."""

    REGLES = {"valide_le": regles.ordre_de_la_validation}
    valide_le = ChampDate(label="Date de la validation")
    organe = forms.CharField(
        label="Instance qui a validé",
        max_length=120,
        help_text="Par exemple : conseil d'administration, bureau, assemblée générale.",
    )
