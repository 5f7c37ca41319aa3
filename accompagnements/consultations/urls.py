"""Addresses of the consultations."""

from django.urls import path

from accompagnements.consultations import liens, liens_cahier, liens_structure
from accompagnements.consultations.views import analyse, grilles, pages, prestataires

# The pages of the personal links register themselves.
__all__ = [
    "liens",
    "liens_cahier",
    "liens_structure",
    "urlpatterns",
]

_C = "consultations/<int:pk>/"
urlpatterns = [
    path("grilles/", grilles.liste, name="grilles_types"),
    path("grilles/nouvelle/", grilles.nouvelle, name="grille_type_nouvelle"),
    path("grilles/<int:pk>/", grilles.modifier, name="grille_type_modifier"),
    path("grilles/<int:pk>/ecarter/", grilles.ecarter, name="grille_type_ecarter"),
    path("grilles/<int:pk>/proposer/", grilles.proposer, name="grille_type_proposer"),
    path("consultations/", pages.liste, name="consultations"),
    path(
        "ingenieries/<int:pk>/consultation/nouvelle/", pages.preparer, name="consultation_preparer"
    ),
    path(_C, pages.detail, name="consultation"),
    path(f"{_C}cahier/modifier/", pages.cahier_modifier, name="cahier_modifier"),
    path(f"{_C}cahier.pdf", pages.cahier_pdf, name="cahier_pdf"),
    path(f"{_C}pv.pdf", analyse.pv_pdf, name="pv_pdf"),
    path(f"{_C}ouverture.pdf", analyse.ouverture_pdf, name="ouverture_pdf"),
    path(f"{_C}comparaison.pdf", analyse.comparaison_pdf, name="comparaison_pdf"),
    path(f"{_C}criteres/", pages.criteres_modifier, name="criteres_modifier"),
    path(f"{_C}grille/", analyse.grille, name="consultation_grille"),
    path(f"{_C}prestataires/", prestataires.choisir_prestataires, name="consultation_prestataires"),
    path(f"{_C}prestataires/pressentir/", prestataires.pressentir, name="consultation_pressentir"),
    path("sollicitations/<int:pk>/renoncer/", prestataires.renoncer, name="sollicitation_renoncer"),
    path("sollicitations/<int:pk>/depot/", prestataires.depot_recu, name="sollicitation_depot"),
    path(
        "sollicitations/<int:pk>/<slug:nom>/",
        prestataires.sollicitation_geste,
        name="sollicitation_geste",
    ),
    path("questions/<int:pk>/repondre/", prestataires.question_repondre, name="question_repondre"),
    path("propositions/<int:pk>/pieces/", analyse.pieces, name="proposition_pieces"),
    path("propositions/<int:pk>/motif/", analyse.proposition_motif, name="proposition_motif"),
    path(f"{_C}<slug:nom>/", pages.geste, name="consultation_geste"),
]
