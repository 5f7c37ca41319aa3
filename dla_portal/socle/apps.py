"""Shared mechanisms, one file each; none of them knows a word of the DLA chain."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SocleConfig(AppConfig):
    name = "dla_portal.socle"
    label = "socle"
    verbose_name = "Socle"

    def ready(self):
        from dla_portal.socle import nomenclatures

        post_migrate.connect(nomenclatures.semer, sender=self, dispatch_uid="nomenclatures")
