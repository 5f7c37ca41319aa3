"""What each request needs to know of the person: her rattachement, her second factor, her hours."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils import timezone

from dla_portal.socle import compteurs

CLE_RATTACHEMENT = "rattachement"
CLE_OUVERTURE = "ouverte_a"
SANS_EFFET = ("GET", "HEAD", "OPTIONS")


class RattachementMiddleware:
    """Apply the rattachement chosen in the session, end sessions older than 12 hours, and have
    what the rail counts counted again after each gesture."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            maintenant = timezone.now().timestamp()
            ouverte_a = request.session.setdefault(CLE_OUVERTURE, maintenant)
            if maintenant - ouverte_a > settings.SESSION_DUREE_ABSOLUE:
                logout(request)
                return redirect(settings.LOGIN_URL)
            choisi = request.session.get(CLE_RATTACHEMENT)
            if choisi:
                rattachement = request.user.rattachements_en_cours().filter(pk=choisi).first()
                if rattachement:
                    request.user.rattachement = rattachement
            if request.method not in SANS_EFFET:
                compteurs.perimer(request)
        return self.get_response(request)


class SecondFacteurMiddleware:
    """Staff reaches nothing but its security page until a second factor is set up."""

    LIBRES = ("/compte/", "/static/", "/sante/")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (
            settings.SECOND_FACTEUR_EXIGE
            and request.user.is_authenticated
            and request.user.is_staff
            and not request.path.startswith(self.LIBRES)
            and not is_mfa_enabled(request.user)
        ):
            messages.warning(
                request,
                "Votre compte ouvre l'administration : ajoutez d'abord un second facteur "
                "(application d'authentification ou clé d'accès).",
            )
            return redirect("mfa_index")
        return self.get_response(request)
