"""The prestataire's page, reached by his personal link: reading by GET, acting by POST only."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accompagnements.consultations import choix, depots, documents, echanges, forms, regles
from accompagnements.consultations.courriels import USAGE, moment
from accompagnements.consultations.etats import Etat, EtatProposition, EtatSollicitation
from accompagnements.consultations.models import Sollicitation
from accompagnements.consultations.questions import Question
from accompagnements.diagnostics.documents import diagnostic_pdf
from dla_portal.socle import codes
from dla_portal.socle.jetons import vue_du_lien
from dla_portal.socle.regles import Manques

OUVERTES = (EtatSollicitation.SOLLICITEE, EtatSollicitation.ANNONCEE, EtatSollicitation.DEPOSEE)
# Action of the page → (its form or None, the gesture it plays).
ACTIONS = {
    "annoncer": (None, depots.annoncer),
    "reconfirmer": (None, echanges.reconfirmer),
    "decliner": ("declin", depots.decliner),
    "questionner": ("question", echanges.poser_question),
    "secret": ("secret", echanges.s_engager_au_secret),
    "deposer": ("depot", depots.deposer),
    "demander-motif": (None, choix.demander_motif),
}
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
    if request.GET.get("document"):
        return _document(objet, request.GET["document"])
    formulaires = {nom: classe(prefix=_prefixe(nom)) for nom, classe in FORMULAIRES.items()}
    erreurs, statut = [], 200
    confirme = codes.est_confirme(request, jeton)
    if request.method == "POST":
        erreurs = _agir(request, objet, formulaires, confirme)
        if not erreurs and not any(f.is_bound and f.errors for f in formulaires.values()):
            return redirect(request.path)
        statut = 422
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


def _document(objet, nom):
    """The cahier des charges, or the diagnostic once its confidentiality is acknowledged."""
    if nom == "cahier":
        octets = documents.cahier_des_charges(objet.consultation)
        return _pdf(octets, "cahier-des-charges.pdf")
    if objet.confidentialite_le is None or objet.etat not in echanges.REPONDENT:
        raise Http404
    dossiers = {str(d.pk): d for d in objet.consultation.ingenierie.accompagnements()}
    dossier = dossiers.get(nom.removeprefix("diagnostic-"))
    diagnostic = dossier.diagnostics.valides().first() if dossier else None
    if diagnostic is None:
        raise Http404
    titre, octets = diagnostic_pdf(diagnostic, destinataire=objet.prestataire.nom)
    return _pdf(octets, titre)


def _pdf(octets, nom):
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{nom}"'
    return reponse


def _agir(request, objet, formulaires, confirme):
    """Do what the POST asks; return the sentences to show, and leave bound forms in error.

    Without confirmation nothing is done, and what was typed stays in its form.
    """
    par = f"{objet.prestataire.nom}, par son lien"
    nom, geste = ACTIONS.get(request.POST.get("action", ""), (None, None))
    if geste is None:
        return ["Ce geste est inconnu."]
    if nom:
        formulaires[nom] = FORMULAIRES[nom](request.POST, request.FILES, prefix=_prefixe(nom))
    if not confirme:
        return [codes.A_CONFIRMER]
    if nom and not formulaires[nom].is_valid():
        return []
    donnees = formulaires[nom].cleaned_data if nom and nom != "secret" else {}
    try:
        geste(objet, par=par, **donnees)
    except Manques as erreur:
        return erreur.phrases
    return []


def _contexte(objet, formulaires, erreurs):
    consultation = objet.consultation
    proposition = getattr(objet, "proposition", None)
    ouverte = (
        consultation.etat == Etat.PUBLIEE
        and not consultation.limite_passee
        and objet.etat in OUVERTES
    )
    repond = objet.etat in echanges.REPONDENT
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
        "depot": objet.depots.filter(hors_delai=False, remplace_le=None).first(),
        "formulaires": formulaires,
        "erreurs": erreurs,
        "ecartee": proposition if proposition and proposition.etat in ECARTEES else None,
        "retenue": bool(proposition) and proposition.etat == EtatProposition.RETENUE,
        "close": consultation.etat in (Etat.ATTRIBUEE, Etat.SANS_SUITE, Etat.INFRUCTUEUSE),
    }
