"""States of a consultation, of its sollicitations and propositions (Annex B.5, B.6)."""

from django.db import models

from accompagnements import acteurs
from dla_portal.socle.etats import Transition


class Etat(models.TextChoices):
    BROUILLON = "brouillon", "Cahier des charges en rédaction"
    VALIDEE = "validee", "Cahier des charges validé"
    PUBLIEE = "publiee", "Envoyée aux prestataires"
    EN_ANALYSE = "en_analyse", "Propositions ouvertes"
    ATTRIBUEE = "attribuee", "Attribuée"
    INFRUCTUEUSE = "infructueuse", "Infructueuse"
    SANS_SUITE = "sans_suite", "Sans suite"


RESPONSABLE = {
    Etat.BROUILLON: acteurs.CHARGE,
    Etat.VALIDEE: acteurs.CHARGE,
    Etat.PUBLIEE: acteurs.PRESTATAIRES,
    Etat.EN_ANALYSE: acteurs.CHARGE,
    Etat.ATTRIBUEE: acteurs.PERSONNE,
    Etat.INFRUCTUEUSE: acteurs.CHARGE,
    Etat.SANS_SUITE: acteurs.PERSONNE,
}
TON = {
    Etat.BROUILLON: "en-cours",
    Etat.VALIDEE: "en-cours",
    Etat.PUBLIEE: "attente",
    Etat.EN_ANALYSE: "en-cours",
    Etat.ATTRIBUEE: "fait",
    Etat.INFRUCTUEUSE: "alerte",
    Etat.SANS_SUITE: "neutre",
}
PREPARER = Transition("preparer", "Préparer la consultation", (), Etat.BROUILLON)
VALIDER_CDC = Transition(
    "valider_cdc",
    "Enregistrer la validation du cahier des charges",
    (Etat.BROUILLON,),
    Etat.VALIDEE,
)
REPRENDRE_CDC = Transition(
    "reprendre_cdc", "Reprendre le cahier des charges", (Etat.VALIDEE,), Etat.BROUILLON, True
)
PUBLIER = Transition("publier", "Envoyer la consultation", (Etat.VALIDEE,), Etat.PUBLIEE)
PROLONGER = Transition("prolonger", "Prolonger la date limite", (Etat.PUBLIEE,), Etat.PUBLIEE, True)
CORRIGER_CDC = Transition(
    "corriger_cdc", "Corriger le cahier des charges envoyé", (Etat.PUBLIEE,), Etat.PUBLIEE, True
)
OUVRIR = Transition("ouvrir", "Ouvrir les propositions", (Etat.PUBLIEE,), Etat.EN_ANALYSE)
CONSTATER_INFRUCTUEUSE = Transition(
    "constater_infructueuse",
    "Constater l'absence de proposition",
    (Etat.PUBLIEE,),
    Etat.INFRUCTUEUSE,
)
ATTRIBUER = Transition("attribuer", "Retenir une proposition", (Etat.EN_ANALYSE,), Etat.ATTRIBUEE)
ABANDONNER = Transition(
    "abandonner",
    "Classer sans suite",
    (Etat.BROUILLON, Etat.VALIDEE, Etat.PUBLIEE, Etat.EN_ANALYSE, Etat.INFRUCTUEUSE),
    Etat.SANS_SUITE,
    True,
)
RELANCER = Transition(
    "relancer",
    "Annuler le choix pour consulter de nouveau",
    (Etat.ATTRIBUEE,),
    Etat.SANS_SUITE,
    True,
)
TRANSITIONS = [
    PREPARER,
    VALIDER_CDC,
    REPRENDRE_CDC,
    PUBLIER,
    PROLONGER,
    CORRIGER_CDC,
    OUVRIR,
    CONSTATER_INFRUCTUEUSE,
    ATTRIBUER,
    ABANDONNER,
    RELANCER,
]


class EtatSollicitation(models.TextChoices):
    PRESSENTIE = "pressentie", "Pressentie"
    SOLLICITEE = "sollicitee", "Sollicitée"
    ANNONCEE = "annoncee", "Réponse annoncée"
    DECLINEE = "declinee", "Déclinée"
    DEPOSEE = "deposee", "Proposition déposée"
    SANS_REPONSE = "sans_reponse", "Sans réponse"


RESPONSABLE_SOLLICITATION = {
    EtatSollicitation.PRESSENTIE: acteurs.CHARGE,
    EtatSollicitation.SOLLICITEE: acteurs.PRESTATAIRE,
    EtatSollicitation.ANNONCEE: acteurs.PRESTATAIRE,
    EtatSollicitation.DECLINEE: acteurs.PERSONNE,
    EtatSollicitation.DEPOSEE: acteurs.CHARGE,
    EtatSollicitation.SANS_REPONSE: acteurs.PERSONNE,
}
TON_SOLLICITATION = {
    EtatSollicitation.PRESSENTIE: "neutre",
    EtatSollicitation.SOLLICITEE: "attente",
    EtatSollicitation.ANNONCEE: "en-cours",
    EtatSollicitation.DECLINEE: "neutre",
    EtatSollicitation.DEPOSEE: "fait",
    EtatSollicitation.SANS_REPONSE: "alerte",
}
_S = EtatSollicitation
PRESSENTIR = Transition("pressentir", "Pressentir un prestataire", (), _S.PRESSENTIE)
SOLLICITER = Transition("solliciter", "Solliciter", (_S.PRESSENTIE,), _S.SOLLICITEE)
ANNONCER = Transition("annoncer", "Annoncer une réponse", (_S.SOLLICITEE,), _S.ANNONCEE)
DECLINER = Transition("decliner", "Décliner", (_S.SOLLICITEE, _S.ANNONCEE), _S.DECLINEE, True)
NOTER_REFUS = Transition(
    "noter_refus", "Noter un refus reçu", (_S.SOLLICITEE, _S.ANNONCEE), _S.DECLINEE, True
)
REVENIR_SUR_REFUS = Transition(
    "revenir_sur_refus", "Revenir sur le refus", (_S.DECLINEE,), _S.SOLLICITEE
)
DEPOSER = Transition(
    "deposer", "Déposer une proposition", (_S.SOLLICITEE, _S.ANNONCEE, _S.DEPOSEE), _S.DEPOSEE
)
CONSTATER_SILENCE = Transition(
    "constater_silence",
    "Constater l'absence de réponse",
    (_S.SOLLICITEE, _S.ANNONCEE),
    _S.SANS_REPONSE,
)
TRANSITIONS_SOLLICITATION = [
    PRESSENTIR,
    SOLLICITER,
    ANNONCER,
    DECLINER,
    NOTER_REFUS,
    REVENIR_SUR_REFUS,
    DEPOSER,
    CONSTATER_SILENCE,
]


class EtatProposition(models.TextChoices):
    RECUE = "recue", "Reçue"
    RETENUE = "retenue", "Retenue"
    NON_RETENUE = "non_retenue", "Non retenue"


RESPONSABLE_PROPOSITION = {
    EtatProposition.RECUE: acteurs.CHARGE,
    EtatProposition.RETENUE: acteurs.PERSONNE,
    EtatProposition.NON_RETENUE: acteurs.PERSONNE,
}
TON_PROPOSITION = {
    EtatProposition.RECUE: "en-cours",
    EtatProposition.RETENUE: "fait",
    EtatProposition.NON_RETENUE: "neutre",
}
RECEVOIR = Transition("recevoir", "Ouvrir une proposition", (), EtatProposition.RECUE)
RETENIR = Transition("retenir", "Retenir", (EtatProposition.RECUE,), EtatProposition.RETENUE)
ECARTER = Transition(
    "ecarter", "Ne pas retenir", (EtatProposition.RECUE,), EtatProposition.NON_RETENUE
)
TRANSITIONS_PROPOSITION = [RECEVOIR, RETENIR, ECARTER]

# The six criteria of the field (domaine.md §3.12): label, points (100 in all), noted by the price.
CRITERES = [
    ("Compréhension de la problématique", 20, False),
    ("Méthodologie et livrables", 20, False),
    ("Résultats attendus", 10, False),
    ("Profil et références des intervenants", 20, False),
    ("Durée et calendrier", 10, False),
    ("Budget", 20, True),
]
