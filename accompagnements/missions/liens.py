"""The prestataire's page of a mission, by his personal link: reading by GET, acting by POST only.

To act takes a confirmation by code; a form sent twice counts once, by its key.
"""

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render

from accompagnements.missions import documents, etats, forms, regles, transitions
from accompagnements.missions.courriels import USAGE
from accompagnements.missions.models import Alerte, Mission
from accompagnements.missions.views import pdf, suivi_de
from dla_portal.socle import codes, envois
from dla_portal.socle.jetons import vue_du_lien
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee

NOM_MAX = 100  # characters: the journal keeps 120 with « par son lien »
CHANGEE = "La mission a changé pendant votre saisie : vérifiez, puis envoyez de nouveau."


def _inscrire(mission, par, formulaire):
    transitions.inscrire_journee(mission, par=par, **formulaire.contenu())


def _noter(mission, par, formulaire):
    transitions.ajouter_note(formulaire.save(commit=False), par=par)


def _alerter(mission, par, formulaire):
    motif = formulaire.cleaned_data["motif"]
    transitions.alerter(mission, par=par, emise_par=par, motif=motif)


def _demander(mission, par, formulaire):
    transitions.demander_hors_cadre(mission, par=par, **formulaire.contenu())


def _joindre(mission, par, formulaire):
    transitions.joindre_feuille(mission, par=par, **formulaire.contenu())


# Action of the page → (form, does it look at the mission, the gesture it plays).
ACTIONS = {
    "journee": (forms.JourneeForm, True, _inscrire),
    "note": (forms.NoteForm, True, _noter),
    "alerte": (forms.AlerteForm, False, _alerter),
    "hors_cadre": (forms.HorsCadreForm, False, _demander),
    "feuille": (forms.FeuilleForm, True, _joindre),
}


@vue_du_lien(USAGE)
def page(request, jeton):
    """Read the mission and its journal; write in it, deposit the note, alert, ask."""
    mission = _lire(jeton.objet_id)
    if request.GET.get("document"):
        return _document(mission, request.GET["document"])
    formulaires = {nom: _formulaire(nom, mission) for nom in ACTIONS}
    erreurs, statut = [], 200
    confirme = codes.est_confirme(request, jeton)
    if request.method == "POST":
        erreurs = _agir(request, mission, formulaires, confirme)
        if not erreurs and not any(f.is_bound and f.errors for f in formulaires.values()):
            return redirect(request.path)
        statut, mission = 422, _lire(jeton.objet_id)
    # What was typed before the confirmation lapsed stays on the page.
    saisi = any(formulaire.is_bound for formulaire in formulaires.values())
    contexte = _contexte(mission) | {
        "formulaires": formulaires,
        "erreurs": erreurs,
        "confirme": confirme,
        "agir": confirme or saisi,
        "courriel_masque": jeton.courriel_masque,
    }
    return render(request, "liens/mission.html", contexte, status=statut)


def _lire(pk):
    lignes = Mission.objects.select_related(
        "convention__prestataire", "convention__ingenierie__operateur"
    )
    return lignes.get(pk=pk)


def _formulaire(nom, mission, *donnees):
    classe, regarde, _ = ACTIONS[nom]
    options = {"mission": mission} if regarde else {}
    return classe(*donnees, prefix=nom, **options)


def _document(mission, nom):
    """The record of the launch, a blank attendance sheet, or that of an entry of the journal."""
    if nom == "lancement":
        return pdf(documents.lancement(mission), "lancement")
    if nom == "emargement":
        return pdf(documents.emargement(mission), "emargement")
    journees = {f"emargement-{j.pk}": j for j in mission.journees.inscrites()}
    if nom not in journees:
        raise Http404
    return pdf(documents.emargement(mission, journees[nom]), nom)


def _agir(request, mission, formulaires, confirme):
    """Do what the POST asks; return the sentences to show, and leave bound forms in error.

    Without confirmation nothing is done, and what was typed stays in its form.
    """
    nom = request.POST.get("action", "")
    if nom not in ACTIONS:
        return ["Ce geste est inconnu."]
    if confirme and _deja(request.POST.get(f"{nom}-cle_envoi", "")):
        return []
    formulaire = formulaires[nom] = _formulaire(nom, mission, request.POST, request.FILES)
    if not confirme:
        return [codes.A_CONFIRMER]
    if not formulaire.is_valid():
        return []
    par = f"{mission.convention.prestataire.nom[:NOM_MAX]}{Alerte.PAR_SON_LIEN}"
    try:
        with transaction.atomic():
            envoi, premier = envois.reserver(formulaire.cleaned_data["cle_envoi"])
            if premier:
                ACTIONS[nom][2](mission, par, formulaire)
                # The address of the team's page: that of the link is a secret.
                envoi.resultat = mission.get_absolute_url()
                envoi.save(update_fields=["resultat"])
    except Manques as erreur:
        return erreur.phrases
    except VersionPerimee:
        return [CHANGEE]
    return []


def _deja(cle):
    """Before any validation: what the first sending made may well forbid the second one."""
    return bool(cle) and bool(envois.resultat_de(cle))


def _contexte(mission):
    convention = mission.convention
    ouverte = mission.etat in etats.OUVERTES
    return suivi_de(mission) | {
        "mission": mission,
        "convention": convention,
        "operateur": convention.ingenierie.operateur,
        "structures": convention.ingenierie.structures(),
        "intervenants": convention.proposition.intervenants if convention.proposition else "",
        "ouverte": ouverte,
        "inscrire": not regles.manques_de_la_date(mission, None),
        "alerter": etats.ALERTER.possible(mission),
    }
