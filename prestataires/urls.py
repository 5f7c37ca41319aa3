"""Addresses of the register."""

from django.urls import path

from prestataires import views

app_name = "prestataires"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("nouveau/", views.nouveau, name="nouveau"),
    path("<int:pk>/", views.fiche, name="fiche"),
    path("<int:pk>/modifier/", views.modifier, name="modifier"),
    path("<int:pk>/<slug:nom>/", views.geste, name="geste"),
]
