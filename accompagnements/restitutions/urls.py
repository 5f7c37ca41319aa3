"""Addresses of the restitutions and of the invoices."""

from django.urls import path

from accompagnements.restitutions import views

urlpatterns = [
    path("missions/<int:pk>/rapport/nouveau/", views.recevoir, name="restitution_recevoir"),
    path("missions/<int:pk>/factures/nouvelle/", views.facture_ajouter, name="facture_ajouter"),
    path("restitutions/<int:pk>/", views.detail, name="restitution"),
    path(
        "restitutions/<int:pk>/compte-rendu.pdf",
        views.compte_rendu_pdf,
        name="restitution_compte_rendu_pdf",
    ),
    path("restitutions/<int:pk>/<slug:nom>/", views.geste, name="restitution_geste"),
    path("factures/<int:pk>/", views.facture, name="facture"),
    path("factures/<int:pk>/modifier/", views.facture_modifier, name="facture_modifier"),
    path("factures/<int:pk>/<slug:nom>/", views.facture_geste, name="facture_geste"),
]
