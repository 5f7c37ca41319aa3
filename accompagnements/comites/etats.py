"""States of a séance of comité d'appui and of the dossiers it examines (Annex B.3)."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    PLANIFIEE = "planifiee", "Planifiée"
    TENUE = "tenue", "Tenue"
    ANNULEE = "annulee", "Annulée"


RESPONSABLE = {
    Etat.PLANIFIEE: acteurs.CHARGE,
    Etat.TENUE: acteurs.PERSONNE,
    Etat.ANNULEE: acteurs.PERSONNE,
}
TON = {Etat.PLANIFIEE: "en-cours", Etat.TENUE: "fait", Etat.ANNULEE: "neutre"}
PLANIFIER = Transition("planifier", "Planifier la séance", (), Etat.PLANIFIEE)
TENIR = Transition("tenir", "Enregistrer la tenue", (Etat.PLANIFIEE,), Etat.TENUE)
CLORE = Transition("clore", "Clore la consultation", (Etat.PLANIFIEE,), Etat.TENUE)
ANNULER = Transition("annuler", "Annuler la séance", (Etat.PLANIFIEE,), Etat.ANNULEE, True)
TRANSITIONS = [PLANIFIER, TENIR, CLORE, ANNULER]


class EtatPassage(models.TextChoices):
    INSCRIT = "inscrit", "Inscrit à l'ordre du jour"
    AVIS_RENDU = "avis_rendu", "Avis rendu"
    DECIDE = "decide", "Décision prise par l'opérateur"
    RETIRE = "retire", "Retiré de l'ordre du jour"


RESPONSABLE_PASSAGE = {
    EtatPassage.INSCRIT: acteurs.COMITE,
    EtatPassage.AVIS_RENDU: acteurs.CHARGE,
    EtatPassage.DECIDE: acteurs.PERSONNE,
    EtatPassage.RETIRE: acteurs.PERSONNE,
}
TON_PASSAGE = {
    EtatPassage.INSCRIT: "attente",
    EtatPassage.AVIS_RENDU: "en-cours",
    EtatPassage.DECIDE: "fait",
    EtatPassage.RETIRE: "neutre",
}
INSCRIRE = Transition("inscrire", "Inscrire à l'ordre du jour", (), EtatPassage.INSCRIT)
RENDRE_AVIS = Transition(
    "rendre_avis", "Enregistrer l'avis du comité", (EtatPassage.INSCRIT,), EtatPassage.AVIS_RENDU
)
DECIDER = Transition(
    "decider", "Enregistrer la décision", (EtatPassage.AVIS_RENDU,), EtatPassage.DECIDE
)
RETIRER = Transition(
    "retirer", "Retirer de l'ordre du jour", (EtatPassage.INSCRIT,), EtatPassage.RETIRE, True
)
TRANSITIONS_PASSAGE = [INSCRIRE, RENDRE_AVIS, DECIDER, RETIRER]
