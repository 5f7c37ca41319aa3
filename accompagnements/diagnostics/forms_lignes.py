"""Sections of the diagnostic made of rows: persons met, axes of change, preconisations."""

from django import forms

from accompagnements.diagnostics.lignes import (
    PRIORITES,
    Axe,
    Domaine,
    PersonneRencontree,
    Preconisation,
)
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.types_action import TypeAction
from dla_portal.socle.formulaires import ChampDate, ChampDecimal, ChampEntier
from dla_portal.socle.lignes import FormulaireLignes

TEXTE_MAX = 20_000  # characters in one cell
DELAI_MAX = 120  # months


def _texte(libelle, *, demi=False):
    """A text of a row, over the whole line or half of it (`demi`)."""
    champ = forms.CharField(
        label=libelle,
        max_length=TEXTE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    champ.demi = demi
    return champ


def _choix(libelle, choix, vide="—", **options):
    return forms.ChoiceField(label=libelle, choices=[("", vide), *choix], required=False, **options)


class RencontreForm(FormulaireLignes):
    """When the team met whom, and the time it took."""

    MODELE, RELATION, MOT, VIDES = PersonneRencontree, "rencontres", "personne", 4
    EXIGES = {"nom": "Indiquez le nom de la personne."}
    titre_lignes = "Personnes rencontrées"
    entretien_le = ChampDate(label="Premier entretien", required=False)
    temps_passe = ChampDecimal(label="Temps passé (jours)", required=False, max_value=999)

    class Meta:
        model = Diagnostic
        fields = ["entretien_le", "temps_passe"]

    def champs_de_ligne(self):
        return {
            "nom": forms.CharField(label="Nom", max_length=250, required=False),
            "fonction": forms.CharField(label="Fonction", max_length=160, required=False),
            "le": ChampDate(label="Date", required=False),
        }


class AxesForm(FormulaireLignes):
    """The axes, from the most to the least urgent."""

    MODELE, RELATION, MOT, VIDES = Axe, "lignes_axes", "axe", 1
    EXIGES = {"domaine": "Choisissez l'axe."}
    titre_lignes = "Axes de changement"
    phrase_lignes = "Ils se rangent d'eux-mêmes par priorité à l'enregistrement."
    en_cartes = True

    class Meta:
        model = Diagnostic
        fields = []

    def champs_de_ligne(self):
        return {
            "domaine": _choix("Axe", Domaine.choices),
            "priorite": forms.TypedChoiceField(
                label="Priorité",
                choices=[("", "—"), *PRIORITES],
                coerce=int,
                empty_value=None,
                required=False,
            ),
            "forces": _texte("Forces", demi=True),
            "faiblesses": _texte("Faiblesses", demi=True),
            "enjeu": _texte("Enjeu, changement visé"),
        }


class PreconisationsForm(FormulaireLignes):
    """What is advised; the plan starts from there."""

    MODELE, RELATION, MOT, VIDES = Preconisation, "lignes_preconisations", "préconisation", 1
    EXIGES = {"texte": "Écrivez la préconisation."}
    titre_lignes = "Préconisations"
    phrase_lignes = "Celles qui ont un type d'action seront proposées comme actions du plan."
    en_cartes = True

    class Meta:
        model = Diagnostic
        fields = ["avis_structure"]
        help_texts = {"avis_structure": "Ce que la structure dit du diagnostic et de ces conseils."}

    def champs_de_ligne(self):
        return {
            "texte": _texte("Préconisation"),
            "genre": _choix("Type d'action", TypeAction.choices),
            "delai": ChampEntier(label="Délai (mois)", required=False, max_value=DELAI_MAX),
        }
