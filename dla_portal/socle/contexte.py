"""What every page receives."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from dla_portal.socle import navigation


def portail(request):
    """Navigation of the role, rattachements of the person, and what kind of site this is."""
    utilisateur = getattr(request, "user", None)
    connecte = utilisateur is not None and utilisateur.is_authenticated
    return {
        "nom_site": "Portail DLA",
        "demonstration": settings.DEMONSTRATION,
        "navigation": SimpleLazyObject(lambda: navigation.pour(request) if connecte else []),
        "url_nouvelle_demande": SimpleLazyObject(
            lambda: navigation.bouton_pour(utilisateur) if connecte else ""
        ),
        "rattachement": utilisateur.rattachement if connecte else None,
        "rattachements": SimpleLazyObject(
            lambda: list(utilisateur.rattachements_en_cours()) if connecte else []
        ),
    }
