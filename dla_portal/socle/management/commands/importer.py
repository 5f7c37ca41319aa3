"""`manage.py importer SUJET FICHIER`: take over a spreadsheet (docs/imports.md)."""

import sys

from django.core.management.base import BaseCommand

from dla_portal.socle.imports.lecture import FichierIllisible
from dla_portal.socle.imports.moteur import IMPORTATEURS, importer


class Command(BaseCommand):
    help = "Importe structures, prestataires, accompagnements ou objectifs depuis un tableur."

    def add_arguments(self, parser):
        parser.add_argument("sujet", choices=sorted(IMPORTATEURS))
        parser.add_argument("fichier")
        parser.add_argument("--a-blanc", action="store_true", help="contrôle sans rien écrire")
        parser.add_argument("--rejets", help="fichier CSV des lignes rejetées")
        parser.add_argument(
            "--tout-ou-rien", action="store_true", help="n'écrit rien si une ligne est rejetée"
        )

    def handle(self, *args, sujet, fichier, a_blanc, rejets, tout_ou_rien, **options):
        try:
            rapport = importer(sujet, fichier, a_blanc=a_blanc, tout_ou_rien=tout_ou_rien)
        except FichierIllisible as erreur:
            self.stderr.write(str(erreur))
            sys.exit(2)
        if rejets:
            rapport.ecrire_rejets(rejets)
        self.stdout.write(str(rapport))
        if a_blanc:
            self.stdout.write("Contrôle à blanc : rien n'a été écrit.")
        elif rapport.annule:
            self.stdout.write("Tout ou rien : une ligne au moins est rejetée, rien n'a été écrit.")
        for numero, raison, _ in rapport.rejets[:5]:
            self.stdout.write(f"  ligne {numero} : {raison}")
        reste = len(rapport.rejets) - 5
        if reste > 0:
            self.stdout.write(f"  … et {reste} autres lignes rejetées (option --rejets).")
