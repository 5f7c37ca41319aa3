"""The grid presets of a region, kept by its DLA régional."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accompagnements import droits
from accompagnements.consultations import forms, grilles
from accompagnements.consultations.grilles import REDACTEURS, GrilleType, enregistrer
from accompagnements.consultations.views.commun import CONFLIT, envoye
from accompagnements.droits import ADMIN
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.socle.verrou import VersionPerimee

NOM_PRIS = "Quelqu'un vient d'enregistrer une grille de ce nom : donnez-en un autre à la vôtre."


def liste(request):
    """The presets the user keeps, and the national ones with what its region does of them."""
    exiger(a_role(request.user, *REDACTEURS))
    siennes = GrilleType.objects.modifiables_par(request.user)
    chez_elle = {} if request.user.role == ADMIN else {g.libelle: g for g in siennes}
    nationales = GrilleType.objects.nationales().exclude(pk__in=siennes.values("pk"))
    return render(
        request,
        "accompagnements/consultations/grilles_types.html",
        {
            "grilles": siennes.exclude(pk__in=GrilleType.objects.copies().values("pk"))
            .prefetch_related("criteres")
            .select_related("region"),
            "nationales": [
                (grille, chez_elle.get(grille.libelle))
                for grille in nationales.prefetch_related("criteres")
            ],
        },
    )


@require_POST
def ecarter(request, pk):
    """Stop proposing a national grid in the user's region."""
    grille = get_object_or_404(GrilleType.objects.nationales(), pk=pk)
    grilles.ecarter(grille, par=request.user)
    messages.success(request, f"« {grille} » n'est plus proposée dans votre région.")
    return redirect("accompagnements:grilles_types")


@require_POST
def proposer(request, pk):
    """Propose again a national grid in the user's region."""
    grille = get_object_or_404(GrilleType.objects.nationales(), pk=pk)
    grilles.proposer_de_nouveau(grille, par=request.user)
    messages.success(request, f"« {grille} » est de nouveau proposée dans votre région.")
    return redirect("accompagnements:grilles_types")


def nouvelle(request):
    """A new preset of the user's region (national for the administrator)."""
    exiger(a_role(request.user, *REDACTEURS))
    return _formulaire(request, GrilleType(region_id=droits.region_de(request.user)))


def modifier(request, pk):
    """Change a preset; consultations already prepared keep their own copy."""
    grille = get_object_or_404(GrilleType.objects.modifiables_par(request.user), pk=pk)
    return _formulaire(request, grille)


def _formulaire(request, grille):
    formulaire, statut = forms.GrilleTypeForm(envoye(request), grille=grille), 200
    if request.method == "POST":
        statut = 422
        if formulaire.is_valid():
            try:
                enregistrer(formulaire.grille_saisie(), formulaire.criteres())
            except VersionPerimee:
                statut = 409
                formulaire.add_error(None, CONFLIT)
                grille.refresh_from_db()
                formulaire.data = {**formulaire.data.dict(), "version": grille.version}
            except IntegrityError:  # the name was free a moment ago: nothing else is unique
                formulaire.add_error("libelle", NOM_PRIS)
            except ValidationError as erreur:
                champ = "libelle" if hasattr(erreur, "error_dict") else None  # a name taken
                formulaire.add_error(champ, erreur.messages)
            else:
                return redirect("accompagnements:grilles_types")
    contexte = {"formulaire": formulaire, "grille": grille}
    gabarit = "accompagnements/consultations/grille_type.html"
    return render(request, gabarit, contexte, status=statut)
