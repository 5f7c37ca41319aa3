"""`manage.py balayer_fichiers`: delete the stored files that no row bears (idempotent).

A process killed between the writing of a file and the commit of its row leaves one behind.
"""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from dla_portal.socle.fichiers import effacer_sans_ligne

REPIT = timedelta(hours=24)  # a younger file may belong to a transaction still open
LOT = 500


class Command(BaseCommand):
    help = "Efface les fichiers stockés que rien ne désigne, vieux d'un jour au moins."

    def handle(self, *args, **options):
        limite = timezone.now() - REPIT
        vieux = [nom for nom in _noms("") if default_storage.get_modified_time(nom) < limite]
        lots = [vieux[debut : debut + LOT] for debut in range(0, len(vieux), LOT)]
        effaces = sum(effacer_sans_ligne(lot) for lot in lots)
        self.stdout.write(f"Fichiers regardés : {len(vieux)} ; effacés : {effaces}.")


def _noms(dossier):
    """Yield the name of every stored file, as a row writes it."""
    try:
        dossiers, fichiers = default_storage.listdir(dossier)
    except FileNotFoundError:
        return
    prefixe = f"{dossier}/" if dossier else ""
    yield from (f"{prefixe}{nom}" for nom in fichiers)
    for nom in dossiers:
        yield from _noms(f"{prefixe}{nom}")
