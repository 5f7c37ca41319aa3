"""What the search box finds in the chain: each stage its part."""

from django.apps import apps

from accompagnements.demandes import trouvailles as demandes
from accompagnements.parcours import trouvailles as parcours
from accompagnements.structures import trouvailles as structures
from dla_portal.socle import recherche_globale
from dla_portal.socle.semis import apres_migration

for stage in (structures, demandes, parcours):
    recherche_globale.inscrire(*stage.RUBRIQUES)

apres_migration(apps.get_app_config("accompagnements"), structures.indexer)
