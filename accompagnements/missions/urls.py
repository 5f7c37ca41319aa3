"""Addresses of the missions."""

from django.urls import path

from accompagnements.missions import liens, views

__all__ = ["liens", "urlpatterns"]  # the page of the personal link registers

_M = "missions/<int:pk>/"
urlpatterns = [
    path("missions/", views.liste, name="missions"),
    path("conventions/<int:pk>/mission/nouvelle/", views.lancer, name="mission_lancer"),
    path(_M, views.detail, name="mission"),
    path(f"{_M}lancement.pdf", views.lancement_pdf, name="mission_lancement_pdf"),
    path(f"{_M}emargement.pdf", views.emargement_pdf, name="mission_emargement_pdf"),
    path(f"{_M}journal/nouveau/", views.journee_ajouter, name="journee_ajouter"),
    path(f"{_M}feuilles/nouvelle/", views.feuille_ajouter, name="feuille_ajouter"),
    path(f"{_M}notes/nouvelle/", views.note_ajouter, name="note_ajouter"),
    path(f"{_M}hors-cadre/nouvelle/", views.hors_cadre_demander, name="hors_cadre_demander"),
    path("journal/<int:pk>/emargement.pdf", views.journee_pdf, name="journee_emargement_pdf"),
    path("journal/<int:pk>/<slug:nom>/", views.journee_geste, name="journee_geste"),
    path("hors-cadre/<int:pk>/<slug:nom>/", views.hors_cadre_geste, name="hors_cadre_geste"),
    path(f"{_M}<slug:nom>/", views.geste, name="mission_geste"),
]
