"""Whose turn it is in a consultation, since when, and what comes first: facts beyond its state."""

from django.urls import reverse
from django.utils import timezone

from accompagnements import acteurs, droits
from accompagnements.consultations.etats import Etat
from accompagnements.consultations.gestes import GESTES
from accompagnements.consultations.notation import Fiche
from accompagnements.consultations.questions import Question
from accompagnements.consultations.validation import CHANGEMENTS
from dla_portal.socle import gestes


def a_faire(consultation, utilisateur):
    """Return the context of `composants/a_faire.html` for a consultation, or None."""
    courant = gestes.a_faire(
        GESTES,
        utilisateur,
        consultation,
        lambda g: reverse("accompagnements:consultation_geste", args=[consultation.pk, g.nom]),
        a_qui=consultation.responsable,
        depuis=_depuis(consultation),
    )
    ailleurs = _ailleurs(consultation)
    if ailleurs is None or not droits.instruit(utilisateur, consultation):
        return courant
    courant = courant or {"depuis": None, "phrase": "", "principal": None, "secondaires": []}
    if courant["principal"]:
        courant["secondaires"].insert(0, courant["principal"])
    libelle, url = ailleurs
    principal = {"libelle": libelle, "url": url, "manques": [], "danger": False}
    return {**courant, "a_qui": acteurs.CHARGE, "manques": [], "principal": principal}


def _ailleurs(consultation):
    """What comes first and is done on another page: (label, address), or None."""
    if consultation.etat == Etat.PUBLIEE and not consultation.limite_passee:
        questions = Question.objects.filter(
            sollicitation__consultation=consultation, repondue_le=None
        )
        if (question := questions.first()) is not None:
            adresse = reverse("accompagnements:question_repondre", args=[question.pk])
            return "Répondre à une question", adresse
    if consultation.etat == Etat.ATTRIBUEE:
        conventions = consultation.ingenierie.conventions
        vivante = conventions.exclude(etat__in=["abandonnee", "resiliee"]).first()
        if vivante is not None:
            return "Voir la convention", vivante.get_absolute_url()
        adresse = reverse("accompagnements:convention_preparer", args=[consultation.pk])
        return "Préparer la convention", adresse
    return None


def _depuis(consultation):
    """Since when the structure has the pen, or None."""
    quand = None
    if consultation.etat == Etat.BROUILLON:
        quand = consultation.validation_demandee_le
    elif consultation.etat == Etat.EN_ANALYSE:
        fiche = consultation.fiches.filter(evaluateur=Fiche.Evaluateur.STRUCTURE).first()
        quand = fiche.ouverte_le if fiche is not None and fiche.attendue else None
    return quand and timezone.localdate(quand)


def changements_demandes(consultation):
    """The last request for changes of the structure (an Evenement) not sent back yet, or None."""
    if consultation.etat != Etat.BROUILLON or consultation.validation_demandee_le is not None:
        return None
    return consultation.journal().filter(libelle=CHANGEMENTS).first()
