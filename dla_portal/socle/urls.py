"""Addresses of the shared pages."""

from django.urls import path

from dla_portal.socle import views

app_name = "socle"
urlpatterns = [
    path("recherche/", views.rechercher, name="recherche"),
    path("fichiers/<int:pk>/", views.telecharger, name="telecharger"),
    path("brouillons/", views.brouillon_garder, name="brouillon_garder"),
    path("brouillons/oublier/", views.brouillon_oublier, name="brouillon_oublier"),
    path("lien/<str:brut>/", views.lien, name="lien"),
    path("demonstration/courriels/", views.courriels_demo, name="courriels_demo"),
    path("sante/", views.sante, name="sante"),
    path("sante/pret/", views.sante_pret, name="sante_pret"),
]
