"""The chain of the DLA as one Django app."""

from django.apps import AppConfig


class AccompagnementsConfig(AppConfig):
    name = "accompagnements"
    verbose_name = "Accompagnements"

    def ready(self):
        from accompagnements import nomenclatures
        from accompagnements.navigation import ENTREES
        from dla_portal.socle import navigation
        from dla_portal.socle.nomenclatures import declarer

        navigation.inscrire(*ENTREES)

        declarer("prescripteur", nomenclatures.PRESCRIPTEURS)
        declarer("agrement", nomenclatures.AGREMENTS)
        declarer("orientation", nomenclatures.ORIENTATIONS)
