"""Addresses of the consultations."""

from django.urls import path

from accompagnements.consultations import liens, liens_structure, views

__all__ = ["liens", "liens_structure", "urlpatterns"]  # the pages of the personal links register

_C = "consultations/<int:pk>/"
urlpatterns = [
    path("consultations/", views.liste, name="consultations"),
    path(
        "ingenieries/<int:pk>/consultation/nouvelle/", views.preparer, name="consultation_preparer"
    ),
    path(_C, views.detail, name="consultation"),
    path(f"{_C}cahier/modifier/", views.cahier_modifier, name="cahier_modifier"),
    path(f"{_C}cahier.pdf", views.cahier_pdf, name="cahier_pdf"),
    path(f"{_C}pv.pdf", views.pv_pdf, name="pv_pdf"),
    path(f"{_C}criteres/", views.criteres_modifier, name="criteres_modifier"),
    path(f"{_C}grille/", views.grille, name="consultation_grille"),
    path(f"{_C}prestataires/", views.choisir_prestataires, name="consultation_prestataires"),
    path(f"{_C}prestataires/pressentir/", views.pressentir, name="consultation_pressentir"),
    path("sollicitations/<int:pk>/renoncer/", views.renoncer, name="sollicitation_renoncer"),
    path("sollicitations/<int:pk>/depot/", views.depot_recu, name="sollicitation_depot"),
    path("questions/<int:pk>/repondre/", views.question_repondre, name="question_repondre"),
    path("propositions/<int:pk>/motif/", views.proposition_motif, name="proposition_motif"),
    path(f"{_C}<slug:nom>/", views.geste, name="consultation_geste"),
]
