"""The one page of an accompagnement, and the gestures on the accompagnement itself."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.activites.encarts import temps_du_dossier
from accompagnements.comites.models import Passage
from accompagnements.demandes.gestes import GESTES_ACCOMPAGNEMENT
from accompagnements.demandes.models import Accompagnement
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.parcours import prochain
from accompagnements.parcours.etapes import Dossier, etapes
from dla_portal.socle import chronologie, gestes


def dossier(request, pk):
    """The one page of an accompagnement."""
    accompagnement = get_object_or_404(
        Accompagnement.objects.visibles_par(request.user).select_related(
            "demande__prescripteur",
            "structure__commune",
            "operateur",
            "departement",
            "charge",
            "secteur",
        ),
        pk=pk,
    )
    vue = Dossier(accompagnement)
    instruit = bool(droits.suit(request.user, accompagnement))
    lit_le_diagnostic = (
        Diagnostic.objects.visibles_par(request.user).filter(accompagnement=accompagnement).exists()
    )
    page = {
        "accompagnement": accompagnement,
        "dossier": vue,
        "etapes": prochain.liens_ouverts(etapes(vue), instruit, lit_le_diagnostic),
        "a_faire": prochain.a_faire(vue, request.user),
        "instruit": instruit,
        "lit_le_diagnostic": lit_le_diagnostic,
        "presentable": prochain.presentable(vue, request.user),
        "passages": Passage.objects.visibles_par(request.user)
        .filter(accompagnement=accompagnement)
        .select_related("seance"),
        "evenements": chronologie.evenements(vue.fils) if instruit else [],
        "pieces": prochain.pieces(vue) if instruit else [],
        "temps": temps_du_dossier(
            accompagnement, request.user, vue.diagnostic if lit_le_diagnostic else None
        ),
    }
    return render(request, "accompagnements/parcours/dossier.html", page)


def geste(request, pk, nom):
    """Serve one gesture on the accompagnement itself: close, abandon, reopen."""
    accompagnement = get_object_or_404(Accompagnement.objects.visibles_par(request.user), pk=pk)
    choisi = gestes.trouver(GESTES_ACCOMPAGNEMENT, nom)
    return gestes.servir(
        request, choisi, accompagnement, retour=reverse("accompagnements:dossier", args=[pk])
    )
