"""The structure's page about its diagnostic: nothing shows before the code, then it decides."""

import io
from functools import partial

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect

from accompagnements.diagnostics import diffusion, documents, forms, sections, transitions
from accompagnements.diagnostics.courriels import USAGE
from accompagnements.diagnostics.etats import Etat
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.validation_par_lien import PageALire, servir
from dla_portal.socle import codes, horloge
from dla_portal.socle.jetons import vue_du_lien

LISIBLES = (Etat.SOUMIS, Etat.VALIDE, Etat.SANS_PLAN)


@vue_du_lien(USAGE)
def diagnostic(request, jeton):
    """Read the diagnostic, validate it or ask for corrections."""
    objet = Diagnostic.objects.select_related(
        "accompagnement__structure__commune",
        "accompagnement__operateur",
        "accompagnement__demande",
        "accompagnement__charge",
    ).get(pk=jeton.objet_id)
    par = f"{objet.accompagnement.structure}, par son lien"
    if objet.etat in LISIBLES and codes.est_confirme(request, jeton):
        diffusion.noter_la_lecture(objet, par=par, comment="page de la structure")
    if request.GET.get("document") == "diagnostic":
        return _document(request, jeton, objet)
    initial = {"version_lue": objet.version, "valide_le": horloge.aujourdhui()}
    page = PageALire(
        gabarit="liens/diagnostic.html",
        par=par,
        formulaires={
            "valider": partial(forms.ValiderParLienForm, objet=objet, initial=initial),
            "corriger": forms.CorrigerParLienForm,
        },
        gestes={
            "valider": transitions.valider_par_lien,
            "corriger": transitions.demander_correction,
        },
        contexte=_contexte,
    )
    return servir(request, jeton, objet, page)


def _contexte(objet):
    return {
        "diagnostic": objet,
        "dossier": objet.accompagnement,
        "operateur": objet.accompagnement.operateur,
        "sections": sections.lire_ce_qui_est_dit(objet),
        "lisible": objet.etat in LISIBLES,
        "ouverte": objet.etat == Etat.SOUMIS,
    }


def _document(request, jeton, objet):
    """The PDF, for a confirmed browser, while the text is the one submitted."""
    if objet.etat not in LISIBLES or not codes.est_confirme(request, jeton):
        messages.error(request, codes.A_CONFIRMER)
        return redirect(request.path)
    nom, octets = documents.diagnostic_pdf(objet)
    return FileResponse(io.BytesIO(octets), filename=nom)
