"""Addresses of the ledger, of the split of a convention and of the FSE+ evidence."""

from django.urls import path

from accompagnements.financements import views

urlpatterns = [
    path("financements/", views.liste, name="enveloppes"),
    path("financements/nouvelle/", views.nouvelle, name="enveloppe_nouvelle"),
    path("financements/<int:pk>/", views.detail, name="enveloppe"),
    path("financements/<int:pk>/modifier/", views.modifier, name="enveloppe_modifier"),
    path("financements/conventions/<int:pk>/repartir/", views.repartir, name="convention_repartir"),
    path("financements/conventions/<int:pk>/rendre/", views.liberer, name="convention_liberer"),
    path("financements/missions/<int:pk>/preuves/", views.preuves, name="preuves_fse"),
    path("financements/missions/<int:pk>/preuves.zip", views.archive, name="preuves_fse_zip"),
]
