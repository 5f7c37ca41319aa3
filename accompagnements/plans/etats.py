"""States of a plan d'accompagnement (domaine.md Annex B.4) and kinds of its actions (§3.5)."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    BROUILLON = "brouillon", "En préparation"
    VALIDE = "valide", "Validé par la structure"
    CLOS = "clos", "Clos"
    ABANDONNE = "abandonne", "Abandonné"


RESPONSABLE = {
    Etat.BROUILLON: acteurs.CHARGE,
    Etat.VALIDE: acteurs.CHARGE,
    Etat.CLOS: acteurs.PERSONNE,
    Etat.ABANDONNE: acteurs.PERSONNE,
}
TON = {
    Etat.BROUILLON: "en-cours",
    Etat.VALIDE: "fait",
    Etat.CLOS: "fait",
    Etat.ABANDONNE: "neutre",
}
PREPARER = Transition("preparer", "Préparer le plan", (), Etat.BROUILLON)
REPRENDRE = Transition("reprendre", "Reprise d'une année passée", (), Etat.VALIDE)
VALIDER = Transition(
    "valider", "Enregistrer l'accord de la structure", (Etat.BROUILLON,), Etat.VALIDE
)
ACTUALISER = Transition("actualiser", "Actualiser le plan", (Etat.VALIDE,), Etat.BROUILLON, True)
CLORE = Transition("clore", "Clore le plan", (Etat.VALIDE,), Etat.CLOS)
ABANDONNER = Transition(
    "abandonner", "Abandonner le plan", (Etat.BROUILLON, Etat.VALIDE), Etat.ABANDONNE, True
)
ROUVRIR = Transition("rouvrir", "Rouvrir le plan", (Etat.ABANDONNE,), Etat.BROUILLON, True)
TRANSITIONS = [PREPARER, REPRENDRE, VALIDER, ACTUALISER, CLORE, ABANDONNER, ROUVRIR]


class TypeAction(models.TextChoices):
    """Kinds of action; the first three are paid engineering and carry an Ingenierie."""

    ING_IND = "ING_IND", "Ingénierie individuelle"
    ING_COL = "ING_COL", "Ingénierie collective"
    ING_MIX = "ING_MIX", "Ingénierie mixte"
    EXP_INT = "EXP_INT", "Expertise interne du DLA"
    OFFRE_PART = "OFFRE_PART", "Offre d'un partenaire"
    ACT_STRUCT = "ACT_STRUCT", "Action menée par la structure"


INGENIERIES = (TypeAction.ING_IND, TypeAction.ING_COL, TypeAction.ING_MIX)


class StatutAction(models.TextChoices):
    PREVUE = "prevue", "Prévue"
    EN_COURS = "en_cours", "En cours"
    REALISEE = "realisee", "Réalisée"
    ABANDONNEE = "abandonnee", "Abandonnée"


TERMINAUX = (StatutAction.REALISEE, StatutAction.ABANDONNEE)
