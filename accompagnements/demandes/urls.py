"""Addresses of the demandes."""

from django.urls import path

from accompagnements.demandes import (
    attente,
    publiques,
    views,
    views_eligibilite,
    views_en_ligne,
    views_partenaires,
)

urlpatterns = [
    path("demande/", publiques.structure, name="demande_en_ligne"),
    path("demande/prescripteur/", publiques.prescripteur, name="demande_prescripteur"),
    path("demande/envoyee/", publiques.envoyee, name="demande_envoyee"),
    path("demandes/", views.liste, name="demandes"),
    path("demandes/nouvelle/", views.nouvelle, name="demande_nouvelle"),
    path("demandes/en-ligne/", views_en_ligne.liste, name="en_ligne_liste"),
    path("demandes/en-ligne/<int:pk>/", views_en_ligne.detail, name="en_ligne"),
    path("demandes/en-ligne/<int:pk>/<slug:nom>/", views_en_ligne.geste, name="en_ligne_geste"),
    path("liste-d-attente/", attente.liste, name="attente"),
    path("partenaires/", views_partenaires.liste, name="partenaires"),
    path("partenaires/nouveau/", views_partenaires.nouveau, name="partenaire_nouveau"),
    path("partenaires/<int:pk>/", views_partenaires.detail, name="partenaire"),
    path("partenaires/<int:pk>/modifier/", views_partenaires.modifier, name="partenaire_modifier"),
    path("eligibilite/", views_eligibilite.liste, name="eligibilites"),
    path("eligibilite/<str:code>/", views_eligibilite.modifier, name="eligibilite"),
    path("demandes/<int:pk>/", views.detail, name="demande"),
    path("demandes/<int:pk>/lettre.pdf", views.lettre_pdf, name="demande_lettre"),
    path("demandes/<int:pk>/modifier/", views.modifier, name="demande_modifier"),
    path("demandes/<int:pk>/<slug:nom>/", views.geste, name="demande_geste"),
]
