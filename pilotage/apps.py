"""Counting: objectives, indicators, dashboards. Reads everything, writes only its own tables."""

from importlib import import_module

from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "pilotage"
    verbose_name = "Pilotage"

    def ready(self):
        from dla_portal.comptes.roles import ROLES, MembreComite
        from dla_portal.socle.navigation import Entree, inscrire

        lecteurs = frozenset(ROLES) - {MembreComite.code}
        inscrire(
            Entree(80, "Pilotage", "pilotage:tableau", "bar-chart-line", lecteurs),
            Entree(90, "Objectifs", "pilotage:objectifs", "flag", lecteurs),
        )
        # Each registers its part: the indicators, the importer, the demonstration.
        for module in ("activite", "couts", "profil"):
            import_module(f"pilotage.indicateurs.{module}")
        import_module("pilotage.imports")
        import_module("pilotage.demonstration")
