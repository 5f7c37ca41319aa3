"""States of a mission, of the days of its journal and of its requests out of the scope (B.7)."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    EN_COURS = "en_cours", "En cours"
    EN_ALERTE = "en_alerte", "En alerte"
    SUSPENDUE = "suspendue", "Suspendue"
    ARRETEE = "arretee", "Arrêtée"
    TERMINEE = "terminee", "Terminée"


VIVANTES = (Etat.EN_COURS, Etat.EN_ALERTE)
OUVERTES = (*VIVANTES, Etat.SUSPENDUE)
INTERROMPUES = (Etat.SUSPENDUE, Etat.ARRETEE)

RESPONSABLE = {
    Etat.EN_COURS: acteurs.PRESTATAIRE,
    Etat.EN_ALERTE: acteurs.CHARGE,
    Etat.SUSPENDUE: acteurs.CHARGE,
    Etat.ARRETEE: acteurs.PERSONNE,
    Etat.TERMINEE: acteurs.PERSONNE,
}
TON = {
    Etat.EN_COURS: "en-cours",
    Etat.EN_ALERTE: "alerte",
    Etat.SUSPENDUE: "alerte",
    Etat.ARRETEE: "neutre",
    Etat.TERMINEE: "fait",
}
REPRENDRE_TERMINEE = Transition(
    "reprendre_terminee", "Reprise d'une année passée", (), Etat.TERMINEE
)
LANCER = Transition("lancer", "Enregistrer le lancement", (), Etat.EN_COURS)
ALERTER = Transition("alerter", "Signaler une alerte", (Etat.EN_COURS,), Etat.EN_ALERTE, True)
_DECIDABLES = (Etat.EN_ALERTE, Etat.SUSPENDUE)
POURSUIVRE = Transition("poursuivre", "Poursuivre la mission", _DECIDABLES, Etat.EN_COURS, True)
REORIENTER = Transition("reorienter", "Réorienter la mission", _DECIDABLES, Etat.EN_COURS, True)
SUSPENDRE = Transition("suspendre", "Suspendre la mission", (Etat.EN_ALERTE,), Etat.SUSPENDUE, True)
ARRETER = Transition("arreter", "Arrêter la mission", _DECIDABLES, Etat.ARRETEE, True)
TERMINER = Transition("terminer", "Mission terminée", (Etat.EN_COURS, Etat.ARRETEE), Etat.TERMINEE)
TRANSITIONS = [
    LANCER,
    REPRENDRE_TERMINEE,
    ALERTER,
    POURSUIVRE,
    REORIENTER,
    SUSPENDRE,
    ARRETER,
    TERMINER,
]


class EtatJournee(models.TextChoices):
    INSCRITE = "inscrite", "Inscrite"
    RETIREE = "retiree", "Retirée"


RESPONSABLE_JOURNEE = {
    EtatJournee.INSCRITE: acteurs.PERSONNE,
    EtatJournee.RETIREE: acteurs.PERSONNE,
}
TON_JOURNEE = {EtatJournee.INSCRITE: "fait", EtatJournee.RETIREE: "neutre"}
INSCRIRE = Transition("inscrire", "Intervention inscrite au journal", (), EtatJournee.INSCRITE)
RETIRER = Transition(
    "retirer",
    "Retirer l'intervention du journal",
    (EtatJournee.INSCRITE,),
    EtatJournee.RETIREE,
    True,
)
TRANSITIONS_JOURNEE = [INSCRIRE, RETIRER]


class EtatHorsCadre(models.TextChoices):
    DEMANDEE = "demandee", "Demandée"
    AUTORISEE = "autorisee", "Autorisée"
    REFUSEE = "refusee", "Refusée"


RESPONSABLE_HORS_CADRE = {
    EtatHorsCadre.DEMANDEE: acteurs.CHARGE,
    EtatHorsCadre.AUTORISEE: acteurs.PERSONNE,
    EtatHorsCadre.REFUSEE: acteurs.PERSONNE,
}
TON_HORS_CADRE = {
    EtatHorsCadre.DEMANDEE: "attente",
    EtatHorsCadre.AUTORISEE: "fait",
    EtatHorsCadre.REFUSEE: "neutre",
}
DEMANDER = Transition(
    "demander", "Demander une autorisation hors cadre", (), EtatHorsCadre.DEMANDEE
)
AUTORISER = Transition(
    "autoriser", "Autoriser hors cadre", (EtatHorsCadre.DEMANDEE,), EtatHorsCadre.AUTORISEE, True
)
REFUSER = Transition(
    "refuser",
    "Refuser l'autorisation hors cadre",
    (EtatHorsCadre.DEMANDEE,),
    EtatHorsCadre.REFUSEE,
    True,
)
TRANSITIONS_HORS_CADRE = [DEMANDER, AUTORISER, REFUSER]
