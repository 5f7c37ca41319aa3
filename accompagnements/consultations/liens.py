"""The prestataire's page, reached by his personal link: reading by GET, acting by POST only."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accompagnements.consultations import (
    choix,
    depots,
    documents,
    echanges,
    forms,
    refus,
    regles,
    reponses,
)
from accompagnements.consultations.courriels import USAGE, moment, seconde
from accompagnements.consultations.etats import Etat, EtatProposition, EtatSollicitation
from accompagnements.consultations.models import Depot, Sollicitation
from accompagnements.consultations.pieces import PIECES
from accompagnements.consultations.questions import Question
from accompagnements.diagnostics import diffusion
from accompagnements.diagnostics.documents import diagnostic_pdf
from accompagnements.diagnostics.regles import manques_pour_communiquer
from dla_portal.socle import codes
from dla_portal.socle.jetons import vue_du_lien
from dla_portal.socle.regles import Manques
from dla_portal.socle.saisies import entier

OUVERTES = (EtatSollicitation.SOLLICITEE, EtatSollicitation.ANNONCEE, EtatSollicitation.DEPOSEE)
# Action of the page → (its form or None, the gesture it plays).
ACTIONS = {
    "annoncer": (None, depots.annoncer),
    "reconfirmer": (None, echanges.reconfirmer),
    "decliner": ("declin", refus.decliner),
    "revenir": (None, refus.revenir_sur_refus),
    "questionner": ("question", echanges.poser_question),
    "secret": ("secret", echanges.s_engager_au_secret),
    "deposer": ("depot", depots.deposer),
    "demander-motif": (None, choix.demander_motif),
}
SUR_UNE_VERSION = ("annoncer", "reconfirmer", "deposer")  # they bear on the text on screen
ROLES = {"fichier": "Proposition complète", "cv": "CV et références"}  # of the files of a deposit
ECARTEES = (EtatProposition.NON_RETENUE,)
FORMULAIRES = {
    "declin": forms.DeclinForm,
    "question": forms.QuestionForm,
    "secret": forms.SecretForm,
    "depot": forms.DepotForm,
}


@vue_du_lien(USAGE)
def sollicitation(request, jeton):
    """Read the cahier des charges, say whether one answers, ask, deposit or replace."""
    objet = Sollicitation.objects.select_related(
        "prestataire", "consultation__cahier", "consultation__ingenierie__operateur"
    ).get(pk=jeton.objet_id)
    formulaires = {nom: classe(prefix=_prefixe(nom)) for nom, classe in FORMULAIRES.items()}
    erreurs, statut = [], 200
    confirme = codes.est_confirme(request, jeton)
    if request.GET.get("document"):
        return _document(request, objet, request.GET["document"], confirme)
    if request.method == "POST":
        erreurs, resultat = _agir(request, objet, formulaires, confirme)
        if isinstance(resultat, Depot):
            return _recepisse(request, objet, resultat, formulaires["depot"].cleaned_data)
        if resultat is not None:
            return redirect(request.path)
        # A refusal well filled only waits for its second click.
        statut = 422 if erreurs or not formulaires["declin"].a_confirmer else 200
        objet.refresh_from_db()
    contexte = _contexte(objet, formulaires, erreurs)
    # What was typed before the confirmation lapsed stays on the page.
    saisi = any(formulaire.is_bound for formulaire in formulaires.values())
    contexte |= {
        "confirme": confirme,
        "agir": confirme or saisi,
        "courriel_masque": jeton.courriel_masque,
    }
    return render(request, "liens/consultation.html", contexte, status=statut)


def _prefixe(nom):
    return None if nom == "depot" else nom


def _document(request, objet, nom, confirme):
    """The cahier des charges; the diagnostic for a confirmed browser that may still read it."""
    if nom == "cahier":
        octets = documents.cahier_des_charges(objet.consultation)
        return _pdf(octets, "cahier-des-charges.pdf")
    dossiers = {str(d.pk): d for d in objet.consultation.ingenierie.accompagnements()}
    dossier = dossiers.get(nom.removeprefix("diagnostic-"))
    diagnostic = dossier.diagnostics.valides().first() if dossier else None
    lisible = diagnostic is not None and not manques_pour_communiquer(diagnostic)
    if not lisible or not echanges.lit_le_diagnostic(objet):
        raise Http404
    if not confirme:  # a forwarded link is not enough for what is confidential
        messages.error(request, codes.A_CONFIRMER)
        return redirect(request.path)
    titre, octets = diagnostic_pdf(diagnostic, destinataire=objet.prestataire.nom)
    echanges.noter_la_lecture(objet, titre, par=_par(objet))
    diffusion.noter_la_lecture(diagnostic, par=_par(objet), comment="prestataire consulté")
    return _pdf(octets, titre)


def _par(objet):
    return f"{objet.prestataire.nom}, par son lien"


def _pdf(octets, nom):
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{nom}"'
    return reponse


def _agir(request, objet, formulaires, confirme):
    """Do what the POST asks; return the sentences to show and the result, None when nothing is done.

    Without confirmation nothing is done, and what was typed stays in its form, bound.
    """
    action = request.POST.get("action", "")
    nom, geste = ACTIONS.get(action, (None, None))
    if geste is None:
        return ["Ce geste est inconnu."], None
    if nom:
        avec = {"cahier": objet.consultation.cahier} if nom == "depot" else {}
        formulaires[nom] = FORMULAIRES[nom](
            request.POST, request.FILES, prefix=_prefixe(nom), **avec
        )
    phrases, resultat = _jouer(request, objet, formulaires, action, confirme)
    if phrases and nom == "depot":
        formulaires[nom].rejoindre()
    return phrases, resultat


def _jouer(request, objet, formulaires, action, confirme):
    nom, geste = ACTIONS[action]
    if not confirme:
        return [codes.A_CONFIRMER], None
    if nom and not formulaires[nom].is_valid():
        return [], None
    if nom == "declin" and formulaires[nom].a_confirmer:
        return [], None
    donnees = formulaires[nom].cleaned_data if nom and nom != "secret" else {}
    if action in SUR_UNE_VERSION:
        donnees = {**donnees, "version_lue": entier(request.POST.get("version_lue"))}
        if donnees["version_lue"] is None:
            return ["Rechargez la page : la version que vous avez lue est inconnue."], None
    try:
        return [], geste(objet, par=_par(objet), **donnees)
    except Manques as erreur:
        return erreur.phrases, None


def _recepisse(request, objet, depot, recu):
    """The receipt, in the very answer to the deposit.

    The names of the files come from the request: they are content, sealed with the rest, and
    nobody reads them back before the opening, not even their author.
    """
    noms = {nom: recu[nom].name for nom in depots.PIECES if recu.get(nom)}
    contexte = {
        "sollicitation": objet,
        "consultation": objet.consultation,
        "operateur": objet.consultation.ingenierie.operateur,
        "limite": moment(objet.consultation.date_limite),
        "recepisse": decrire_le_depot(depot, noms),
    }
    return render(request, "liens/recepisse.html", contexte)


def decrire_le_depot(depot, noms=None):
    """What a receipt says of a deposit: its moments, its hash, its files; their names if given."""
    joints = {nom: getattr(depot, nom) for nom in depots.PIECES}
    return {
        "depot": depot,
        "recu_le": seconde(depot.recu_le),
        "arrivee_le": moment(depot.arrivee_le) if depot.arrivee_le else "",
        "avec_noms": bool(noms),
        "fichiers": [
            {"role": ROLES[nom], "nom": (noms or {}).get(nom, ""), "fichier": fichier}
            for nom, fichier in joints.items()
            if fichier is not None
        ],
    }


def _contexte(objet, formulaires, erreurs):
    consultation = objet.consultation
    proposition = getattr(objet, "proposition", None)
    attend = consultation.etat == Etat.PUBLIEE and not consultation.limite_passee
    ouverte = attend and objet.etat in OUVERTES
    depot = reponses.depot_courant(objet)
    repond = objet.etat in echanges.REPONDENT
    retenue = proposition is not None and proposition.etat == EtatProposition.RETENUE
    toutes = Question.objects.filter(sollicitation__consultation=consultation)
    siennes = [q for q in toutes if q.sollicitation_id == objet.pk and not q.repondue_le]
    return {
        "sollicitation": objet,
        "consultation": consultation,
        "cahier": consultation.cahier,
        "operateur": consultation.ingenierie.operateur,
        "structures": consultation.ingenierie.structures(),
        "criteres": list(consultation.criteres.all()),
        "limite": moment(consultation.date_limite),
        "questions_jusqu_au": moment(consultation.questions_jusqu_au),
        "questions": [*toutes.repondues(), *siennes],
        "questionner": ouverte and not regles.manques_pour_questionner(objet),
        "ouverte": ouverte,
        "repond": ouverte and repond,
        "a_reconfirmer": ouverte
        and repond
        and objet.version_confirmee < consultation.cahier.numero,
        "dossiers": list(consultation.ingenierie.accompagnements()) if repond else [],
        "depot": depot,
        "recepisse": decrire_le_depot(depot) if depot else None,
        "revenir": attend and objet.etat == EtatSollicitation.DECLINEE,
        "a_confirmer": formulaires["declin"].a_confirmer and not erreurs,
        "formulaires": formulaires,
        "erreurs": erreurs,
        "ecartee": proposition if proposition and proposition.etat in ECARTEES else None,
        "retenue": retenue and consultation.etat == Etat.ATTRIBUEE,
        "choix_annule": retenue and consultation.etat == Etat.SANS_SUITE,
        "pieces": list(PIECES.values()),
        "close": consultation.etat in (Etat.ATTRIBUEE, Etat.SANS_SUITE, Etat.INFRUCTUEUSE),
    }
