"""Addresses of the structures."""

from django.urls import path

from accompagnements.structures.views import agrements, aides, gestes, pages

urlpatterns = [
    path("structures/", pages.liste, name="structures"),
    path("structures/nouvelle/", pages.nouvelle, name="structure_nouvelle"),
    path("structures/ressemblantes/", aides.ressemblantes, name="structure_ressemblantes"),
    path("structures/adresses/", aides.adresses, name="structure_adresses"),
    path("structures/<int:pk>/", pages.detail, name="structure"),
    path("structures/<int:pk>/modifier/", pages.modifier, name="structure_modifier"),
    path("structures/<int:pk>/agrements/", agrements.agrements, name="structure_agrements"),
    path("structures/<int:pk>/contacts/nouveau/", pages.contact_ajouter, name="contact_ajouter"),
    path("structures/<int:pk>/annees/nouvelle/", pages.annee_ajouter, name="annee_ajouter"),
    path(
        "structures/<int:pk>/signalements/nouveau/",
        pages.signalement_ajouter,
        name="signalement_ajouter",
    ),
    path("structures/<int:pk>/pieces/nouvelle/", pages.piece_ajouter, name="piece_ajouter"),
    path("structures/<int:pk>/fusionner/", gestes.fusionner, name="structure_fusionner"),
    path("structures/<int:pk>/verifier/", gestes.verifier, name="structure_verifier"),
    path("structures/<int:pk>/confirmer/", gestes.confirmer, name="structure_confirmer"),
    path("contacts/<int:pk>/modifier/", pages.contact_modifier, name="contact_modifier"),
    path("annees/<int:pk>/modifier/", pages.annee_modifier, name="annee_modifier"),
    path(
        "signalements/<int:pk>/modifier/", pages.signalement_modifier, name="signalement_modifier"
    ),
    path("fusions/<int:pk>/defaire/", gestes.defaire, name="fusion_defaire"),
]
