"""States of a diagnostic partagé (domaine.md Annex B.2)."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    EN_COURS = "en_cours", "En cours"
    EN_RELECTURE = "en_relecture", "En relecture"
    SOUMIS = "soumis", "Soumis à la structure"
    VALIDE = "valide", "Validé par la structure"
    SANS_PLAN = "sans_plan", "Clos sans plan"
    ABANDONNE = "abandonne", "Abandonné"


RESPONSABLE = {
    Etat.EN_COURS: acteurs.CHARGE,
    Etat.EN_RELECTURE: acteurs.RELECTEUR,
    Etat.SOUMIS: acteurs.STRUCTURE,
    Etat.VALIDE: acteurs.PERSONNE,
    Etat.SANS_PLAN: acteurs.PERSONNE,
    Etat.ABANDONNE: acteurs.PERSONNE,
}
TON = {
    Etat.EN_COURS: "en-cours",
    Etat.EN_RELECTURE: "attente",
    Etat.SOUMIS: "attente",
    Etat.VALIDE: "fait",
    Etat.SANS_PLAN: "neutre",
    Etat.ABANDONNE: "neutre",
}
COMMENCER = Transition("commencer", "Commencer le diagnostic", (), Etat.EN_COURS)
REPRENDRE = Transition("reprendre", "Reprise d'une année passée", (), Etat.VALIDE)
REDIGES = (Etat.EN_COURS, Etat.EN_RELECTURE)
DEMANDER_RELECTURE = Transition(
    "demander_relecture", "Demander une relecture", (Etat.EN_COURS,), Etat.EN_RELECTURE
)
RENDRE_RELECTURE = Transition(
    "rendre_relecture", "Rendre la relecture", (Etat.EN_RELECTURE,), Etat.EN_COURS
)
CLORE_RELECTURE = Transition(
    "clore_relecture", "Clore la relecture", (Etat.EN_RELECTURE,), Etat.EN_COURS, True
)
SOUMETTRE = Transition("soumettre", "Soumettre à la structure", REDIGES, Etat.SOUMIS)
CORRIGER = Transition("corriger", "Reprendre la rédaction", (Etat.SOUMIS,), Etat.EN_COURS, True)
VALIDER = Transition("valider", "Enregistrer la validation", (Etat.SOUMIS,), Etat.VALIDE)
CLORE_SANS_PLAN = Transition(
    "clore_sans_plan", "Clore sans plan d'accompagnement", (Etat.VALIDE,), Etat.SANS_PLAN, True
)
ABANDONNER = Transition(
    "abandonner", "Abandonner le diagnostic", (*REDIGES, Etat.SOUMIS), Etat.ABANDONNE, True
)
TRANSITIONS = [
    COMMENCER,
    REPRENDRE,
    DEMANDER_RELECTURE,
    RENDRE_RELECTURE,
    CLORE_RELECTURE,
    SOUMETTRE,
    CORRIGER,
    VALIDER,
    CLORE_SANS_PLAN,
    ABANDONNER,
]
