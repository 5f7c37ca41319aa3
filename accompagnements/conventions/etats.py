"""States of a convention tripartite and of its avenants (domaine.md Annex B.7)."""

from django.db import models

from accompagnements import acteurs
from accompagnements.conventions.actes import Circuit
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
REFUSER = Transition("refuser", "Signature refusée", (Etat.EN_SIGNATURE,), Etat.BROUILLON, True)
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
    REFUSER,
    SIGNER,
    RESILIER,
    ABANDONNER,
]
CIRCUIT = Circuit(METTRE_EN_SIGNATURE, SIGNER, REFUSER, CORRIGER)


class EtatAvenant(models.TextChoices):
    EN_PREPARATION = "en_preparation", "En préparation"
    A_SIGNER = "a_signer", "En signature"
    SIGNE = "signe", "Signé"
    ABANDONNE = "abandonne", "Abandonné"


RESPONSABLE_AVENANT = {
    EtatAvenant.EN_PREPARATION: acteurs.CHARGE,
    EtatAvenant.A_SIGNER: acteurs.SIGNATAIRES,
    EtatAvenant.SIGNE: acteurs.PERSONNE,
    EtatAvenant.ABANDONNE: acteurs.PERSONNE,
}
TON_AVENANT = {
    EtatAvenant.EN_PREPARATION: "en-cours",
    EtatAvenant.A_SIGNER: "attente",
    EtatAvenant.SIGNE: "fait",
    EtatAvenant.ABANDONNE: "neutre",
}
PREPARER_AVENANT = Transition("preparer", "Préparer l'avenant", (), EtatAvenant.EN_PREPARATION)
ENVOYER_AVENANT = Transition(
    "envoyer",
    "Mettre l'avenant à la signature",
    (EtatAvenant.EN_PREPARATION,),
    EtatAvenant.A_SIGNER,
)
CORRIGER_AVENANT = Transition(
    "corriger",
    "Reprendre la préparation",
    (EtatAvenant.A_SIGNER,),
    EtatAvenant.EN_PREPARATION,
    True,
)
REFUSER_AVENANT = Transition(
    "refuser", "Signature refusée", (EtatAvenant.A_SIGNER,), EtatAvenant.EN_PREPARATION, True
)
SIGNER_AVENANT = Transition(
    "signer", "Dernière signature reçue", (EtatAvenant.A_SIGNER,), EtatAvenant.SIGNE
)
ABANDONNER_AVENANT = Transition(
    "abandonner",
    "Abandonner l'avenant",
    (EtatAvenant.EN_PREPARATION, EtatAvenant.A_SIGNER),
    EtatAvenant.ABANDONNE,
    True,
)
TRANSITIONS_AVENANT = [
    PREPARER_AVENANT,
    ENVOYER_AVENANT,
    CORRIGER_AVENANT,
    REFUSER_AVENANT,
    SIGNER_AVENANT,
    ABANDONNER_AVENANT,
]
CIRCUIT_AVENANT = Circuit(ENVOYER_AVENANT, SIGNER_AVENANT, REFUSER_AVENANT, CORRIGER_AVENANT)
