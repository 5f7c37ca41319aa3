"""Gestures of the signed-in person on her own session."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from dla_portal.comptes.middleware import CLE_RATTACHEMENT
from dla_portal.socle.saisies import entier


@require_safe
def adresse(request):
    """The address of the account: read here, changed by an administrator only."""
    return render(request, "account/email.html")


@require_POST
def changer_rattachement(request):
    """Work under another of one's rattachements in force."""
    choisi = get_object_or_404(
        request.user.rattachements_en_cours(), pk=entier(request.POST.get("rattachement"))
    )
    request.session[CLE_RATTACHEMENT] = choisi.pk
    return redirect("accueil")
