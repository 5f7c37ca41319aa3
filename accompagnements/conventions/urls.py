"""Addresses of the conventions, of their avenants and of the trames."""

from django.urls import path

from accompagnements.conventions import liens
from accompagnements.conventions.views import avenants, pages, trames

__all__ = ["liens", "urlpatterns"]  # the page of the personal links registers itself

_C, _A, _T = "conventions/<int:pk>/", "avenants/<int:pk>/", "trames/<slug:code>/"
urlpatterns = [
    path("conventions/", pages.liste, name="conventions"),
    path("consultations/<int:pk>/convention/nouvelle/", pages.preparer, name="convention_preparer"),
    path(_C, pages.detail, name="convention"),
    path(f"{_C}modifier/", pages.modifier, name="convention_modifier"),
    path(f"{_C}convention.pdf", pages.pdf, name="convention_pdf"),
    path(f"{_C}avenant/nouveau/", avenants.preparer, name="avenant_preparer"),
    path(f"{_C}<slug:nom>/", pages.geste, name="convention_geste"),
    path(_A, avenants.detail, name="avenant"),
    path(f"{_A}modifier/", avenants.modifier, name="avenant_modifier"),
    path(f"{_A}avenant.pdf", avenants.pdf, name="avenant_pdf"),
    path(f"{_A}<slug:nom>/", avenants.geste, name="avenant_geste"),
    path("trames/", trames.liste, name="trames"),
    path(_T, trames.detail, name="trame"),
    path(f"{_T}modifier/", trames.modifier, name="trame_modifier"),
    path(f"{_T}apercu.pdf", trames.apercu, name="trame_apercu"),
]
