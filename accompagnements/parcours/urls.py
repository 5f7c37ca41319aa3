"""Addresses of the whole picture; the home page is `accueil`, set in the project's urls."""

from django.urls import path

from accompagnements.parcours.views import (
    commentaires,
    dossier,
    emporter,
    liste,
    planche,
    reports,
)

_D = "accompagnements/<int:pk>/"
_C = "commentaires/<int:pk>/"
urlpatterns = [
    path("taches/<int:pk>/<slug:source>/reporter/", reports.reporter, name="tache_reporter"),
    path("taches/<int:pk>/<slug:source>/reprendre/", reports.reprendre, name="tache_reprendre"),
    path("accompagnements/", liste.liste, name="accompagnements"),
    path("accompagnements/planche/", planche.planche, name="planche"),
    path(_D, dossier.dossier, name="dossier"),
    path(f"{_D}commenter/", commentaires.ecrire, name="dossier_commenter"),
    path(f"{_D}synthese.pdf", emporter.synthese, name="dossier_synthese"),
    path(f"{_D}complet/", emporter.contenu, name="dossier_complet"),
    path(f"{_D}complet/telecharger/", emporter.archive, name="dossier_zip"),
    path(f"{_D}<slug:nom>/", dossier.geste, name="dossier_geste"),
    path(_C, commentaires.trouver, name="commentaire"),
    path(f"{_C}corriger/", commentaires.corriger, name="commentaire_corriger"),
    path(f"{_C}retirer/", commentaires.retirer, name="commentaire_retirer"),
    path("mentions/", commentaires.mentions, name="mentions"),
    path("mentions/<int:pk>/lue/", commentaires.mention_lue, name="mention_lue"),
]
