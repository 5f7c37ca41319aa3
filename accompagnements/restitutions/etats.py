"""States of a restitution and of the invoices of a mission."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    RAPPORT_RECU = "rapport_recu", "Rapport reçu"
    TENUE = "tenue", "Restitution tenue"
    SOLDEE = "soldee", "Soldée"


RESPONSABLE = {
    Etat.RAPPORT_RECU: acteurs.CHARGE,
    Etat.TENUE: acteurs.GESTION,
    Etat.SOLDEE: acteurs.PERSONNE,
}
TON = {Etat.RAPPORT_RECU: "en-cours", Etat.TENUE: "attente", Etat.SOLDEE: "fait"}
RECEVOIR_RAPPORT = Transition(
    "recevoir_rapport", "Enregistrer le rapport final", (), Etat.RAPPORT_RECU
)
REPRENDRE = Transition("reprendre", "Reprise d'une année passée", (), Etat.SOLDEE)
DECLARER_CONFORME = Transition(
    "declarer_conforme", "Déclarer le rapport conforme", (Etat.RAPPORT_RECU,), Etat.RAPPORT_RECU
)
DECLARER_CONFORME_APRES = Transition(
    "declarer_conforme_apres",
    "Déclarer le rapport conforme après la restitution",
    (Etat.TENUE,),
    Etat.TENUE,
)
RECEVOIR_PAPIER = Transition(
    "recevoir_papier",
    "Enregistrer l'exemplaire papier",
    (Etat.RAPPORT_RECU,),
    Etat.RAPPORT_RECU,
)
RECEVOIR_PAPIER_APRES = Transition(
    "recevoir_papier_apres",
    "Enregistrer l'exemplaire papier après la restitution",
    (Etat.TENUE,),
    Etat.TENUE,
)
PLANIFIER = Transition(
    "planifier", "Planifier la restitution", (Etat.RAPPORT_RECU,), Etat.RAPPORT_RECU
)
REPLANIFIER = Transition(
    "replanifier", "Changer la date de la restitution", (Etat.RAPPORT_RECU,), Etat.RAPPORT_RECU
)
TENIR = Transition("tenir", "Enregistrer la restitution", (Etat.RAPPORT_RECU,), Etat.TENUE)
SOLDER = Transition("solder", "Mission soldée", (Etat.TENUE,), Etat.SOLDEE)
TRANSITIONS = [
    RECEVOIR_RAPPORT,
    REPRENDRE,
    DECLARER_CONFORME,
    DECLARER_CONFORME_APRES,
    RECEVOIR_PAPIER,
    RECEVOIR_PAPIER_APRES,
    PLANIFIER,
    REPLANIFIER,
    TENIR,
    SOLDER,
]


class EtatFacture(models.TextChoices):
    RECUE = "recue", "Reçue"
    CERTIFIEE = "certifiee", "Service fait certifié"
    PAYEE = "payee", "Payée"
    REJETEE = "rejetee", "Rejetée"


RESPONSABLE_FACTURE = {
    EtatFacture.RECUE: acteurs.GESTION,
    EtatFacture.CERTIFIEE: acteurs.GESTION,
    EtatFacture.PAYEE: acteurs.PERSONNE,
    EtatFacture.REJETEE: acteurs.PRESTATAIRE,
}
TON_FACTURE = {
    EtatFacture.RECUE: "attente",
    EtatFacture.CERTIFIEE: "en-cours",
    EtatFacture.PAYEE: "fait",
    EtatFacture.REJETEE: "alerte",
}
RECEVOIR = Transition("recevoir", "Enregistrer une facture", (), EtatFacture.RECUE)
CERTIFIER = Transition(
    "certifier", "Certifier le service fait", (EtatFacture.RECUE,), EtatFacture.CERTIFIEE
)
PAYER = Transition("payer", "Enregistrer le paiement", (EtatFacture.CERTIFIEE,), EtatFacture.PAYEE)
REJETER = Transition(
    "rejeter", "Rejeter la facture", (EtatFacture.RECUE,), EtatFacture.REJETEE, True
)
TRANSITIONS_FACTURE = [RECEVOIR, CERTIFIER, PAYER, REJETER]
