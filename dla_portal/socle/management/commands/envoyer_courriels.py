"""`manage.py envoyer_courriels`: send the outbox once, or keep sending with `--en-continu`."""

import time

from django.core.management.base import BaseCommand

from dla_portal.socle.courriels import envoyer_en_attente

PAUSE = 5  # seconds between two rounds


class Command(BaseCommand):
    help = "Envoie les courriels en attente de la boîte d'envoi."

    def add_arguments(self, parser):
        parser.add_argument("--en-continu", action="store_true", help="ne s'arrête pas")

    def handle(self, *args, en_continu=False, **options):
        while True:
            envoyes, echecs = envoyer_en_attente()
            if envoyes or echecs or not en_continu:
                self.stdout.write(f"envoyes={envoyes} echecs={echecs}")
            if not en_continu:
                return
            time.sleep(PAUSE)
