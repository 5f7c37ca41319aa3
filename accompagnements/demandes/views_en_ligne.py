"""A request of the public page that several operators may take."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.gestes import GESTES_EN_LIGNE
from accompagnements.demandes.models import Demande
from dla_portal.socle import chronologie, gestes


def _visibles(request):
    lignes = DemandeEnLigne.objects.visibles_par(request.user)
    return lignes.select_related("commune", "secteur", "demande__operateur")


def detail(request, pk):
    """What is asked, to whom it is proposed, the button that takes it."""
    en_ligne = get_object_or_404(_visibles(request), pk=pk)
    siennes = Demande.objects.visibles_par(request.user).filter(pk=en_ligne.demande_id)
    return render(
        request,
        "accompagnements/demandes/en_ligne.html",
        {
            "en_ligne": en_ligne,
            "operateurs": en_ligne.candidats.all(),
            "demande_visible": siennes.exists(),
            "a_faire": gestes.a_faire(
                GESTES_EN_LIGNE,
                request.user,
                en_ligne,
                lambda geste: reverse("accompagnements:en_ligne_geste", args=[pk, geste.nom]),
                a_qui=en_ligne.responsable,
            ),
            "evenements": chronologie.evenements([en_ligne.fil]),
        },
    )


def geste(request, pk, nom):
    """Serve the gesture on a shared request."""
    en_ligne = get_object_or_404(_visibles(request), pk=pk)
    return gestes.servir(
        request,
        gestes.trouver(GESTES_EN_LIGNE, nom),
        en_ligne,
        retour=lambda demande: demande.get_absolute_url(),
    )
