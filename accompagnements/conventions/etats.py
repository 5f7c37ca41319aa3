"""States of a convention tripartite (domaine.md Annex B.7)."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    BROUILLON = "brouillon", "En préparation"
    EN_SIGNATURE = "en_signature", "En signature"
    SIGNEE = "signee", "Signée"
    RESILIEE = "resiliee", "Résiliée"
    ABANDONNEE = "abandonnee", "Abandonnée"


RESPONSABLE = {
    Etat.BROUILLON: acteurs.CHARGE,
    Etat.EN_SIGNATURE: acteurs.SIGNATAIRES,
    Etat.SIGNEE: acteurs.PERSONNE,
    Etat.RESILIEE: acteurs.PERSONNE,
    Etat.ABANDONNEE: acteurs.PERSONNE,
}
TON = {
    Etat.BROUILLON: "en-cours",
    Etat.EN_SIGNATURE: "attente",
    Etat.SIGNEE: "fait",
    Etat.RESILIEE: "alerte",
    Etat.ABANDONNEE: "neutre",
}
PREPARER = Transition("preparer", "Préparer la convention", (), Etat.BROUILLON)
REPRENDRE = Transition("reprendre", "Reprise d'une année passée", (), Etat.SIGNEE)
METTRE_EN_SIGNATURE = Transition(
    "mettre_en_signature", "Mettre à la signature", (Etat.BROUILLON,), Etat.EN_SIGNATURE
)
CORRIGER = Transition(
    "corriger", "Reprendre la préparation", (Etat.EN_SIGNATURE,), Etat.BROUILLON, True
)
SIGNER = Transition("signer", "Dernière signature reçue", (Etat.EN_SIGNATURE,), Etat.SIGNEE)
RESILIER = Transition("resilier", "Résilier la convention", (Etat.SIGNEE,), Etat.RESILIEE, True)
ABANDONNER = Transition(
    "abandonner",
    "Abandonner la convention",
    (Etat.BROUILLON, Etat.EN_SIGNATURE),
    Etat.ABANDONNEE,
    True,
)
TRANSITIONS = [
    PREPARER,
    REPRENDRE,
    METTRE_EN_SIGNATURE,
    CORRIGER,
    SIGNER,
    RESILIER,
    ABANDONNER,
]
