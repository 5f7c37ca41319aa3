"""States of a satisfaction survey and of a follow-up (domaine.md steps 12 and 13)."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    ENVOYEE = "envoyee", "Envoyée"
    REPONDUE = "repondue", "Répondue"
    CLOSE = "close", "Close sans réponse"


RESPONSABLE = {
    Etat.ENVOYEE: acteurs.STRUCTURE,
    Etat.REPONDUE: acteurs.PERSONNE,
    Etat.CLOSE: acteurs.PERSONNE,
}
TON = {Etat.ENVOYEE: "attente", Etat.REPONDUE: "fait", Etat.CLOSE: "neutre"}
ENVOYER = Transition("envoyer", "Envoyer l'enquête de satisfaction", (), Etat.ENVOYEE)
REPRENDRE = Transition("reprendre", "Reprise d'une année passée", (), Etat.REPONDUE)
REPONDRE = Transition("repondre", "Répondre à l'enquête", (Etat.ENVOYEE,), Etat.REPONDUE)
CLORE = Transition("clore", "Clore sans réponse", (Etat.ENVOYEE,), Etat.CLOSE, True)
TRANSITIONS = [ENVOYER, REPRENDRE, REPONDRE, CLORE]


class EtatSuivi(models.TextChoices):
    PREVU = "prevu", "Prévu"
    REALISE = "realise", "Réalisé"
    INJOIGNABLE = "injoignable", "Structure injoignable"
    DISPARUE = "disparue", "Structure disparue"


RESPONSABLE_SUIVI = {
    EtatSuivi.PREVU: acteurs.CHARGE,
    EtatSuivi.REALISE: acteurs.PERSONNE,
    EtatSuivi.INJOIGNABLE: acteurs.PERSONNE,
    EtatSuivi.DISPARUE: acteurs.PERSONNE,
}
TON_SUIVI = {
    EtatSuivi.PREVU: "attente",
    EtatSuivi.REALISE: "fait",
    EtatSuivi.INJOIGNABLE: "neutre",
    EtatSuivi.DISPARUE: "neutre",
}
PREVOIR = Transition("prevoir", "Prévoir le suivi", (), EtatSuivi.PREVU)
REALISER = Transition("realiser", "Enregistrer le suivi", (EtatSuivi.PREVU,), EtatSuivi.REALISE)
CONSTATER_INJOIGNABLE = Transition(
    "constater_injoignable",
    "Constater que la structure est injoignable",
    (EtatSuivi.PREVU,),
    EtatSuivi.INJOIGNABLE,
    True,
)
CONSTATER_DISPARITION = Transition(
    "constater_disparition",
    "Constater que la structure a disparu",
    (EtatSuivi.PREVU,),
    EtatSuivi.DISPARUE,
    True,
)
TRANSITIONS_SUIVI = [PREVOIR, REALISER, CONSTATER_INJOIGNABLE, CONSTATER_DISPARITION]
