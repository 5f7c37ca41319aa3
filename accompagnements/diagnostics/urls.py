"""Addresses of the diagnostics."""

from django.urls import path

from accompagnements.diagnostics import views

urlpatterns = [
    path(
        "accompagnements/<int:pk>/diagnostic/nouveau/",
        views.commencer,
        name="diagnostic_commencer",
    ),
    path("diagnostics/<int:pk>/", views.detail, name="diagnostic"),
    path("diagnostics/<int:pk>/diagnostic.pdf", views.pdf, name="diagnostic_pdf"),
    path(
        "diagnostics/<int:pk>/modifier/<slug:section>/",
        views.modifier,
        name="diagnostic_modifier",
    ),
    path("diagnostics/<int:pk>/<slug:nom>/", views.geste, name="diagnostic_geste"),
]
