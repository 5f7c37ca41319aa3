"""Pages of the restitutions and of the invoices."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.missions.models import Mission
from accompagnements.missions.views import pdf
from accompagnements.restitutions import documents, regles, service_fait, transitions
from accompagnements.restitutions.forms import FactureForm, FactureModifierForm, RapportForm
from accompagnements.restitutions.gestes import GESTES, GESTES_FACTURE
from accompagnements.restitutions.models import Facture, Restitution
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.regles import exiger_aucun_manque


def recevoir(request, pk):
    """Record the final report of a mission."""
    visibles = Mission.objects.visibles_par(request.user).select_related("convention__ingenierie")
    mission = get_object_or_404(visibles, pk=pk)
    exiger(droits.instruit(request.user, mission))
    champs = ("rapport_recu_le", "rapport", "points")
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
            "mission__convention__ingenierie__operateur", "mission__convention__prestataire"
        ),
        pk=pk,
    )


def _a_faire(request, restitution, reste_une_enquete):
    """Its gestures, the survey first once the restitution is held."""
    a_faire = gestes.a_faire(
        GESTES,
        request.user,
        restitution,
        lambda geste: reverse(
            "accompagnements:restitution_geste", args=[restitution.pk, geste.nom]
        ),
        a_qui=restitution.responsable,
    )
    instruit = bool(droits.instruit(request.user, restitution.mission))
    if not (instruit and reste_une_enquete and restitution.tenue_le):
        return a_faire
    adresse = reverse("accompagnements:enquete_envoyer", args=[restitution.pk])
    return gestes.mettre_en_avant(a_faire, "Envoyer l'enquête de satisfaction", adresse)


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
            "papier_demande": mission.convention.ingenierie.operateur.rapport_papier,
            "manques_rapport": regles.manques_du_rapport(restitution, restitution.points_verifies),
            "factures": [_facture(request, facture) for facture in mission.factures.all()],
            "enquetes": enquetes,
            "facture_possible": bool(droits.suit(request.user, mission)),
            "a_faire": _a_faire(request, restitution, len(enquetes) < len(dossiers)),
            "evenements": chronologie.evenements([restitution.fil]),
        },
    )


def compte_rendu_pdf(request, pk):
    """The minutes of a restitution held: the bytes kept then, made again when none were."""
    restitution = _visible(request, pk)
    if restitution.tenue_le is None:
        raise Http404
    fichier = restitution.compte_rendu
    octets = fichier.lire() if fichier else documents.compte_rendu(restitution)
    return pdf(octets, f"compte-rendu-restitution-{restitution.mission.convention.reference}")


def _facture(request, facture):
    """One invoice with the gestures open to the user."""
    return {
        "facture": facture,
        "avertissements": regles.avertissements_de_la_facture(facture),
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
        return facture

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


def _facture_visible(request, pk):
    visibles = Facture.objects.visibles_par(request.user)
    return get_object_or_404(
        visibles.select_related(
            "mission__convention__ingenierie__operateur",
            "mission__convention__prestataire",
            "certifiee_par",
        ),
        pk=pk,
    )


def facture(request, pk):
    """The page of an invoice: against its convention, and its gestures."""
    objet = _facture_visible(request, pk)
    return render(
        request,
        "accompagnements/restitutions/facture.html",
        {
            "facture": objet,
            "mission": objet.mission,
            "convention": objet.mission.convention,
            "restitution": getattr(objet.mission, "restitution", None),
            "avertissements": regles.avertissements_de_la_facture(objet),
            "faits": service_fait.faits(objet.mission),
            "corrigeable": bool(transitions.corrige(request.user, objet))
            and not regles.manques_pour_corriger(objet),
            "a_faire": gestes.a_faire(
                GESTES_FACTURE,
                request.user,
                objet,
                lambda geste: reverse("accompagnements:facture_geste", args=[pk, geste.nom]),
                a_qui=objet.responsable,
            ),
        },
    )


def facture_modifier(request, pk):
    """Correct an invoice, before its service fait is certified."""
    objet = _facture_visible(request, pk)
    exiger(transitions.corrige(request.user, objet))
    exiger_aucun_manque(regles.manques_pour_corriger(objet))
    return edition.modifier(
        request,
        objet,
        FactureModifierForm,
        par=request.user,
        contexte={"titre": "Corriger la facture", "sous_titre": objet},
    )


def facture_geste(request, pk, nom):
    """Serve one gesture on an invoice."""
    objet = _facture_visible(request, pk)
    choisi = gestes.trouver(GESTES_FACTURE, nom)
    return gestes.servir(
        request,
        choisi,
        objet,
        retour=objet.get_absolute_url(),
        gabarit="accompagnements/restitutions/facture_geste.html",
        contexte={"faits": service_fait.faits(objet.mission)},
    )
