"""Addresses of the diagnostics."""

from django.urls import path

from accompagnements.diagnostics import liens
from accompagnements.diagnostics.views import lecteurs, pages, redaction

__all__ = ["liens", "urlpatterns"]  # the page of the personal link registers itself

urlpatterns = [
    path(
        "accompagnements/<int:pk>/diagnostic/nouveau/",
        pages.commencer,
        name="diagnostic_commencer",
    ),
    path("diagnostics/<int:pk>/", pages.detail, name="diagnostic"),
    path("diagnostics/<int:pk>/diagnostic.pdf", pages.pdf, name="diagnostic_pdf"),
    path(
        "diagnostics/<int:pk>/modifier/<slug:section>/",
        redaction.modifier,
        name="diagnostic_modifier",
    ),
    path("diagnostics/relectures/", lecteurs.relectures, name="relectures"),
    path("diagnostics/relectures/<int:pk>/", lecteurs.relecture, name="relecture"),
    path(
        "diagnostics/autorisations/<int:pk>/exemplaire.pdf",
        lecteurs.exemplaire,
        name="diagnostic_exemplaire",
    ),
    path(
        "diagnostics/autorisations/<int:pk>/retirer/",
        lecteurs.retirer,
        name="diagnostic_autorisation_retirer",
    ),
    path("diagnostics/<int:pk>/comparer/<int:autre>/", pages.comparer, name="diagnostic_comparer"),
    path("diagnostics/<int:pk>/<slug:nom>/", pages.geste, name="diagnostic_geste"),
]
