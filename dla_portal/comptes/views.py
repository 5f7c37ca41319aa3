"""Gestures of the signed-in person on her own session."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from dla_portal.comptes.middleware import CLE_RATTACHEMENT


@require_POST
def changer_rattachement(request):
    """Work under another of one's rattachements in force."""
    brut = request.POST.get("rattachement", "")
    choisi = get_object_or_404(
        request.user.rattachements_en_cours(), pk=brut if brut.isdigit() else None
    )
    request.session[CLE_RATTACHEMENT] = choisi.pk
    return redirect("accueil")
