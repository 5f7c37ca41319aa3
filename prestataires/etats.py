"""States of a prestataire in the register, and whose turn it is (domaine.md Annex B.9)."""

from django.db import models

from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    CANDIDAT = "candidat", "Candidature à examiner"
    REFUSE = "refuse", "Référencement refusé"
    REFERENCE = "reference", "Référencé"
    A_METTRE_A_JOUR = "a_mettre_a_jour", "Fiche à mettre à jour"
    INACTIF = "inactif", "Inactif"
    SUSPENDU = "suspendu", "Suspendu"
    RETIRE = "retire", "Retiré du registre"


C2RA, PRESTATAIRE, PERSONNE = "le DLA régional", "le prestataire", "personne"
RESPONSABLE = {
    Etat.CANDIDAT: C2RA,
    Etat.REFUSE: PERSONNE,
    Etat.REFERENCE: PERSONNE,
    Etat.A_METTRE_A_JOUR: PRESTATAIRE,
    Etat.INACTIF: PRESTATAIRE,
    Etat.SUSPENDU: C2RA,
    Etat.RETIRE: PERSONNE,
}
TON = {
    Etat.CANDIDAT: "attente",
    Etat.REFUSE: "neutre",
    Etat.REFERENCE: "fait",
    Etat.A_METTRE_A_JOUR: "attente",
    Etat.INACTIF: "neutre",
    Etat.SUSPENDU: "alerte",
    Etat.RETIRE: "neutre",
}

_E = Etat
CANDIDATER = Transition("candidater", "Déposer une candidature", (), _E.CANDIDAT)
REFERENCER = Transition(
    "referencer",
    "Référencer",
    (_E.CANDIDAT, _E.REFUSE, _E.INACTIF, _E.A_METTRE_A_JOUR),
    _E.REFERENCE,
)
REFUSER = Transition("refuser", "Refuser le référencement", (_E.CANDIDAT,), _E.REFUSE, True)
DEMANDER_MISE_A_JOUR = Transition(
    "demander_mise_a_jour",
    "Demander la mise à jour de la fiche",
    (_E.REFERENCE,),
    _E.A_METTRE_A_JOUR,
)
RENDRE_INACTIF = Transition(
    "rendre_inactif", "Rendre inactif", (_E.REFERENCE, _E.A_METTRE_A_JOUR), _E.INACTIF, True
)
SUSPENDRE = Transition(
    "suspendre", "Suspendre", (_E.REFERENCE, _E.A_METTRE_A_JOUR), _E.SUSPENDU, True
)
RETABLIR = Transition("retablir", "Rétablir", (_E.SUSPENDU,), _E.REFERENCE, True)
RETIRER = Transition(
    "retirer",
    "Retirer du registre",
    (_E.REFERENCE, _E.A_METTRE_A_JOUR, _E.INACTIF, _E.SUSPENDU),
    _E.RETIRE,
    True,
)
REPRENDRE = Transition("reprendre", "Reprise d'un registre antérieur", (), _E.REFERENCE)
TRANSITIONS = [
    CANDIDATER,
    REPRENDRE,
    REFERENCER,
    REFUSER,
    DEMANDER_MISE_A_JOUR,
    RENDRE_INACTIF,
    SUSPENDRE,
    RETABLIR,
    RETIRER,
]
