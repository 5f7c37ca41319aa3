"""Pages of the conventions."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements import droits
from accompagnements.consultations.models import Consultation
from accompagnements.conventions import encarts, regles, transitions
from accompagnements.conventions.avenants import montant_ttc_en_vigueur
from accompagnements.conventions.etats import Etat
from accompagnements.conventions.filters import ConventionFilter
from accompagnements.conventions.forms import ConventionForm
from accompagnements.conventions.gestes import GESTES
from accompagnements.conventions.models import Convention
from accompagnements.conventions.views import commun
from accompagnements.plans.models import nom_de_la_structure
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste
from dla_portal.socle.regles import Manques


class ListeConventions(Liste):
    titre = "Conventions"
    nom_fichier = "conventions"
    singulier, pluriel = "convention", "conventions"
    filtre = ConventionFilter
    vide = "Aucune convention. Elle se prépare après le choix d'un prestataire."
    colonnes = [
        Colonne("reference", "Référence", lambda c: c.reference, "reference"),
        Colonne("structure", "Structure", lambda o: o.pour or "", "pour"),
        Colonne("intitule", "Intitulé", lambda c: c.ingenierie.intitule, "ingenierie__intitule"),
        Colonne("prestataire", "Prestataire", lambda c: str(c.prestataire or "")),
        Colonne("montant", "Montant TTC", lambda c: c.du, "du", "euros"),
        Colonne("signee_le", "Signée le", lambda c: c.signee_le, "signee_le", "date"),
        Colonne("etat", "État", lambda c: c.get_etat_display(), "etat", "badge", lambda c: c.ton),
    ]

    def base(self):
        lignes = Convention.objects.visibles_par(self.request.user)
        lignes = lignes.annotate(
            pour=nom_de_la_structure("ingenierie"), du=montant_ttc_en_vigueur()
        )
        return lignes.select_related("ingenierie", "prestataire")


def liste(request):
    """The conventions the user sees."""
    return page_de_liste(request, ListeConventions)


def preparer(request, pk):
    """Draw up the convention of an attributed consultation."""
    consultation = get_object_or_404(Consultation.objects.visibles_par(request.user), pk=pk)
    exiger(droits.instruit(request.user, consultation))
    return edition.naitre(
        request,
        lambda: transitions.preparer(consultation, par=request.user),
        titre="Préparer la convention",
        sous_titre=consultation,
        consequence="Elle reprend le cahier des charges et la proposition retenue.",
        url_annuler=consultation.get_absolute_url(),
    )


def _visible(request, pk):
    lignes = Convention.objects.visibles_par(request.user)
    return get_object_or_404(
        lignes.select_related(
            "ingenierie__operateur",
            "prestataire",
            "consultation",
            "proposition",
            "document",
            "preuve",
        ),
        pk=pk,
    )


def _a_faire(request, convention, instruit):
    """Its gestures, the launch of the mission first once everybody has signed."""
    a_faire = commun.a_faire(request, GESTES, convention, "accompagnements:convention_geste")
    if not instruit or convention.etat != Etat.SIGNEE or hasattr(convention, "mission"):
        return a_faire
    adresse = reverse("accompagnements:mission_lancer", args=[convention.pk])
    return gestes.mettre_en_avant(a_faire, "Enregistrer le lancement", adresse)


def detail(request, pk):
    """The page of a convention."""
    convention = _visible(request, pk)
    instruit = bool(droits.instruit(request.user, convention))
    return render(
        request,
        "accompagnements/conventions/convention.html",
        {
            "convention": convention,
            "signatures": list(convention.signatures.select_related("structure", "scan")),
            "dossiers": list(convention.ingenierie.accompagnements().select_related("structure")),
            "encarts": encarts.pour(convention, request.user),
            "mission": getattr(convention, "mission", None),
            "acompte": f"{convention.acompte} %",
            "a_faire": _a_faire(request, convention, instruit),
            "avenants": list(convention.avenants.all()),
            "avenant_possible": instruit and not regles.manques_pour_preparer_avenant(convention),
            "evenements": chronologie.evenements([convention.fil]),
            "modifiable": instruit and convention.etat == Etat.BROUILLON,
        },
    )


def modifier(request, pk):
    """Adjust the convention before it is sent to be signed."""
    convention = _visible(request, pk)
    exiger(droits.instruit(request.user, convention))
    if convention.etat != Etat.BROUILLON:
        raise Manques(["La convention est figée : reprenez-la avant de la modifier."])
    return edition.modifier(
        request,
        convention,
        ConventionForm,
        contexte={"titre": "Modifier la convention", "sous_titre": convention.reference},
    )


def geste(request, pk, nom):
    """Serve one gesture on a convention."""
    return commun.servir(request, GESTES, _visible(request, pk), nom)


def pdf(request, pk):
    """The convention as a PDF."""
    convention = _visible(request, pk)
    return commun.pdf(convention, fige=convention.etat != Etat.BROUILLON)
