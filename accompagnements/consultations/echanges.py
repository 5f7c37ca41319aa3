"""Between the sending and the deadline: questions, corrections of the cahier, confidentiality.

Everybody asked gets the same information at the same time.
"""

from django.db import transaction

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
def reconfirmer(sollicitation, *, par):
    """The prestataire maintains his answer, announced or deposited, on the version in force."""
    exiger(droits.par_lien(par))
    sollicitation.refresh_from_db()
    if sollicitation.etat not in REPONDENT or sollicitation.consultation.limite_passee:
        raise Manques(["Il n'y a pas de réponse à confirmer."])
    sollicitation.version_confirmee = sollicitation.consultation.cahier.numero
    sollicitation.save()
    libelle = f"Réponse confirmée sur la version {sollicitation.version_confirmee}"
    journaliser(sollicitation, libelle, par=par)
    return sollicitation


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
