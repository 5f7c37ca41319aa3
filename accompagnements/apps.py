"""The chain of the DLA as one Django app."""

from importlib import import_module

from django.apps import AppConfig

INSCRITS = (
    "imports",
    "recherche",
    "relances",
    "demandes.relances",
    "plans.relances",
    "parcours.resumes",
    "pieces",
    "demonstration.histoire",
    "demonstration.argent",
    "demonstration.vitrine",
    "demonstration.signatures",
    "demonstration.aleas",
    "demonstration.en_ligne",
    "demonstration.animation",
)


class AccompagnementsConfig(AppConfig):
    name = "accompagnements"
    verbose_name = "Accompagnements"

    def ready(self):
        from accompagnements import marques, nomenclatures
        from accompagnements.consultations import grilles_nationales
        from accompagnements.conventions import encarts as encarts_convention
        from accompagnements.conventions import trame_nationale
        from accompagnements.demandes import eligibilite
        from accompagnements.financements.encarts import depassement, financement
        from accompagnements.machines import MACHINES
        from accompagnements.navigation import ENTREES
        from accompagnements.suites.encarts import missions
        from accompagnements.suites.vivier import AVERTISSEMENTS, FACETTES
        from dla_portal.comptes.roles import INSTRUCTEURS
        from dla_portal.socle import machines, navigation
        from dla_portal.socle.nomenclatures import declarer
        from dla_portal.socle.semis import apres_migration
        from prestataires import encarts, selection

        declarer("prescripteur", nomenclatures.PRESCRIPTEURS)
        declarer("agrement", nomenclatures.AGREMENTS)
        declarer("orientation", nomenclatures.ORIENTATIONS)
        declarer("financeur", nomenclatures.FINANCEURS)
        declarer("temps", nomenclatures.TEMPS)
        declarer("animation", nomenclatures.ANIMATIONS)
        navigation.inscrire(*ENTREES)
        navigation.inscrire_bouton("accompagnements:demande_nouvelle", INSTRUCTEURS)
        machines.inscrire(*MACHINES)
        # Each registers its part: importers, reminders, search, right to read files, demonstration.
        for module in INSCRITS:
            import_module(f"accompagnements.{module}")
        encarts.inscrire(missions)
        selection.inscrire(*FACETTES, avertissements=AVERTISSEMENTS)
        for module in (eligibilite, grilles_nationales, marques, trame_nationale):
            apres_migration(self, module.semer)
        encarts_convention.inscrire(financement, avertir=depassement)
