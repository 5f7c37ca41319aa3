"""The survey page, reached by the structure's personal link; a GET changes nothing."""

from django.shortcuts import redirect, render

from accompagnements.suites import transitions
from accompagnements.suites.courriels import USAGE
from accompagnements.suites.etats import Etat
from accompagnements.suites.forms import ReponsesForm
from accompagnements.suites.models import Enquete
from dla_portal.socle.jetons import vue_du_lien
from dla_portal.socle.regles import Manques


@vue_du_lien(USAGE)
def enquete(request, jeton):
    """Answer the survey once; afterwards the page thanks."""
    objet = Enquete.objects.select_related(
        "accompagnement__structure",
        "accompagnement__operateur",
        "restitution__mission__convention__prestataire",
        "restitution__mission__convention__ingenierie",
    ).get(pk=jeton.objet_id)
    convention = objet.restitution.mission.convention
    formulaire, statut = ReponsesForm(), 200
    if request.method == "POST" and objet.etat == Etat.ENVOYEE:
        formulaire, statut = ReponsesForm(request.POST), 422
        if formulaire.is_valid():
            par = f"{objet.accompagnement.structure.nom}, par son lien"
            try:
                transitions.repondre(objet, par=par, **formulaire.cleaned_data)
                return redirect(request.path)
            except Manques as erreur:
                formulaire.add_error(None, erreur)
    contexte = {
        "enquete": objet,
        "structure": objet.accompagnement.structure,
        "operateur": objet.accompagnement.operateur,
        "convention": convention,
        "formulaire": formulaire,
        "ouverte": objet.etat == Etat.ENVOYEE,
        "repondue": objet.etat == Etat.REPONDUE,
    }
    return render(request, "liens/enquete.html", contexte, status=statut)
