"""Addresses of the whole picture; the home page is `accueil`, set in the project's urls."""

from django.urls import path

from accompagnements.parcours.views import dossier, liste, reports

urlpatterns = [
    path("taches/<int:pk>/<slug:source>/reporter/", reports.reporter, name="tache_reporter"),
    path("taches/<int:pk>/<slug:source>/reprendre/", reports.reprendre, name="tache_reprendre"),
    path("accompagnements/", liste.liste, name="accompagnements"),
    path("accompagnements/<int:pk>/", dossier.dossier, name="dossier"),
    path("accompagnements/<int:pk>/<slug:nom>/", dossier.geste, name="dossier_geste"),
]
