"""Addresses of the conventions."""

from django.urls import path

from accompagnements.conventions import views

urlpatterns = [
    path("conventions/", views.liste, name="conventions"),
    path("consultations/<int:pk>/convention/nouvelle/", views.preparer, name="convention_preparer"),
    path("conventions/<int:pk>/", views.detail, name="convention"),
    path("conventions/<int:pk>/modifier/", views.modifier, name="convention_modifier"),
    path("conventions/<int:pk>/convention.pdf", views.pdf, name="convention_pdf"),
    path("conventions/<int:pk>/<slug:nom>/", views.geste, name="convention_geste"),
]
