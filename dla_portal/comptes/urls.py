"""Addresses of the signed-in person's own gestures."""

from django.urls import path

from dla_portal.comptes import views

app_name = "comptes"
urlpatterns = [path("rattachement/", views.changer_rattachement, name="changer_rattachement")]
