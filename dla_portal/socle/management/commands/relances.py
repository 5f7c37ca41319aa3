"""`manage.py relances [--date JJ/MM/AAAA]`: put the reminders due in the outbox (idempotent)."""

import logging

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dla_portal.socle import horloge, relances
from dla_portal.socle.saisies import date_de_commande

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Dépose les rappels dus à une date (aujourd'hui par défaut)."

    def add_arguments(self, parser):
        parser.add_argument("--date", help="JJ/MM/AAAA ou AAAA-MM-JJ")

    def handle(self, *args, date=None, **options):
        le = date_de_commande(date) if date else horloge.aujourdhui()
        pannes = []
        for relance in relances.RELANCES:
            try:
                with transaction.atomic():
                    self.stdout.write(f"{relance.libelle} : {relance.jouer(le)}")
            except (
                Exception
            ):  # the other reminders leave all the same; the command fails at the end
                logger.exception("Rappel en panne : %s", relance.libelle)
                pannes.append(relance.libelle)
        if pannes:
            raise CommandError(f"En panne, à relancer : {', '.join(pannes)}.")
