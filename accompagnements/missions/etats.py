"""States of a mission (domaine.md Annex B.7)."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    A_LANCER = "a_lancer", "À lancer"
    EN_COURS = "en_cours", "En cours"
    EN_ALERTE = "en_alerte", "En alerte"
    SUSPENDUE = "suspendue", "Suspendue"
    ARRETEE = "arretee", "Arrêtée"
    TERMINEE = "terminee", "Terminée"


RESPONSABLE = {
    Etat.A_LANCER: acteurs.CHARGE,
    Etat.EN_COURS: acteurs.PRESTATAIRE,
    Etat.EN_ALERTE: acteurs.CHARGE,
    Etat.SUSPENDUE: acteurs.CHARGE,
    Etat.ARRETEE: acteurs.PERSONNE,
    Etat.TERMINEE: acteurs.PERSONNE,
}
TON = {
    Etat.A_LANCER: "attente",
    Etat.EN_COURS: "en-cours",
    Etat.EN_ALERTE: "alerte",
    Etat.SUSPENDUE: "alerte",
    Etat.ARRETEE: "neutre",
    Etat.TERMINEE: "fait",
}
OUVRIR = Transition("ouvrir", "Ouvrir la mission", (), Etat.A_LANCER)
REPRENDRE_TERMINEE = Transition(
    "reprendre_terminee", "Reprise d'une année passée", (), Etat.TERMINEE
)
LANCER = Transition("lancer", "Enregistrer le lancement", (Etat.A_LANCER,), Etat.EN_COURS)
ALERTER = Transition("alerter", "Signaler une alerte", (Etat.EN_COURS,), Etat.EN_ALERTE, True)
POURSUIVRE = Transition(
    "poursuivre", "Poursuivre la mission", (Etat.EN_ALERTE, Etat.SUSPENDUE), Etat.EN_COURS, True
)
SUSPENDRE = Transition("suspendre", "Suspendre la mission", (Etat.EN_ALERTE,), Etat.SUSPENDUE, True)
ARRETER = Transition(
    "arreter", "Arrêter la mission", (Etat.EN_ALERTE, Etat.SUSPENDUE), Etat.ARRETEE, True
)
TERMINER = Transition("terminer", "Mission terminée", (Etat.EN_COURS,), Etat.TERMINEE)
TRANSITIONS = [
    OUVRIR,
    REPRENDRE_TERMINEE,
    LANCER,
    ALERTER,
    POURSUIVRE,
    SUSPENDRE,
    ARRETER,
    TERMINER,
]
