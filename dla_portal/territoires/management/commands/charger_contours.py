"""`manage.py charger_contours`: load the outlines of a zoning from a local GeoJSON (idempotent)."""

import gzip
import json
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dla_portal.territoires import contours
from dla_portal.territoires.models import Contour, Couche

REFUS_DITS = 10  # refusals told one by one


class Command(BaseCommand):
    help = (
        "Charge les contours d'un zonage (QPV par défaut) depuis un fichier GeoJSON local, en "
        "degrés (WGS84), compressé ou non. Le même chargement répété ne change rien."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--source", required=True, help="nom et millésime de la liste")
        parser.add_argument("--couche", default=Couche.QPV.value, choices=Couche.values)
        parser.add_argument("--debut", type=_jour, default=None, help="AAAA-MM-JJ, début d'effet")
        parser.add_argument("--fin", type=_jour, default=None, help="AAAA-MM-JJ, fin d'effet")
        parser.add_argument("--code", default="", help="propriété qui porte le code")
        parser.add_argument("--nom", default="", help="propriété qui porte le nom")

    def handle(self, *args, fichier, source, couche, debut, fin, code, nom, **options):
        if debut and fin and fin < debut:
            raise CommandError("La fin précède le début.")
        try:
            zones, refus = contours.lire(_ouvrir(fichier), code, nom)
        except (OSError, EOFError, ValueError) as erreur:
            raise CommandError(f"{fichier} : {erreur}") from erreur
        nouveaux = _charger(zones, couche=couche, source=source, debut=debut, fin=fin)
        self.stdout.write(f"{len(zones)} contours lus, {nouveaux} nouveaux, {len(refus)} refusés.")
        for phrase in refus[:REFUS_DITS]:
            self.stderr.write(phrase)
        if len(refus) > REFUS_DITS:
            self.stderr.write(f"… et {len(refus) - REFUS_DITS} autres.")


def _jour(texte):
    return date.fromisoformat(texte)


def _ouvrir(fichier):
    ouvrir = gzip.open if fichier.suffix == ".gz" else open
    with ouvrir(fichier, "rt", encoding="utf-8") as flux:
        return json.load(flux)


@transaction.atomic
def _charger(zones, *, couche, source, debut, fin):
    """Create or refresh the outlines of one list; return how many are new."""
    nouveaux = 0
    for zone in zones:
        ouest, sud, est, nord = contours.rectangle(zone.geometrie)
        _, nouveau = Contour.objects.update_or_create(
            couche=couche,
            code=zone.code,
            debut=debut,
            defaults={
                "nom": zone.nom,
                "geometrie": zone.geometrie,
                "ouest": ouest,
                "sud": sud,
                "est": est,
                "nord": nord,
                "fin": fin,
                "source": source[:120],
            },
        )
        nouveaux += nouveau
    return nouveaux
