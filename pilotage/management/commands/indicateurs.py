"""`manage.py indicateurs`: the same figures as the pages, as JSON or as a table."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.http import Http404

from dla_portal.socle import horloge
from pilotage.indicateurs import perimetres, registre


class Command(BaseCommand):
    help = "Affiche les indicateurs d'un périmètre et d'une année."

    def add_arguments(self, parser):
        parser.add_argument("--annee", type=int, default=None)
        groupe = parser.add_mutually_exclusive_group()
        groupe.add_argument("--region")
        groupe.add_argument("--departement")
        groupe.add_argument("--operateur")
        parser.add_argument("--code", nargs="+", action="extend", default=None)
        parser.add_argument("--format", choices=["json", "tableau"], default="tableau")

    def handle(self, *args, annee=None, code=None, **options):
        annee = annee or horloge.aujourdhui().year
        perimetre = self._perimetre(options)
        try:
            choisis = registre.choisir(code)
        except KeyError as erreur:
            raise CommandError(f"Aucun indicateur ne porte le code {erreur.args[0]}.") from erreur
        resultats = [indicateur.resultat(perimetre, annee) for indicateur in choisis]
        if options["format"] == "json":
            donnees = [resultat.en_json() for resultat in resultats]
            self.stdout.write(json.dumps(donnees, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{perimetre} — {annee}")
        for resultat in resultats:
            indicateur = resultat.indicateur
            self.stdout.write(f"{indicateur.code:<6} {indicateur.libelle:<60} {resultat.affichage}")

    def _perimetre(self, options):
        for genre in ("region", "departement", "operateur"):
            if options.get(genre):
                try:
                    return perimetres.lire(f"{genre}-{options[genre]}")
                except Http404 as erreur:
                    raise CommandError(f"{genre} « {options[genre]} » inconnu.") from erreur
        return perimetres.NATIONAL
