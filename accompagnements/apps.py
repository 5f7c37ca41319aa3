"""The chain of the DLA as one Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccompagnementsConfig(AppConfig):
    name = "accompagnements"
    verbose_name = "Accompagnements"

    def ready(self):
        from accompagnements import nomenclatures
        from accompagnements.consultations import grilles_nationales
        from accompagnements.conventions import encarts as encarts_convention
        from accompagnements.conventions import marques, trame_nationale
        from accompagnements.financements.encarts import financement
        from accompagnements.machines import MACHINES
        from accompagnements.navigation import ENTREES
        from accompagnements.suites.encarts import missions
        from accompagnements.suites.vivier import FACETTES
        from dla_portal.comptes.roles import INSTRUCTEURS
        from dla_portal.socle import machines, navigation
        from dla_portal.socle.nomenclatures import declarer
        from prestataires import encarts, selection

        declarer("prescripteur", nomenclatures.PRESCRIPTEURS)
        declarer("agrement", nomenclatures.AGREMENTS)
        declarer("orientation", nomenclatures.ORIENTATIONS)
        declarer("financeur", nomenclatures.FINANCEURS)
        navigation.inscrire(*ENTREES)
        navigation.inscrire_bouton("accompagnements:demande_nouvelle", INSTRUCTEURS)
        machines.inscrire(*MACHINES)
        # Each registers its part: importers, reminders, right to read files, demonstration.
        for module in (
            "imports",
            "relances",
            "pieces",
            "demonstration.histoire",
            "demonstration.argent",
            "demonstration.vitrine",
            "demonstration.signatures",
            "demonstration.aleas",
        ):
            import_module(f"accompagnements.{module}")
        encarts.inscrire(missions)
        selection.inscrire(*FACETTES)
        for module in (grilles_nationales, marques, trame_nationale):
            post_migrate.connect(module.semer, sender=self, dispatch_uid=module.__name__)
        encarts_convention.inscrire(financement)
