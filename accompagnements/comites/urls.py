"""Addresses of the comités d'appui."""

from django.urls import path

from accompagnements.comites import liens
from accompagnements.comites.views import membres, seances

__all__ = ["liens", "urlpatterns"]  # `liens` registers the page of the personal links

_S = "comites/<int:pk>/"
urlpatterns = [
    path("comites/", seances.liste, name="seances"),
    path("comites/nouvelle/", seances.nouvelle, name="seance_nouvelle"),
    path("comites/membres/", membres.liste, name="membres"),
    path("comites/membres/nouveau/", membres.nouveau, name="membre_nouveau"),
    path("comites/membres/<int:pk>/fin/", membres.fin, name="membre_fin"),
    path(_S, seances.detail, name="seance"),
    path(f"{_S}agenda.ics", seances.agenda, name="seance_agenda"),
    path(f"{_S}releve.pdf", seances.releve, name="seance_releve"),
    path(f"{_S}emargement.pdf", seances.emargement, name="seance_emargement"),
    path(f"{_S}dossiers/nouveau/", seances.inscrire, name="seance_inscrire"),
    path(f"{_S}<slug:nom>/", seances.geste, name="seance_geste"),
    path("comites/dossiers/<int:pk>/<slug:nom>/", seances.passage_geste, name="passage_geste"),
    path(
        "accompagnements/<int:pk>/comite/inscrire/",
        seances.presenter,
        name="dossier_presenter",
    ),
]
