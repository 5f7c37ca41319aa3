"""Addresses of the comités d'appui."""

from django.urls import path

from accompagnements.comites import views

urlpatterns = [
    path("comites/", views.liste, name="seances"),
    path("comites/nouvelle/", views.nouvelle, name="seance_nouvelle"),
    path("comites/<int:pk>/", views.detail, name="seance"),
    path("comites/<int:pk>/dossiers/nouveau/", views.inscrire, name="seance_inscrire"),
    path("comites/<int:pk>/<slug:nom>/", views.geste, name="seance_geste"),
    path("comites/dossiers/<int:pk>/<slug:nom>/", views.passage_geste, name="passage_geste"),
]
