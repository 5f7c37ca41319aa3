"""The page of a diagnostic, its birth, its gestures, its PDF."""

import io

from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.demandes.models import Accompagnement
from accompagnements.diagnostics import (
    comparaison,
    diffusion,
    documents,
    forms,
    sections,
    transitions,
)
from accompagnements.diagnostics.etats import Etat
from accompagnements.diagnostics.gestes import GESTES
from accompagnements.diagnostics.views.commun import visibles
from accompagnements.diagnostics.views.redaction import decrire_onglets
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes

PHRASES = {
    Etat.EN_RELECTURE: "Le diagnostic est en relecture : son texte ne change pas.",
    Etat.SOUMIS: "La structure fait examiner le diagnostic par ses instances.",
    Etat.VALIDE: "Le diagnostic est validé : la suite se prépare depuis la page du dossier.",
}


def commencer(request, pk):
    """Start the diagnostic of a dossier."""
    dossier = get_object_or_404(Accompagnement.objects.visibles_par(request.user), pk=pk)
    exiger(droits.instruit(request.user, dossier))
    return edition.creer(
        request,
        forms.CommencerForm,
        lambda formulaire: transitions.commencer(
            dossier,
            par=request.user,
            entretien_le=formulaire.cleaned_data["entretien_le"],
        ),
        contexte={
            "titre": "Commencer le diagnostic partagé",
            "sous_titre": str(dossier),
            "libelle_bouton": "Commencer le diagnostic",
            "url_annuler": dossier.get_absolute_url(),
        },
    )


def detail(request, pk):
    """The page of a diagnostic."""
    diagnostic = get_object_or_404(visibles(request), pk=pk)
    instruit = droits.instruit(request.user, diagnostic)
    modifiable = bool(instruit) and diagnostic.etat == Etat.EN_COURS
    return render(
        request,
        "accompagnements/diagnostics/diagnostic.html",
        {
            "diagnostic": diagnostic,
            "dossier": diagnostic.accompagnement,
            "sections": sections.lire_toutes(diagnostic),
            **_autour(request, diagnostic),
            "instruit": bool(instruit),
            "badge": {"ton": diagnostic.ton, "libelle": diagnostic.get_etat_display()},
            "a_faire": gestes.a_faire(
                GESTES,
                request.user,
                diagnostic,
                lambda geste: reverse("accompagnements:diagnostic_geste", args=[pk, geste.nom]),
                a_qui="" if diagnostic.responsable == "personne" else diagnostic.responsable,
                phrase=PHRASES.get(diagnostic.etat, ""),
            ),
            "evenements": chronologie.evenements([diagnostic.fil], avec_fichiers=False),
            "modifiable": modifiable,
            "onglets": decrire_onglets(request, diagnostic) if modifiable else [],
        },
    )


def _autour(request, diagnostic):
    """What surrounds the text: readings, authorisations, the other diagnostics of the structure."""
    relectures = diagnostic.relectures.select_related("lecteur").prefetch_related("commentaires")
    titres = {section.cle: section.titre for section in sections.SECTIONS}
    autres = comparaison.autres_de(diagnostic, visibles(request))
    return {
        "relectures": [
            {
                "relecture": relecture,
                "commentaires": [
                    (titres.get(c.section, c.section), c.texte)
                    for c in relecture.commentaires.all()
                ],
            }
            for relecture in relectures
        ],
        "autorisations": diagnostic.autorisations.all(),
        "lectures": diffusion.lectures(diagnostic),
        "autres": [(autre, comparaison.date_de(autre)) for autre in autres],
    }


def comparer(request, pk, autre):
    """Two diagnostics of the same structure, the older one first."""
    diagnostic = get_object_or_404(visibles(request), pk=pk)
    second = get_object_or_404(comparaison.autres_de(diagnostic, visibles(request)), pk=autre)
    ancien, recent = sorted((diagnostic, second), key=lambda d: (comparaison.date_de(d), d.pk))
    return render(
        request,
        "accompagnements/diagnostics/comparaison.html",
        {
            "ancien": ancien,
            "recent": recent,
            "ancien_le": comparaison.date_de(ancien),
            "recent_le": comparaison.date_de(recent),
            "dossier": diagnostic.accompagnement,
            "parties": comparaison.comparer(ancien, recent),
        },
    )


def pdf(request, pk):
    """Download the diagnostic as a PDF."""
    diagnostic = get_object_or_404(visibles(request), pk=pk)
    nom, octets = documents.diagnostic_pdf(diagnostic)
    return FileResponse(io.BytesIO(octets), as_attachment=True, filename=nom)


def geste(request, pk, nom):
    """Serve one gesture on a diagnostic."""
    diagnostic = get_object_or_404(visibles(request), pk=pk)
    return gestes.servir(
        request, gestes.trouver(GESTES, nom), diagnostic, retour=diagnostic.get_absolute_url()
    )
