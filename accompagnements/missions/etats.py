"""States of a mission (domaine.md Annex B.7)."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    EN_COURS = "en_cours", "En cours"
    EN_ALERTE = "en_alerte", "En alerte"
    SUSPENDUE = "suspendue", "Suspendue"
    ARRETEE = "arretee", "Arrêtée"
    TERMINEE = "terminee", "Terminée"


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
POURSUIVRE = Transition(
    "poursuivre", "Poursuivre la mission", (Etat.EN_ALERTE, Etat.SUSPENDUE), Etat.EN_COURS, True
)
SUSPENDRE = Transition("suspendre", "Suspendre la mission", (Etat.EN_ALERTE,), Etat.SUSPENDUE, True)
ARRETER = Transition(
    "arreter", "Arrêter la mission", (Etat.EN_ALERTE, Etat.SUSPENDUE), Etat.ARRETEE, True
)
TERMINER = Transition("terminer", "Mission terminée", (Etat.EN_COURS, Etat.ARRETEE), Etat.TERMINEE)
TRANSITIONS = [
    LANCER,
    REPRENDRE_TERMINEE,
    ALERTER,
    POURSUIVRE,
    SUSPENDRE,
    ARRETER,
    TERMINER,
]
