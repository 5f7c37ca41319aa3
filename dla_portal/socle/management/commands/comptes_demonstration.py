"""`manage.py comptes_demonstration`: print one account per role of the demonstration."""

from django.core.management.base import BaseCommand

from dla_portal.comptes.models import Utilisateur
from dla_portal.comptes.roles import ROLES
from dla_portal.socle.demonstration import MOT_DE_PASSE


class Command(BaseCommand):
    help = "Affiche un compte par rôle."

    def handle(self, *args, **options):
        for code, role in ROLES.items():
            compte = Utilisateur.objects.filter(rattachements__role=code).order_by("pk").first()
            if compte:
                self.stdout.write(f"{role.libelle:<30} {compte.email}")
        self.stdout.write(f"Mot de passe de tous les comptes : {MOT_DE_PASSE}")
