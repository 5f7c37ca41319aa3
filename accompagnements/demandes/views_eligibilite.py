"""Pages of the eligibility criteria: by region, with their former versions."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accompagnements.demandes import eligibilite
from accompagnements.demandes.eligibilite import GrilleEligibilite
from accompagnements.demandes.forms_eligibilite import GrilleEligibiliteForm
from accompagnements.droits import ADMIN
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.socle.edition import phrase_contrainte
from dla_portal.socle.regles import Manques
from dla_portal.territoires.models import Region

NATIONALE = "nationale"


def liste(request):
    """The criteria that the user keeps: those of its region, or all for the administrator."""
    exiger(a_role(request.user, roles.DlaRegional.code, ADMIN))
    if request.user.role != ADMIN:
        return redirect("accompagnements:eligibilite", request.user.rattachement.region_id)
    propres = set(GrilleEligibilite.objects.exclude(region=None).values_list("region", flat=True))
    contexte = {
        "regions": [(region, region.pk in propres) for region in Region.objects.all()],
        "nationale": NATIONALE,
    }
    return render(request, "accompagnements/demandes/eligibilites.html", contexte)


def modifier(request, code):
    """The criteria in force, the form of the next version, the former ones."""
    exiger(a_role(request.user, roles.DlaRegional.code, ADMIN))
    region = None if code == NATIONALE else get_object_or_404(Region, pk=code)
    if not eligibilite.edite(request.user, region):
        raise Http404
    versions = GrilleEligibilite.objects.de(region).select_related("cree_par")
    derniere = versions.first()
    options = {
        "criteres": derniere.criteres if derniere else eligibilite.a_examiner(region),
        "numero": derniere.numero if derniere else 0,
    }
    formulaire, statut = GrilleEligibiliteForm(**options), 200
    if request.method == "POST":
        formulaire, statut = GrilleEligibiliteForm(request.POST, **options), 422
        grille = _tenter(request, region, formulaire)
        if grille is not None:
            jour = f"{grille.applicable_le:%d/%m/%Y}"
            messages.success(request, f"Version {grille.numero} enregistrée, applicable le {jour}.")
            return redirect("accompagnements:eligibilite", code)
    contexte = {"region": region, "versions": versions, "formulaire": formulaire}
    return render(request, "accompagnements/demandes/eligibilite.html", contexte, status=statut)


def _tenter(request, region, formulaire):
    """Keep the next version, or say why not in the form."""
    if not formulaire.is_valid():
        return None
    try:
        return eligibilite.enregistrer(
            region,
            par=request.user,
            criteres=formulaire.criteres,
            applicable_le=formulaire.cleaned_data["applicable_le"],
            numero_lu=formulaire.cleaned_data["numero"],
        )
    except Manques as erreur:
        formulaire.add_error(None, erreur)
    except IntegrityError as erreur:  # two at the very same time: the first one is kept
        formulaire.add_error(None, phrase_contrainte(GrilleEligibilite(), erreur))
    return None
