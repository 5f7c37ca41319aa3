"""Business refusals become pages: 403 with its sentence, 409 when somebody saved first."""

from django.shortcuts import render

from dla_portal.comptes.droits import Refus
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee


class ErreursMetierMiddleware:
    """Last net: forms show these errors at their fields; what escapes them is said on a page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Refus):
            return render(request, "403.html", {"exception": exception.motif}, status=403)
        if isinstance(exception, VersionPerimee):
            return render(request, "409.html", {"lignes": []}, status=409)
        if isinstance(exception, Manques):
            return render(
                request, "409.html", {"lignes": [], "manques": exception.phrases}, status=409
            )
        return None
