"""States of a plan d'accompagnement (domaine.md Annex B.4) and of its actions."""

from django.db import models

from accompagnements import acteurs
from accompagnements.types_action import TypeAction
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    BROUILLON = "brouillon", "En préparation"
    PARTAGE = "partage", "Soumis à la structure"
    VALIDE = "valide", "Validé par la structure"
    CLOS = "clos", "Clos"
    ABANDONNE = "abandonne", "Abandonné"


RESPONSABLE = {
    Etat.BROUILLON: acteurs.CHARGE,
    Etat.PARTAGE: acteurs.STRUCTURE,
    Etat.VALIDE: acteurs.CHARGE,
    Etat.CLOS: acteurs.PERSONNE,
    Etat.ABANDONNE: acteurs.PERSONNE,
}
TON = {
    Etat.BROUILLON: "en-cours",
    Etat.PARTAGE: "attente",
    Etat.VALIDE: "fait",
    Etat.CLOS: "fait",
    Etat.ABANDONNE: "neutre",
}
PREPARER = Transition("preparer", "Préparer le plan", (), Etat.BROUILLON)
REPRENDRE = Transition("reprendre", "Reprise d'une année passée", (), Etat.VALIDE)
SOUMETTRE = Transition("soumettre", "Soumettre à la structure", (Etat.BROUILLON,), Etat.PARTAGE)
CORRIGER = Transition("corriger", "Reprendre la rédaction", (Etat.PARTAGE,), Etat.BROUILLON, True)
# Given by the link of the structure, or on paper, whether the plan went by mail before or not.
VALIDER = Transition(
    "valider",
    "Enregistrer l'accord de la structure",
    (Etat.BROUILLON, Etat.PARTAGE),
    Etat.VALIDE,
)
ACTUALISER = Transition("actualiser", "Actualiser le plan", (Etat.VALIDE,), Etat.BROUILLON, True)
CLORE = Transition("clore", "Clore le plan", (Etat.VALIDE,), Etat.CLOS)
ABANDONNER = Transition(
    "abandonner",
    "Abandonner le plan",
    (Etat.BROUILLON, Etat.PARTAGE, Etat.VALIDE),
    Etat.ABANDONNE,
    True,
)
ROUVRIR = Transition("rouvrir", "Rouvrir le plan", (Etat.ABANDONNE,), Etat.BROUILLON, True)
TRANSITIONS = [
    PREPARER,
    REPRENDRE,
    SOUMETTRE,
    CORRIGER,
    VALIDER,
    ACTUALISER,
    CLORE,
    ABANDONNER,
    ROUVRIR,
]
NON_ACCEPTES = (Etat.BROUILLON, Etat.PARTAGE)  # the current version waits for its agreement


INGENIERIES = (TypeAction.ING_IND, TypeAction.ING_COL, TypeAction.ING_MIX)


class StatutAction(models.TextChoices):
    PREVUE = "prevue", "Prévue"
    EN_COURS = "en_cours", "En cours"
    REALISEE = "realisee", "Réalisée"
    ABANDONNEE = "abandonnee", "Abandonnée"


TERMINAUX = (StatutAction.REALISEE, StatutAction.ABANDONNEE)


class NatureAction(models.TextChoices):
    """What the action consists of (domaine.md §3.5)."""

    CONSEIL = "conseil", "Conseil"
    FORMATION = "formation", "Formation"
    APPUI = "appui", "Appui technique"
    AUTRE = "autre", "Autre"
