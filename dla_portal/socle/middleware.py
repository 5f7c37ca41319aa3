"""Business refusals become pages: 403 with its sentence, 409 when somebody saved first."""

from urllib.parse import urlsplit

from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.defaults import bad_request

from dla_portal.comptes.droits import Refus
from dla_portal.socle import fichiers
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee


class ErreursMetierMiddleware:
    """Last net: forms show these errors at their fields; what escapes them is said on a page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if any("\x00" in texte for valeurs in request.GET.lists() for texte in valeurs[1]):
            return bad_request(request, None)  # no field means it, and PostgreSQL refuses it
        reponse = self.get_response(request)
        fichiers.effacer_les_orphelins()  # what a refused gesture had already stored
        personnel = request.user.is_authenticated or request.path.startswith("/lien/")
        if personnel and not reponse.has_header("Cache-Control"):
            reponse["Cache-Control"] = "private, no-store"
        return reponse

    def process_exception(self, request, exception):
        contexte = {"lignes": [], "manques": [], "saisie": _saisie(request)}
        contexte["retour"] = _precedente(request)
        if isinstance(exception, Refus):
            return render(
                request, "403.html", {"exception": exception.motif, **contexte}, status=403
            )
        if isinstance(exception, VersionPerimee):
            return render(request, "409.html", contexte, status=409)
        if isinstance(exception, Manques):
            return render(
                request, "409.html", {**contexte, "manques": exception.phrases}, status=409
            )
        return None


def _precedente(request):
    """The page of the site the person comes from, or nothing."""
    adresse = request.headers.get("Referer", "")
    du_site = url_has_allowed_host_and_scheme(adresse, {request.get_host()})
    ailleurs = urlsplit(adresse).path != request.path
    return urlsplit(adresse).path if adresse and du_site and ailleurs else ""


def _saisie(request):
    """What was typed in a form which can no longer be answered: shown, so that it can be copied."""
    cachees = ("csrfmiddlewaretoken", "version", "version_lue", "cle_envoi", "action", "code")
    return [
        texte
        for nom, texte in request.POST.items()
        if nom not in cachees and isinstance(texte, str) and len(texte.strip()) > 20
    ]
