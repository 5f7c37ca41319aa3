"""Addresses of the surveys and of the follow-ups."""

from django.urls import path

from accompagnements.suites import liens, views

__all__ = ["liens", "urlpatterns"]  # `liens` registers the page of the personal links

urlpatterns = [
    path("restitutions/<int:pk>/enquete/nouvelle/", views.envoyer, name="enquete_envoyer"),
    path("enquetes/<int:pk>/", views.enquete, name="enquete"),
    path("enquetes/<int:pk>/<slug:nom>/", views.enquete_geste, name="enquete_geste"),
    path("suivis/", views.suivis, name="suivis"),
    path("suivis/<int:pk>/", views.suivi, name="suivi"),
    path("suivis/<int:pk>/<slug:nom>/", views.suivi_geste, name="suivi_geste"),
]
