"""Addresses of the missions."""

from django.urls import path

from accompagnements.missions import views

urlpatterns = [
    path("missions/", views.liste, name="missions"),
    path("conventions/<int:pk>/mission/nouvelle/", views.lancer, name="mission_lancer"),
    path("missions/<int:pk>/", views.detail, name="mission"),
    path("missions/<int:pk>/notes/nouvelle/", views.note_ajouter, name="note_ajouter"),
    path("missions/<int:pk>/<slug:nom>/", views.geste, name="mission_geste"),
]
