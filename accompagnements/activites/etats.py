"""States of a line of time and of an animation activity."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    INSCRITE = "inscrite", "Inscrite"
    ANNULEE = "annulee", "Annulée"


RESPONSABLE = {Etat.INSCRITE: acteurs.PERSONNE, Etat.ANNULEE: acteurs.PERSONNE}
TON = {Etat.INSCRITE: "fait", Etat.ANNULEE: "neutre"}
INSCRIRE = Transition("inscrire", "Inscrire l'animation", (), Etat.INSCRITE)
ANNULER = Transition("annuler", "Annuler l'animation", (Etat.INSCRITE,), Etat.ANNULEE, True)
TRANSITIONS = [INSCRIRE, ANNULER]


class EtatTemps(models.TextChoices):
    NOTE = "note", "Noté"
    RETIRE = "retire", "Retiré"


RESPONSABLE_TEMPS = {EtatTemps.NOTE: acteurs.PERSONNE, EtatTemps.RETIRE: acteurs.PERSONNE}
TON_TEMPS = {EtatTemps.NOTE: "fait", EtatTemps.RETIRE: "neutre"}
NOTER = Transition("noter", "Noter du temps", (), EtatTemps.NOTE)
RETIRER = Transition("retirer", "Retirer du temps", (EtatTemps.NOTE,), EtatTemps.RETIRE, True)
TRANSITIONS_TEMPS = [NOTER, RETIRER]
