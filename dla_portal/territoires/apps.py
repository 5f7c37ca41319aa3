"""Where: the territories of the State and the operators who cover them."""

from django.apps import AppConfig


class TerritoiresConfig(AppConfig):
    name = "dla_portal.territoires"
    label = "territoires"
    verbose_name = "Territoires et opérateurs"
