"""Who signs in, and as what."""

from importlib import import_module

from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "dla_portal.comptes"
    label = "comptes"
    verbose_name = "Comptes et rattachements"

    def ready(self):
        import_module("dla_portal.comptes.demonstration")  # registers its part
