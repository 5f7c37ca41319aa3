"""`manage.py resumes [--date JJ/MM/AAAA]`: put the digests and the news due in the outbox.

Idempotent: what was said to a person is not said again, however often the command runs.
"""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dla_portal.comptes import resumes
from dla_portal.socle import horloge
from dla_portal.socle.saisies import date_de_commande


class Command(BaseCommand):
    help = "Dépose les résumés du jour et les nouvelles à dire au plus vite."

    def add_arguments(self, parser):
        parser.add_argument(
            "--date", help="JJ/MM/AAAA ou AAAA-MM-JJ : les résumés de ce jour, à toute heure"
        )

    def handle(self, *args, date=None, **options):
        le = date_de_commande(date) if date else horloge.aujourdhui()
        heure = timezone.localtime(horloge.maintenant()).hour
        deposes, pannes = resumes.deposer(le, quotidiens=bool(date) or heure >= resumes.HEURE)
        self.stdout.write(f"Courriels déposés : {deposes}")
        if pannes:
            raise CommandError(f"En panne, à relancer : {len(pannes)} compte(s).")
