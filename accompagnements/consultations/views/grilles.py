"""The grid presets of a region, kept by its DLA régional."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render

from accompagnements import droits
from accompagnements.consultations import forms
from accompagnements.consultations.grilles import REDACTEURS, GrilleType, enregistrer
from accompagnements.consultations.views.commun import CONFLIT, envoye
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.socle.verrou import VersionPerimee


def liste(request):
    """The presets the user keeps, and the national ones."""
    exiger(a_role(request.user, *REDACTEURS))
    siennes = GrilleType.objects.modifiables_par(request.user)
    return render(
        request,
        "accompagnements/consultations/grilles_types.html",
        {
            "grilles": siennes.prefetch_related("criteres").select_related("region"),
            "nationales": GrilleType.objects.filter(region=None)
            .exclude(pk__in=siennes.values("pk"))
            .prefetch_related("criteres"),
        },
    )


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
            except ValidationError as erreur:
                formulaire.add_error(None, erreur)
            else:
                return redirect("accompagnements:grilles_types")
    contexte = {"formulaire": formulaire, "grille": grille}
    gabarit = "accompagnements/consultations/grille_type.html"
    return render(request, gabarit, contexte, status=statut)
