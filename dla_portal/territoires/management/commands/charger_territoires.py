"""`manage.py charger_territoires`: load régions, départements, EPCI and communes (idempotent)."""

import csv
import gzip
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from dla_portal.socle.recherche import normaliser
from dla_portal.territoires.models import EPCI, Commune, Departement, Region

DONNEES = Path(__file__).resolve().parents[2] / "donnees"
LOT = 2000  # rows per statement


def lire(nom):
    """Yield the rows of one of the carried files."""
    chemin = DONNEES / nom
    ouvrir = gzip.open if chemin.suffix == ".gz" else open
    with ouvrir(chemin, "rt", encoding="utf-8", newline="") as flux:
        yield from csv.DictReader(flux)


def charger():
    """Create what is missing and refresh what changed; return the number of rows by name."""
    with transaction.atomic():
        return {
            "régions": _poser(
                Region,
                [Region(code=r["code"], nom=r["nom"]) for r in lire("regions.csv")],
                ["nom"],
            ),
            "départements": _poser(
                Departement,
                [
                    Departement(code=d["code"], nom=d["nom"], region_id=d["code_region"])
                    for d in lire("departements.csv")
                    if d["code_region"]
                ],
                ["nom", "region"],
            ),
            "EPCI": _poser(
                EPCI,
                [EPCI(siren=e["siren"], nom=e["nom"], genre=e["type"]) for e in lire("epci.csv")],
                ["nom", "genre"],
            ),
            "communes": _poser(
                Commune,
                [_commune(c) for c in lire("communes.csv.gz")],
                ["nom", "nom_normalise", "departement", "epci", "codes_postaux", "population"],
            ),
        }


def _commune(ligne):
    return Commune(
        code=ligne["code_insee"],
        nom=ligne["nom"],
        nom_normalise=normaliser(ligne["nom"]),
        departement_id=ligne["departement"],
        epci_id=ligne["siren_epci"] or None,
        codes_postaux=ligne["codes_postaux"],
        population=int(ligne["population"]) if ligne["population"] else None,
    )


def _poser(modele, lignes, champs):
    modele.objects.bulk_create(
        lignes,
        batch_size=LOT,
        update_conflicts=True,
        unique_fields=[modele._meta.pk.name],
        update_fields=champs,
    )
    return len(lignes)


class Command(BaseCommand):
    help = "Charge les régions, départements, EPCI et communes."

    def add_arguments(self, parser):
        parser.add_argument(
            "--si-vide", action="store_true", help="ne fait rien si c'est déjà fait"
        )

    def handle(self, *args, si_vide=False, **options):
        if si_vide and Commune.objects.exists():
            self.stdout.write("Les territoires sont déjà chargés.")
            return
        comptes = charger()
        self.stdout.write(", ".join(f"{nombre} {nom}" for nom, nombre in comptes.items()))
