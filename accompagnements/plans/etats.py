"""States of a plan d'accompagnement (domaine.md Annex B.4) and of its actions."""

from django.db import models

from accompagnements import acteurs
from accompagnements.types_action import TypeAction
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


INGENIERIES = (TypeAction.ING_IND, TypeAction.ING_COL, TypeAction.ING_MIX)


class StatutAction(models.TextChoices):
    PREVUE = "prevue", "Prévue"
    EN_COURS = "en_cours", "En cours"
    REALISEE = "realisee", "Réalisée"
    ABANDONNEE = "abandonnee", "Abandonnée"


TERMINAUX = (StatutAction.REALISEE, StatutAction.ABANDONNEE)
