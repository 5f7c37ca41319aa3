"""The structure's page about its plan: nothing shows before the code, then it agrees or not."""

import io
from functools import partial

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect

from accompagnements.plans import documents, forms, lecture, transitions
from accompagnements.plans.contenu import contenu_de, empreinte
from accompagnements.plans.courriels import USAGE
from accompagnements.plans.etats import Etat
from accompagnements.plans.models import Plan
from accompagnements.validation_par_lien import PageALire, servir
from dla_portal.socle import codes, horloge
from dla_portal.socle.jetons import vue_du_lien

LISIBLES = (Etat.PARTAGE, Etat.VALIDE, Etat.CLOS)


@vue_du_lien(USAGE)
def plan(request, jeton):
    """Read the plan, agree to it or ask for corrections."""
    objet = Plan.objects.select_related(
        "accompagnement__structure", "accompagnement__operateur", "accompagnement__charge"
    ).get(pk=jeton.objet_id)
    if request.GET.get("document") == "plan":
        return _document(request, jeton, objet)
    initial = {"lu": empreinte(objet), "valide_le": horloge.aujourdhui()}
    page = PageALire(
        gabarit="liens/plan.html",
        par=f"{objet.accompagnement.structure}, par son lien",
        formulaires={
            "accepter": partial(forms.AccepterParLienForm, objet=objet, initial=initial),
            "corriger": forms.CorrigerParLienForm,
        },
        gestes={
            "accepter": transitions.valider_par_lien,
            "corriger": transitions.demander_correction,
        },
        contexte=_contexte,
    )
    return servir(request, jeton, objet, page)


def _contexte(objet):
    return {
        "plan": objet,
        "dossier": objet.accompagnement,
        "operateur": objet.accompagnement.operateur,
        "lu_du_plan": lecture.lire(contenu_de(objet)),
        "lisible": objet.etat in LISIBLES,
        "ouverte": objet.etat == Etat.PARTAGE,
        "accepte": objet.etat in (Etat.VALIDE, Etat.CLOS),
    }


def _document(request, jeton, objet):
    """The PDF, for a confirmed browser, while the plan is the one submitted or agreed to."""
    if objet.etat not in LISIBLES or not codes.est_confirme(request, jeton):
        messages.error(request, codes.A_CONFIRMER)
        return redirect(request.path)
    nom, octets = documents.plan_pdf(objet)
    return FileResponse(io.BytesIO(octets), filename=nom)
