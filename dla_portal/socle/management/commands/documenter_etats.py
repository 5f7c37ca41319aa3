"""`manage.py documenter_etats`: write docs/etats.md from the state tables and the reminders."""

from django.conf import settings
from django.core.management.base import BaseCommand

from dla_portal.socle import machines, relances


def document():
    """Return docs/etats.md: the state machines, then the reminders."""
    return f"{machines.en_markdown()}\n{relances.en_markdown()}"


class Command(BaseCommand):
    help = "Écrit docs/etats.md depuis les tables d'états."

    def handle(self, *args, **options):
        cible = settings.BASE_DIR / "docs" / "etats.md"
        cible.parent.mkdir(exist_ok=True)
        cible.write_text(document())
        self.stdout.write(f"{cible.name} : {len(machines.MACHINES)} machines à états.")
