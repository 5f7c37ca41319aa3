"""The page of a member of the comité, by his personal link; no dossier shows before the code."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render

from accompagnements.comites import agenda, forms, lecture, regles, transitions
from accompagnements.comites.courriels import USAGE
from accompagnements.comites.models import Convocation
from dla_portal.socle import codes
from dla_portal.socle.jetons import vue_du_lien
from dla_portal.socle.regles import Manques

PAR_SON_LIEN = ", par son lien"
# Action of the page → (form, the gesture it plays).
ACTIONS = {
    "avis": (forms.AvisMembreForm, transitions.donner_avis),
    "deport": (forms.DeportForm, transitions.se_deporter),
}


@vue_du_lien(USAGE)
def page(request, jeton):
    """Read the agenda and the syntheses, give one's avis, keep out of a dossier."""
    convocation = Convocation.objects.select_related("membre", "seance__operateur").get(
        pk=jeton.objet_id
    )
    if request.GET.get("agenda"):
        return agenda.reponse(convocation.seance)
    if (
        not regles.membres_possibles(convocation.seance.operateur)
        .filter(pk=convocation.membre_id)
        .exists()
    ):
        raise Http404("Ce mandat est terminé.")
    confirme = codes.est_confirme(request, jeton)
    lie, erreurs = {}, []
    if request.method == "POST":
        erreurs = _agir(request, convocation, lie) if confirme else [codes.A_CONFIRMER]
        if not erreurs and not any(formulaire.errors for formulaire in lie.values()):
            return redirect(request.path)
    contexte = {
        "convocation": convocation,
        "seance": convocation.seance,
        "lignes": _lignes(convocation, lie) if confirme else [],
        "hors_siege": lecture.hors_siege(convocation.seance, convocation.membre),
        "erreurs": erreurs,
        "confirme": confirme,
        "courriel_masque": jeton.courriel_masque,
    }
    return render(request, "liens/comite.html", contexte, status=422 if lie or erreurs else 200)


def _lignes(convocation, lie):
    """The dossiers that the member may read, each with the forms still open to him."""
    lignes = []
    for passage in lecture.passages_lus(convocation.seance, convocation.membre):
        ligne = lecture.decrire(passage, convocation.membre)
        if ligne["ouvert"]:
            ligne["formulaires"] = {
                nom: lie.get(f"{nom}-{passage.pk}") or _formulaire(nom, passage) for nom in ACTIONS
            }
        lignes.append(ligne)
    return lignes


def _formulaire(nom, passage, *donnees):
    return ACTIONS[nom][0](*donnees, prefix=f"{nom}-{passage.pk}")


def _agir(request, convocation, lie):
    """Play the gesture of the POST; return the sentences to show, and leave in `lie` its form."""
    nom, _, cle = request.POST.get("action", "").partition("-")
    passages = {
        str(passage.pk): passage
        for passage in lecture.passages_lus(convocation.seance, convocation.membre)
    }
    if nom not in ACTIONS or cle not in passages:
        return ["Ce geste est inconnu."]
    passage = passages[cle]
    formulaire = lie[f"{nom}-{cle}"] = _formulaire(nom, passage, request.POST)
    if not formulaire.is_valid():
        return []
    try:
        with transaction.atomic():
            ACTIONS[nom][1](
                passage, par=convocation.membre, moyen=PAR_SON_LIEN, **formulaire.cleaned_data
            )
    except Manques as erreur:
        return erreur.phrases
    return []
