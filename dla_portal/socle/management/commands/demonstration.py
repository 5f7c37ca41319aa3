"""`manage.py demonstration`: fill an empty database with the invented story of one region."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from dla_portal.comptes.models import Utilisateur
from dla_portal.socle import demonstration


class Command(BaseCommand):
    help = "Crée la démonstration (organisations et personnes inventées) dans une base vide."

    def add_arguments(self, parser):
        parser.add_argument(
            "--si-vide", action="store_true", help="ne fait rien si la base sert déjà"
        )
        parser.add_argument("--taille", type=float, default=1.0, help="1 pour l'histoire entière")

    def handle(self, *args, si_vide=False, taille=1.0, **options):
        if not settings.EN_LOCAL:
            raise CommandError("La démonstration ne se crée que sur cette machine.")
        if Utilisateur.objects.exists():
            if si_vide:
                self.stdout.write("La base contient déjà des comptes : rien à créer.")
                return
            raise CommandError(
                "La base contient déjà des comptes : « make demo-neuve » repart de zéro."
            )
        debut = time.monotonic()
        self._preparer()
        with transaction.atomic():
            demonstration.jouer(taille, dire=lambda phrase: self.stdout.write(f"… {phrase}"))
        self.stdout.write(f"Démonstration créée en {time.monotonic() - debut:.0f} s.")

    def _preparer(self):
        """A demonstration may be made again: SQLite need not wait for the disk meanwhile."""
        if connection.vendor == "sqlite":
            with connection.cursor() as curseur:
                curseur.execute("PRAGMA synchronous=OFF")
