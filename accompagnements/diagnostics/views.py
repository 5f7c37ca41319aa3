"""Pages of the diagnostic partagé: its text by sections, its gestures."""

import io

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.demandes.models import Accompagnement
from accompagnements.diagnostics import documents, forms, sections, transitions
from accompagnements.diagnostics.etats import Etat
from accompagnements.diagnostics.gestes import GESTES
from accompagnements.diagnostics.models import Diagnostic
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.regles import Manques

PHRASES = {
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
            personnes=formulaire.cleaned_data["personnes"],
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
    diagnostic = get_object_or_404(_visibles(request), pk=pk)
    instruit = droits.instruit(request.user, diagnostic)
    return render(
        request,
        "accompagnements/diagnostics/diagnostic.html",
        {
            "diagnostic": diagnostic,
            "dossier": diagnostic.accompagnement,
            "sections": [sections.lire(section, diagnostic) for section in sections.SECTIONS],
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
            "modifiable": bool(instruit) and diagnostic.etat == Etat.EN_COURS,
        },
    )


def pdf(request, pk):
    """Download the diagnostic as a PDF."""
    diagnostic = get_object_or_404(_visibles(request), pk=pk)
    nom, octets = documents.diagnostic_pdf(diagnostic)
    return FileResponse(io.BytesIO(octets), as_attachment=True, filename=nom)


def modifier(request, pk, section):
    """Write one section; the text is frozen once submitted."""
    diagnostic = get_object_or_404(_visibles(request), pk=pk)
    exiger(droits.instruit(request.user, diagnostic))
    choisie = next((s for s in sections.SECTIONS if s.cle == section), None)
    if choisie is None:
        raise Http404
    if diagnostic.etat != Etat.EN_COURS:
        etat = diagnostic.get_etat_display()
        raise Manques([f"Le diagnostic est à l'état « {etat} » : son texte ne change plus."])
    return edition.modifier(
        request,
        diagnostic,
        choisie.formulaire,
        retour=f"{diagnostic.get_absolute_url()}#{choisie.cle}",
        contexte={"titre": choisie.titre, "sous_titre": str(diagnostic)},
    )


def geste(request, pk, nom):
    """Serve one gesture on a diagnostic."""
    diagnostic = get_object_or_404(_visibles(request), pk=pk)
    return gestes.servir(
        request, gestes.trouver(GESTES, nom), diagnostic, retour=diagnostic.get_absolute_url()
    )


def _visibles(request):
    lignes = Diagnostic.objects.visibles_par(request.user)
    return lignes.select_related(
        "accompagnement__structure__commune",
        "accompagnement__operateur",
        "accompagnement__demande",
        "accompagnement__charge",
    )
