"""Shared mechanisms, one file each; none of them knows a word of the DLA chain."""

from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "dla_portal.socle"
    label = "socle"
    verbose_name = "Socle"

    def ready(self):
        from dla_portal.socle import nomenclatures
        from dla_portal.socle.semis import apres_migration

        apres_migration(self, nomenclatures.semer)
