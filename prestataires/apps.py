"""The register of prestataires."""

from importlib import import_module

from django.apps import AppConfig


class PrestatairesConfig(AppConfig):
    name = "prestataires"
    verbose_name = "Registre des prestataires"

    def ready(self):
        from dla_portal.comptes import roles
        from dla_portal.socle.machines import Machine
        from dla_portal.socle.machines import inscrire as inscrire_machines
        from dla_portal.socle.navigation import Entree, inscrire
        from dla_portal.socle.nomenclatures import declarer
        from dla_portal.socle.recherche_globale import inscrire as inscrire_rubriques
        from dla_portal.socle.semis import apres_migration
        from prestataires import etats, nomenclatures, trouvailles

        declarer("secteur", nomenclatures.SECTEURS)
        declarer("thematique", nomenclatures.THEMATIQUES)
        declarer("reseau", nomenclatures.RESEAUX)
        lecteurs = roles.EQUIPE_OPERATEUR | {
            roles.DlaRegional.code,
            roles.Crdla.code,
            roles.Administrateur.code,
        }
        inscrire(Entree(70, "Prestataires", "prestataires:liste", "person-check", lecteurs))
        inscrire_machines(Machine("Prestataire", etats.Etat, etats.RESPONSABLE, etats.TRANSITIONS))
        inscrire_rubriques(*trouvailles.RUBRIQUES)
        apres_migration(self, trouvailles.indexer)
        # Each registers its part.
        import_module("prestataires.pieces")
        import_module("prestataires.imports")
        import_module("prestataires.demonstration")
        import_module("prestataires.relances")
