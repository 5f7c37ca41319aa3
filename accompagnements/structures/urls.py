"""Addresses of the structures."""

from django.urls import path

from accompagnements.structures import views

urlpatterns = [
    path("structures/", views.liste, name="structures"),
    path("structures/nouvelle/", views.nouvelle, name="structure_nouvelle"),
    path("structures/<int:pk>/", views.detail, name="structure"),
    path("structures/<int:pk>/modifier/", views.modifier, name="structure_modifier"),
    path("structures/<int:pk>/contacts/nouveau/", views.contact_ajouter, name="contact_ajouter"),
    path("structures/<int:pk>/annees/nouvelle/", views.annee_ajouter, name="annee_ajouter"),
    path("contacts/<int:pk>/modifier/", views.contact_modifier, name="contact_modifier"),
    path("annees/<int:pk>/modifier/", views.annee_modifier, name="annee_modifier"),
]
