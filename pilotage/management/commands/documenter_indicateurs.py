"""`manage.py documenter_indicateurs`: write docs/indicateurs.md from the registry."""

from django.conf import settings
from django.core.management.base import BaseCommand

from pilotage.indicateurs.publication import en_markdown


class Command(BaseCommand):
    help = "Écrit docs/indicateurs.md depuis le registre des indicateurs."

    def handle(self, *args, **options):
        cible = settings.BASE_DIR / "docs" / "indicateurs.md"
        cible.write_text(en_markdown())
        self.stdout.write(f"{cible.name} écrit.")
