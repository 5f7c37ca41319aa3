"""Pages of the restitutions and of the invoices."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.missions.models import Mission
from accompagnements.restitutions import transitions
from accompagnements.restitutions.forms import FactureForm, RapportForm
from accompagnements.restitutions.gestes import GESTES, GESTES_FACTURE
from accompagnements.restitutions.models import Facture, Restitution
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes


def recevoir(request, pk):
    """Record the final report of a mission."""
    visibles = Mission.objects.visibles_par(request.user).select_related("convention__ingenierie")
    mission = get_object_or_404(visibles, pk=pk)
    exiger(droits.instruit(request.user, mission))
    champs = ("rapport_recu_le", "rapport", "rapport_conforme")
    return edition.creer(
        request,
        RapportForm,
        lambda formulaire: transitions.recevoir_rapport(
            mission, par=request.user, **{nom: formulaire.cleaned_data[nom] for nom in champs}
        ),
        mission=mission,
        contexte={
            "titre": "Enregistrer le rapport final",
            "sous_titre": mission.convention.reference,
            "libelle_bouton": "Enregistrer le rapport",
            "url_annuler": mission.get_absolute_url(),
        },
    )


def _visible(request, pk):
    lignes = Restitution.objects.visibles_par(request.user)
    return get_object_or_404(
        lignes.select_related(
            "mission__convention__ingenierie", "mission__convention__prestataire"
        ),
        pk=pk,
    )


def detail(request, pk):
    """The page of a restitution, with the invoices of its mission."""
    restitution = _visible(request, pk)
    mission = restitution.mission
    dossiers = mission.convention.ingenierie.accompagnements().select_related("structure")
    enquetes = list(restitution.enquetes.all())
    return render(
        request,
        "accompagnements/restitutions/restitution.html",
        {
            "restitution": restitution,
            "mission": mission,
            "convention": mission.convention,
            "dossiers": list(dossiers),
            "factures": [_facture(request, facture) for facture in mission.factures.all()],
            "enquetes": enquetes,
            "facture_possible": bool(droits.suit(request.user, mission)),
            "enquete_possible": bool(droits.instruit(request.user, mission))
            and restitution.tenue_le is not None
            and len(enquetes) < len(dossiers),
            "a_faire": gestes.a_faire(
                GESTES,
                request.user,
                restitution,
                lambda geste: reverse("accompagnements:restitution_geste", args=[pk, geste.nom]),
                a_qui=restitution.responsable,
            ),
            "evenements": chronologie.evenements([restitution.fil]),
        },
    )


def _facture(request, facture):
    """One invoice with the gestures open to the user."""
    return {
        "facture": facture,
        "gestes": gestes.disponibles(
            GESTES_FACTURE,
            request.user,
            facture,
            lambda geste: reverse("accompagnements:facture_geste", args=[facture.pk, geste.nom]),
        ),
    }


def geste(request, pk, nom):
    """Serve one gesture on a restitution."""
    restitution = _visible(request, pk)
    choisi = gestes.trouver(GESTES, nom)
    return gestes.servir(request, choisi, restitution, retour=restitution.get_absolute_url())


def facture_ajouter(request, pk):
    """Record an invoice of a mission."""
    visibles = Mission.objects.visibles_par(request.user).select_related("convention__ingenierie")
    mission = get_object_or_404(visibles, pk=pk)
    exiger(droits.suit(request.user, mission))

    def ajouter(formulaire):
        facture = formulaire.save(commit=False)
        facture.mission = mission
        transitions.recevoir_facture(
            facture, par=request.user, fichier=formulaire.cleaned_data["piece"]
        )
        return getattr(mission, "restitution", None) or mission

    return edition.creer(
        request,
        FactureForm,
        ajouter,
        instance=Facture(mission=mission),
        contexte={
            "titre": "Enregistrer une facture",
            "sous_titre": mission.convention.reference,
            "libelle_bouton": "Enregistrer la facture",
            "url_annuler": mission.get_absolute_url(),
        },
    )


def facture_geste(request, pk, nom):
    """Serve one gesture on an invoice."""
    visibles = Facture.objects.visibles_par(request.user)
    facture = get_object_or_404(visibles.select_related("mission__convention__ingenierie"), pk=pk)
    choisi = gestes.trouver(GESTES_FACTURE, nom)
    page = getattr(facture.mission, "restitution", None) or facture.mission
    return gestes.servir(request, choisi, facture, retour=page.get_absolute_url())
