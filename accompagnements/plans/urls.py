"""Addresses of the plans and of their actions."""

from django.urls import path

from accompagnements.plans import liens, views

__all__ = ["liens", "urlpatterns"]  # the page of the personal link registers itself

urlpatterns = [
    path("accompagnements/<int:pk>/plan/nouveau/", views.preparer, name="plan_preparer"),
    path("plans/<int:pk>/", views.detail, name="plan"),
    path("plans/<int:pk>/plan.pdf", views.pdf, name="plan_pdf"),
    path("plans/<int:pk>/modifier/", views.modifier, name="plan_modifier"),
    path("plans/<int:pk>/comparer/", views.comparer, name="plan_comparer"),
    path("plans/<int:pk>/contributions/", views.contributions, name="plan_contributions"),
    path("plans/<int:pk>/revues/", views.revues, name="plan_revues"),
    path("plans/<int:pk>/actions/nouvelle/", views.action_ajouter, name="action_ajouter"),
    path("plans/<int:pk>/<slug:nom>/", views.geste, name="plan_geste"),
    path("actions/<int:pk>/modifier/", views.action_modifier, name="action_modifier"),
    path("actions/<int:pk>/avancement/", views.action_avancement, name="action_avancement"),
    path("actions/<int:pk>/rattacher/", views.action_rattacher, name="action_rattacher"),
    path("actions/<int:pk>/retirer/", views.action_retirer, name="action_retirer"),
]
