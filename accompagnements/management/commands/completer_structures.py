"""`manage.py completer_structures [--lot 200]`: ask the directory about the structures flagged."""

from django.core.management.base import BaseCommand

from accompagnements.structures import verifications


class Command(BaseCommand):
    help = "Complète d'après l'annuaire public les structures « à vérifier »."

    def add_arguments(self, parser):
        parser.add_argument("--lot", type=int, default=200, help="structures au plus par passage")

    def handle(self, *args, lot=200, **options):
        faites, pannes, phrase = verifications.completer(max(lot, 1))
        self.stdout.write(f"completees={faites} en_panne={pannes}")
        if phrase:
            self.stdout.write(f"Arrêt avant la fin : {phrase} Le prochain passage reprendra.")
