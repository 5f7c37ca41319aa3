"""Addresses of the signed-in person's own gestures."""

from django.urls import path

from dla_portal.comptes import views

app_name = "comptes"
urlpatterns = [
    path("compte/rattachement/", views.changer_rattachement, name="changer_rattachement"),
    path("compte/courriels/", views.courriels, name="courriels"),
    # Not under compte/, which stays open to who still has to set a second factor.
    path("suppleances/", views.suppleances, name="suppleances"),
    path("suppleances/nouvelle/", views.suppleance_nouvelle, name="suppleance_nouvelle"),
    path("suppleances/<int:pk>/finir/", views.suppleance_finir, name="suppleance_finir"),
]
