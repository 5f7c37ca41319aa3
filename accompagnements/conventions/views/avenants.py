"""Pages of an avenant: drawing it up, reading it, its gestures."""

from django.shortcuts import get_object_or_404, render

from accompagnements import droits
from accompagnements.conventions import documents, encarts, regles, revisions
from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.etats import EtatAvenant
from accompagnements.conventions.forms import AvenantForm, AvenantModifierForm
from accompagnements.conventions.gestes import GESTES_AVENANT
from accompagnements.conventions.models import Convention
from accompagnements.conventions.views import commun
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition
from dla_portal.socle.regles import Manques, exiger_aucun_manque


def _visible(request, pk):
    lignes = Avenant.objects.visibles_par(request.user).select_related(
        "convention__ingenierie__operateur", "convention__prestataire", "document", "preuve"
    )
    return get_object_or_404(lignes, pk=pk)


def preparer(request, pk):
    """Draw up an avenant of a signed convention."""
    convention = get_object_or_404(Convention.objects.visibles_par(request.user), pk=pk)
    exiger(droits.instruit(request.user, convention))
    if request.method != "POST":
        exiger_aucun_manque(regles.manques_pour_preparer_avenant(convention))
    return edition.creer(
        request,
        AvenantForm,
        lambda formulaire: revisions.preparer(formulaire.save(commit=False), par=request.user),
        contexte={
            "titre": "Préparer un avenant",
            "sous_titre": convention,
            "libelle_bouton": "Préparer l'avenant",
            "url_annuler": convention.get_absolute_url(),
        },
        instance=Avenant(convention=convention),
    )


def detail(request, pk):
    """The page of an avenant."""
    avenant = _visible(request, pk)
    return render(
        request,
        "accompagnements/conventions/avenant.html",
        {
            "avenant": avenant,
            "convention": avenant.convention,
            "changements": documents.changements(avenant),
            "avertissements": encarts.avertissements(avenant),
            "signatures": list(avenant.signatures.select_related("structure", "scan")),
            "a_faire": commun.a_faire(
                request, GESTES_AVENANT, avenant, "accompagnements:avenant_geste"
            ),
            "evenements": chronologie.evenements([avenant.fil]),
            "modifiable": bool(droits.instruit(request.user, avenant))
            and avenant.etat == EtatAvenant.EN_PREPARATION,
        },
    )


def modifier(request, pk):
    """Change the avenant while it is being prepared."""
    avenant = _visible(request, pk)
    exiger(droits.instruit(request.user, avenant))
    if avenant.etat != EtatAvenant.EN_PREPARATION:
        raise Manques(["L'avenant est figé : reprenez-le avant de le modifier."])
    return edition.modifier(
        request,
        avenant,
        AvenantModifierForm,
        contexte={"titre": "Modifier l'avenant", "sous_titre": avenant.reference},
    )


def geste(request, pk, nom):
    """Serve one gesture on an avenant."""
    return commun.servir(request, GESTES_AVENANT, _visible(request, pk), nom)


def pdf(request, pk):
    """The avenant as a PDF."""
    avenant = _visible(request, pk)
    return commun.pdf(avenant, fige=avenant.etat != EtatAvenant.EN_PREPARATION)
