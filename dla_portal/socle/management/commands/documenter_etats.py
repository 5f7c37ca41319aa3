"""`manage.py documenter_etats`: write docs/etats.md from the state tables."""

from django.conf import settings
from django.core.management.base import BaseCommand

from dla_portal.socle import machines


class Command(BaseCommand):
    help = "Écrit docs/etats.md depuis les tables d'états."

    def handle(self, *args, **options):
        cible = settings.BASE_DIR / "docs" / "etats.md"
        cible.parent.mkdir(exist_ok=True)
        cible.write_text(machines.en_markdown())
        self.stdout.write(f"{cible.name} : {len(machines.MACHINES)} machines à états.")
