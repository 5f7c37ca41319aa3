"""Addresses of the whole picture; the home page is `accueil`, set in the project's urls."""

from django.urls import path

from accompagnements.parcours import views

urlpatterns = [
    path("accompagnements/", views.liste, name="accompagnements"),
    path("accompagnements/<int:pk>/", views.dossier, name="dossier"),
    path("accompagnements/<int:pk>/<slug:nom>/", views.geste, name="dossier_geste"),
]
