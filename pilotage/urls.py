"""Addresses of the pilotage."""

from django.urls import path

from pilotage import views

app_name = "pilotage"
urlpatterns = [
    path("", views.tableau, name="tableau"),
    path("costrat/", views.costrat, name="costrat"),
    path("operateurs/", views.operateurs, name="operateurs"),
    path("lignes/", views.lignes, name="lignes"),
    path("definitions/", views.definitions, name="definitions"),
    path("objectifs/", views.objectifs, name="objectifs"),
    path("objectifs/nouveau/", views.objectif_nouveau, name="objectif_nouveau"),
    path("objectifs/<int:pk>/modifier/", views.objectif_modifier, name="objectif_modifier"),
]
