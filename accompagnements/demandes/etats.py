"""States of a demande and of the accompagnement it opens (domaine.md Annex B.1)."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    NOUVELLE = "nouvelle", "Nouvelle demande"
    ACCUEIL_PLANIFIE = "accueil_planifie", "Accueil planifié"
    ACCUEILLIE = "accueillie", "Accueillie"
    EN_ATTENTE = "en_attente", "En liste d'attente"
    DIAGNOSTIC_OUVERT = "diagnostic_ouvert", "Dossier ouvert"
    REORIENTEE = "reorientee", "Réorientée"
    NON_ELIGIBLE = "non_eligible", "Non éligible"
    SANS_SUITE = "sans_suite", "Sans suite"


RESPONSABLE = {
    Etat.NOUVELLE: acteurs.CHARGE,
    Etat.ACCUEIL_PLANIFIE: acteurs.CHARGE,
    Etat.ACCUEILLIE: acteurs.CHARGE,
    Etat.EN_ATTENTE: acteurs.CHARGE,
    Etat.DIAGNOSTIC_OUVERT: acteurs.PERSONNE,
    Etat.REORIENTEE: acteurs.PERSONNE,
    Etat.NON_ELIGIBLE: acteurs.PERSONNE,
    Etat.SANS_SUITE: acteurs.PERSONNE,
}
TON = {
    Etat.NOUVELLE: "attente",
    Etat.ACCUEIL_PLANIFIE: "en-cours",
    Etat.ACCUEILLIE: "en-cours",
    Etat.EN_ATTENTE: "attente",
    Etat.DIAGNOSTIC_OUVERT: "fait",
    Etat.REORIENTEE: "neutre",
    Etat.NON_ELIGIBLE: "neutre",
    Etat.SANS_SUITE: "neutre",
}
OUVERTES = (Etat.NOUVELLE, Etat.ACCUEIL_PLANIFIE, Etat.ACCUEILLIE, Etat.EN_ATTENTE)
FERMEES = (Etat.REORIENTEE, Etat.NON_ELIGIBLE, Etat.SANS_SUITE)

ENREGISTRER = Transition("enregistrer", "Enregistrer la demande", (), Etat.NOUVELLE)
REPRENDRE = Transition("reprendre", "Reprise d'une année passée", (), Etat.ACCUEILLIE)
PLANIFIER_ACCUEIL = Transition(
    "planifier_accueil",
    "Planifier l'accueil",
    (Etat.NOUVELLE, Etat.ACCUEIL_PLANIFIE),
    Etat.ACCUEIL_PLANIFIE,
)
ACCUEILLIR = Transition(
    "accueillir", "Enregistrer l'accueil", (Etat.NOUVELLE, Etat.ACCUEIL_PLANIFIE), Etat.ACCUEILLIE
)
METTRE_EN_ATTENTE = Transition(
    "mettre_en_attente", "Mettre en liste d'attente", (Etat.ACCUEILLIE,), Etat.EN_ATTENTE, True
)
OUVRIR = Transition(
    "ouvrir",
    "Ouvrir l'accompagnement",
    (Etat.ACCUEILLIE, Etat.EN_ATTENTE),
    Etat.DIAGNOSTIC_OUVERT,
)
ORIENTER = Transition(
    "orienter",
    "Orienter vers un autre organisme",
    (Etat.ACCUEILLIE, Etat.EN_ATTENTE),
    Etat.REORIENTEE,
    True,
)
REFUSER = Transition(
    "refuser", "Déclarer non éligible", (Etat.ACCUEILLIE,), Etat.NON_ELIGIBLE, True
)
CLASSER = Transition("classer", "Classer sans suite", OUVERTES, Etat.SANS_SUITE, True)
ROUVRIR = Transition("rouvrir", "Rouvrir la demande", FERMEES, Etat.ACCUEILLIE, True)
ROUVRIR_NOUVELLE = Transition(
    "rouvrir_nouvelle", "Rouvrir la demande avant son accueil", FERMEES, Etat.NOUVELLE, True
)
TRANSITIONS = [
    ENREGISTRER,
    REPRENDRE,
    PLANIFIER_ACCUEIL,
    ACCUEILLIR,
    METTRE_EN_ATTENTE,
    OUVRIR,
    ORIENTER,
    REFUSER,
    CLASSER,
    ROUVRIR,
    ROUVRIR_NOUVELLE,
]


class EtatAccompagnement(models.TextChoices):
    OUVERT = "ouvert", "En cours"
    CLOS = "clos", "Terminé"
    ABANDONNE = "abandonne", "Abandonné"


RESPONSABLE_ACCOMPAGNEMENT = {
    EtatAccompagnement.OUVERT: acteurs.CHARGE,
    EtatAccompagnement.CLOS: acteurs.PERSONNE,
    EtatAccompagnement.ABANDONNE: acteurs.PERSONNE,
}
TON_ACCOMPAGNEMENT = {
    EtatAccompagnement.OUVERT: "en-cours",
    EtatAccompagnement.CLOS: "fait",
    EtatAccompagnement.ABANDONNE: "neutre",
}
OUVRIR_ACCOMPAGNEMENT = Transition(
    "ouvrir_accompagnement", "Accompagnement ouvert", (), EtatAccompagnement.OUVERT
)
CLORE = Transition(
    "clore", "Clore l'accompagnement", (EtatAccompagnement.OUVERT,), EtatAccompagnement.CLOS
)
ABANDONNER = Transition(
    "abandonner",
    "Abandonner l'accompagnement",
    (EtatAccompagnement.OUVERT,),
    EtatAccompagnement.ABANDONNE,
    True,
)
REPRENDRE_ACCOMPAGNEMENT = Transition(
    "rouvrir_accompagnement",
    "Rouvrir l'accompagnement",
    (EtatAccompagnement.CLOS, EtatAccompagnement.ABANDONNE),
    EtatAccompagnement.OUVERT,
    True,
)
TRANSITIONS_ACCOMPAGNEMENT = [
    OUVRIR_ACCOMPAGNEMENT,
    CLORE,
    ABANDONNER,
    REPRENDRE_ACCOMPAGNEMENT,
]


class EtatEnLigne(models.TextChoices):
    A_CONFIRMER = "a_confirmer", "À confirmer par courriel"
    A_PRENDRE = "a_prendre", "À prendre en charge"
    SANS_OPERATEUR = "sans_operateur", "Sans opérateur"
    TRANSMISE = "transmise", "Prise en charge"


RESPONSABLE_EN_LIGNE = {
    EtatEnLigne.A_CONFIRMER: acteurs.STRUCTURE,
    EtatEnLigne.A_PRENDRE: acteurs.CHARGE,
    EtatEnLigne.SANS_OPERATEUR: acteurs.REGIONAL,
    EtatEnLigne.TRANSMISE: acteurs.PERSONNE,
}
TON_EN_LIGNE = {
    EtatEnLigne.A_CONFIRMER: "attente",
    EtatEnLigne.A_PRENDRE: "attente",
    EtatEnLigne.SANS_OPERATEUR: "alerte",
    EtatEnLigne.TRANSMISE: "fait",
}
ENVOYER_EN_LIGNE = Transition(
    "envoyer_en_ligne", "Demande envoyée en ligne", (), EtatEnLigne.A_CONFIRMER
)
PARTAGER = Transition(
    "partager",
    "Courriel confirmé, plusieurs opérateurs possibles",
    (EtatEnLigne.A_CONFIRMER,),
    EtatEnLigne.A_PRENDRE,
)
TRANSMETTRE = Transition(
    "transmettre",
    "Courriel confirmé, demande transmise",
    (EtatEnLigne.A_CONFIRMER,),
    EtatEnLigne.TRANSMISE,
)
SIGNALER = Transition(
    "signaler",
    "Courriel confirmé, aucun opérateur sur ce territoire",
    (EtatEnLigne.A_CONFIRMER,),
    EtatEnLigne.SANS_OPERATEUR,
)
CONFIER_EN_LIGNE = Transition(
    "confier_en_ligne",
    "Confier à un opérateur",
    (EtatEnLigne.SANS_OPERATEUR,),
    EtatEnLigne.TRANSMISE,
)
PRENDRE = Transition(
    "prendre", "Prendre en charge", (EtatEnLigne.A_PRENDRE,), EtatEnLigne.TRANSMISE
)
TRANSITIONS_EN_LIGNE = [
    ENVOYER_EN_LIGNE,
    PARTAGER,
    TRANSMETTRE,
    SIGNALER,
    PRENDRE,
    CONFIER_EN_LIGNE,
]
