"""The register of prestataires."""

from importlib import import_module

from django.apps import AppConfig


class PrestatairesConfig(AppConfig):
    name = "prestataires"
    verbose_name = "Registre des prestataires"

    def ready(self):
        from dla_portal.socle.nomenclatures import declarer
        from prestataires import nomenclatures

        declarer("secteur", nomenclatures.SECTEURS)
        declarer("thematique", nomenclatures.THEMATIQUES)
        declarer("reseau", nomenclatures.RESEAUX)
        import_module("prestataires.demonstration")  # registers its part
