"""Between the sending and the deadline: questions, corrections of the cahier, confidentiality.

Everybody asked gets the same information at the same time.
"""

from django.db import transaction
from django.utils import timezone

from accompagnements import droits
from accompagnements.consultations import courriels, etats, regles
from accompagnements.consultations.etats import EtatSollicitation
from accompagnements.consultations.models import Consultation, Sollicitation
from accompagnements.consultations.questions import Question
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque

REPONDENT = (EtatSollicitation.ANNONCEE, EtatSollicitation.DEPOSEE)


@transaction.atomic
def poser_question(sollicitation, *, par, texte):
    """Ask a question by the personal link, before the set number of days. Returns the Question.

    The same words sent again are the same question: it is returned, and nobody is told twice.
    """
    exiger(droits.par_lien(par))
    exiger_aucun_manque(regles.manques_pour_questionner(sollicitation))
    Sollicitation.objects.select_for_update().get(pk=sollicitation.pk)
    deja = sollicitation.questions.filter(texte=texte).first()
    if deja is not None:
        return deja
    question = Question.objects.create(
        sollicitation=sollicitation, texte=texte, posee_le=horloge.maintenant()
    )
    # The journal tells that somebody asks, not who: it is read by the whole team.
    journaliser(sollicitation.consultation, "Question d'un prestataire reçue", par="Un prestataire")
    courriels.question_posee(question)
    return question


@transaction.atomic
def repondre_question(question, *, par, reponse):
    """Answer to every prestataire asked, the author of the question left unnamed."""
    consultation = question.sollicitation.consultation
    exiger(droits.instruit(par, consultation))
    question = Question.objects.select_for_update().get(pk=question.pk)
    if question.repondue_le:
        raise Manques(["Cette question a déjà sa réponse : elle est partie à tous."])
    if consultation.etat != etats.Etat.PUBLIEE or consultation.limite_passee:
        raise Manques(["La date limite est passée : la réponse n'aiderait plus personne."])
    question.reponse, question.repondue_le = reponse, horloge.maintenant()
    question.repondue_par = par
    question.save()
    journaliser(consultation, "Réponse envoyée à tous les prestataires", par=par)
    for sollicitation in interesses(consultation):
        courriels.reponse(sollicitation, question)
    return question


def interesses(consultation):
    """Those asked who have not declined."""
    actives = consultation.sollicitations.exclude(etat=EtatSollicitation.DECLINEE)
    return actives.select_related("prestataire", "consultation__ingenierie__operateur")


@transaction.atomic
def corriger_cdc(consultation, *, par, motif, **champs):
    """Correct the cahier des charges after its sending: a new version, told to all.

    Announced or deposited answers are to be confirmed again on the new version.
    """
    exiger(droits.instruit(par, consultation))
    Consultation.objects.select_for_update().get(pk=consultation.pk)
    exiger_aucun_manque(regles.manques_pour_corriger(consultation))
    cahier = consultation.cahier
    changes = [nom for nom, valeur in champs.items() if getattr(cahier, nom) != valeur]
    if not changes:
        raise Manques(["Rien n'a changé dans le cahier des charges."])
    for nom in changes:
        setattr(cahier, nom, champs[nom])
    cahier.numero += 1
    cahier.save()
    etats.CORRIGER_CDC.appliquer(consultation, par=par, motif=motif)
    for sollicitation in interesses(consultation):
        courriels.correction(sollicitation, motif)
    return consultation


@transaction.atomic
def reconfirmer(sollicitation, *, par, version_lue=None):
    """The prestataire maintains his answer, announced or deposited, on the version he has read."""
    exiger(droits.par_lien(par))
    Consultation.objects.select_for_update().get(pk=sollicitation.consultation_id)
    sollicitation.refresh_from_db()
    consultation = sollicitation.consultation
    if sollicitation.etat not in REPONDENT or consultation.limite_passee:
        raise Manques(["Il n'y a pas de réponse à confirmer."])
    exiger_aucun_manque(regles.manques_de_la_version_lue(consultation, version_lue))
    sollicitation.version_confirmee = consultation.cahier.numero
    sollicitation.save()
    libelle = f"Réponse confirmée sur la version {sollicitation.version_confirmee}"
    journaliser(sollicitation, libelle, par=par)
    return sollicitation


def lit_le_diagnostic(sollicitation):
    """Who answers reads the diagnostic until the deadline; afterwards, only who is retained."""
    if sollicitation.confidentialite_le is None or sollicitation.etat not in REPONDENT:
        return False
    consultation = sollicitation.consultation
    if consultation.etat == etats.Etat.PUBLIEE:
        return not consultation.limite_passee
    proposition = getattr(sollicitation, "proposition", None)
    retenue = proposition is not None and proposition.etat == etats.EtatProposition.RETENUE
    return retenue and consultation.etat == etats.Etat.ATTRIBUEE


def noter_la_lecture(sollicitation, titre, *, par):
    """Log the download of a diagnostic by a personal link, once a day."""
    libelle = f"Diagnostic téléchargé : {titre}"[:200]
    deja = sollicitation.journal().filter(transition="diagnostic_lu", libelle=libelle)
    minuit = timezone.localtime(horloge.maintenant()).replace(hour=0, minute=0, second=0)
    if not deja.filter(le__gte=minuit).exists():
        journaliser(sollicitation, libelle, par=par, nom="diagnostic_lu")


@transaction.atomic
def s_engager_au_secret(sollicitation, *, par):
    """Acknowledge the confidentiality of the diagnostic, which then opens; kept in the journal."""
    exiger(droits.par_lien(par))
    if sollicitation.etat not in REPONDENT:
        raise Manques(["Dites d'abord que vous comptez répondre."])
    if sollicitation.confidentialite_le is None:
        sollicitation.confidentialite_le = horloge.maintenant()
        sollicitation.save()
        journaliser(sollicitation, "Engagement de confidentialité accepté", par=par)
    return sollicitation
