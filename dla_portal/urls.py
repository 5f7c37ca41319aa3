"""Table of contents of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from accompagnements.parcours.views.aujourdhui import aujourdhui
from dla_portal.comptes.views import adresse

# The admin site signs in like the rest: rate limits, second factor.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", aujourdhui, name="accueil"),
    path("", include("dla_portal.socle.urls")),
    path("", include("dla_portal.comptes.urls")),
    path("", include("accompagnements.urls")),
    path("prestataires/", include("prestataires.urls")),
    path("pilotage/", include("pilotage.urls")),
    # Before allauth's own page: an address is changed by an administrator only.
    path("compte/email/", adresse, name="account_email"),
    path("compte/", include("allauth.urls")),
    path("administration/", admin.site.urls),
]
