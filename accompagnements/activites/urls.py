"""Addresses of the time, of the animation activities and of the agenda."""

from django.urls import path

from accompagnements.activites import pieces
from accompagnements.activites.views import agenda, animations, temps

__all__ = ["pieces", "urlpatterns"]  # `pieces` registers who reads the files of an activity

urlpatterns = [
    path("temps/", temps.liste, name="temps"),
    path("temps/nouveau/", temps.nouveau, name="temps_nouveau"),
    path("temps/semaine/", temps.semaine, name="temps_semaine"),
    path("temps/<int:pk>/", temps.ligne, name="temps_ligne"),
    path("temps/<int:pk>/modifier/", temps.modifier, name="temps_modifier"),
    path("temps/<int:pk>/<slug:nom>/", temps.geste, name="temps_geste"),
    path("animations/", animations.liste, name="activites"),
    path("animations/nouvelle/", animations.nouvelle, name="activite_nouvelle"),
    path("animations/<int:pk>/", animations.detail, name="activite"),
    path("animations/<int:pk>/modifier/", animations.modifier, name="activite_modifier"),
    path("animations/<int:pk>/pieces/", animations.piece, name="activite_piece"),
    path("animations/<int:pk>/<slug:nom>/", animations.geste, name="activite_geste"),
    path("agenda/", agenda.page, name="agenda"),
    path("agenda/abonner/", agenda.abonner, name="agenda_abonner"),
    path("agenda/revoquer/", agenda.revoquer, name="agenda_revoquer"),
    path("agenda/flux/<str:brut>.ics", agenda.lire, name="agenda_flux"),
]
