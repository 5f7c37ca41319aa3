"""Addresses of the demandes."""

from django.urls import path

from accompagnements.demandes import views

urlpatterns = [
    path("demandes/", views.liste, name="demandes"),
    path("demandes/nouvelle/", views.nouvelle, name="demande_nouvelle"),
    path("demandes/<int:pk>/", views.detail, name="demande"),
    path("demandes/<int:pk>/modifier/", views.modifier, name="demande_modifier"),
    path("demandes/<int:pk>/<slug:nom>/", views.geste, name="demande_geste"),
]
