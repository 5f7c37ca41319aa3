"""Addresses of the whole picture; the home page is `accueil`, set in the project's urls."""

from django.urls import path

from accompagnements.parcours.views import dossier, liste, planche

urlpatterns = [
    path("accompagnements/", liste.liste, name="accompagnements"),
    path("accompagnements/planche/", planche.planche, name="planche"),
    path("accompagnements/<int:pk>/", dossier.dossier, name="dossier"),
    path("accompagnements/<int:pk>/<slug:nom>/", dossier.geste, name="dossier_geste"),
]
