"""The one page of an accompagnement, and the gestures on the accompagnement itself."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.activites.encarts import temps_du_dossier
from accompagnements.comites.models import Passage
from accompagnements.demandes.commentaires import commente
from accompagnements.demandes.commenter import mentions_non_lues
from accompagnements.demandes.gestes import GESTES_ACCOMPAGNEMENT
from accompagnements.demandes.models import Accompagnement
from accompagnements.parcours import prochain
from accompagnements.parcours.chronologie import Chronologie, lignes
from accompagnements.parcours.etapes import etapes
from accompagnements.parcours.inventaire import inventaire
from accompagnements.parcours.views.commun import lit_le_diagnostic, ouvrir
from dla_portal.socle import gestes


def dossier(request, pk):
    """The one page of an accompagnement."""
    vue = ouvrir(request, pk)
    accompagnement = vue.accompagnement
    instruit = bool(droits.suit(request.user, accompagnement))
    lit = lit_le_diagnostic(request, accompagnement)
    pieces = inventaire(vue, request.user) if instruit else []
    page = {
        "accompagnement": accompagnement,
        "dossier": vue,
        "etapes": prochain.liens_ouverts(etapes(vue), instruit, lit),
        "a_faire": prochain.a_faire(vue, request.user),
        "instruit": instruit,
        "lit_le_diagnostic": lit,
        "presentable": prochain.presentable(vue, request.user),
        "passages": Passage.objects.visibles_par(request.user)
        .filter(accompagnement=accompagnement)
        .select_related("seance"),
        "temps": temps_du_dossier(accompagnement, request.user, vue.diagnostic if lit else None),
        "chronologie": Chronologie(lignes(vue, request.user, pieces, equipe=instruit), request.GET),
        "commente": bool(commente(request.user, accompagnement)),
        "pieces": pieces,
        "mentions": list(
            mentions_non_lues(request.user).filter(commentaire__accompagnement=accompagnement)
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
