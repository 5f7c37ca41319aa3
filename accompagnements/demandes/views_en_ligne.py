"""Requests of the public page: their list, the one that is still to be taken or given."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.filters import EnLigneFilter
from accompagnements.demandes.gestes import GESTES_EN_LIGNE
from accompagnements.demandes.models import Demande
from dla_portal.socle import chronologie, gestes
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste


def _jour(en_ligne):
    return timezone.localdate(en_ligne.confirmee_le)


class ListeEnLigne(Liste):
    titre = "Demandes en ligne"
    phrase = "Ce qui est arrivé par le formulaire public, une fois le courriel confirmé."
    nom_fichier = "demandes-en-ligne"
    singulier, pluriel = "demande en ligne", "demandes en ligne"
    filtre = EnLigneFilter
    tri_initial = "-confirmee_le"
    vide = "Aucune demande n'est arrivée par le formulaire en ligne."
    colonnes = [
        Colonne("structure", "Structure", lambda d: d.structure_nom, "structure_nom"),
        Colonne("commune", "Commune", lambda d: d.commune.nom, "commune__nom"),
        Colonne("departement", "Département", lambda d: d.departement_id, "departement"),
        Colonne("confirmee_le", "Confirmée le", _jour, "confirmee_le", "date"),
        Colonne("etat", "État", lambda d: d.get_etat_display(), "etat", "badge", lambda d: d.ton),
        Colonne("a_qui", "À qui le tour", lambda d: d.responsable),
    ]

    def base(self):
        return _visibles(self.request)


def liste(request):
    """What has arrived by the public page."""
    return page_de_liste(request, ListeEnLigne)


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
