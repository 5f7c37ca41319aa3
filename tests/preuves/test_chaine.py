"""Proofs of « From a request to the CoSTRAT table »; the browser's one is in test_chaine_ecran.

Numbers are those of the proof lines of the capability.
"""

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from accompagnements.structures.models import Structure
from dla_portal.comptes import roles
from dla_portal.territoires.management.commands.charger_territoires import charger
from dla_portal.territoires.models import Region
from tests.accompagnements import fabrique

RACINE = Path(__file__).resolve().parents[2]
DONNEES = RACINE.parent / "shared" / "donnees"
avec_donnees = pytest.mark.skipif(
    not DONNEES.is_dir(), reason="les données réelles (../shared/donnees) sont absentes"
)
COMPTES = re.compile(r"lus=(\d+) crees=(\d+) mis_a_jour=(\d+) ignores=(\d+) rejetes=(\d+)")


def importer(sujet, fichier, **options):
    """Run the command; return its five counts, checked to add up."""
    sortie = StringIO()
    call_command("importer", sujet, str(fichier), stdout=sortie, **options)
    trouves = COMPTES.search(sortie.getvalue())
    assert trouves, sortie.getvalue()
    lus, crees, mis_a_jour, ignores, rejetes = map(int, trouves.groups())
    assert lus == crees + mis_a_jour + ignores + rejetes
    return {"lus": lus, "crees": crees, "ignores": ignores, "rejetes": rejetes}


@avec_donnees
@pytest.mark.django_db
def test_preuve_2_les_organisations_reelles_sont_toutes_creees_une_fois():
    charger()
    fichier = DONNEES / "organisations" / "organisations.csv"
    premier = importer("structures", fichier)
    assert premier == {"lus": 8347, "crees": 8347, "ignores": 0, "rejetes": 0}
    assert Structure.objects.count() == 8347
    second = importer("structures", fichier)
    assert (second["lus"], second["crees"], second["rejetes"]) == (8347, 0, 0)
    assert Structure.objects.count() == 8347


@avec_donnees
@pytest.mark.django_db
def test_preuve_2_les_lignes_a_refuser_le_sont_avec_leur_motif(tmp_path):
    charger()
    rejets = tmp_path / "rejets.csv"
    fichier = DONNEES / "organisations" / "organisations_rejets.csv"
    comptes = importer("structures", fichier, rejets=str(rejets))
    assert comptes == {"lus": 91, "crees": 0, "ignores": 0, "rejetes": 91}
    texte = rejets.read_text(encoding="utf-8-sig")
    lignes = list(csv.DictReader(StringIO(texte), delimiter=";" if ";" in texte[:200] else ","))
    assert len(lignes) == 91
    assert sorted(int(ligne["ligne"]) for ligne in lignes) == list(range(2, 93))
    assert all(len(ligne["raison"]) > 10 for ligne in lignes)


@avec_donnees
@pytest.mark.django_db
@pytest.mark.parametrize("sujet", ["structures", "prestataires", "accompagnements", "objectifs"])
@pytest.mark.parametrize(
    "nom", sorted(f.name for f in (DONNEES / "pieges").glob("*")) if DONNEES.is_dir() else []
)
def test_preuve_2_chaque_fichier_piege_finit_par_un_compte_rendu(sujet, nom):
    comptes = importer(sujet, DONNEES / "pieges" / nom)
    assert comptes["lus"] > 0


DEPARTEMENTS = {"04": 31, "05": 28, "06": 72, "13": 105, "83": 62, "84": 48}
OBJECTIFS = {"04": 24, "05": 22, "06": 55, "13": 80, "83": 48, "84": 37}
ANNEE = 2021


def siret_d_essai(rang):
    """A well-formed SIRET of a series never given."""

    def cle(chiffres):
        somme = 0
        for place, chiffre in enumerate(reversed(chiffres)):
            valeur = int(chiffre) * (2 if place % 2 == 0 else 1)
            somme += valeur - 9 if valeur > 9 else valeur
        return str(-somme % 10)

    siren = f"0001{rang:04d}"
    siren += cle(siren)
    return siren + "0001" + cle(siren + "0001")


def ecrire_une_annee_regionale(dossier):
    """Files of 346 structures accompanied in 2021 over six departments, for 266 expected."""
    assert sum(DEPARTEMENTS.values()) == 346
    assert sum(OBJECTIFS.values()) == 266
    structures, accompagnements, objectifs = [], [], []
    rang = 0
    for departement, nombre in DEPARTEMENTS.items():
        for numero in range(nombre):
            rang += 1
            siret = siret_d_essai(rang)
            structures.append([siret, f"Organisation {rang}", departement])
            genre = ("", "ING_IND", "EXP_INT")[numero % 3]
            signature = f"15/06/{ANNEE}" if genre == "ING_IND" else ""
            accompagnements.append(
                [
                    f"R{rang}",
                    siret,
                    f"Opérateur {departement}",
                    departement,
                    f"01/02/{ANNEE}",
                    f"10/02/{ANNEE}",
                    f"20/04/{ANNEE}" if genre else "",
                    genre,
                    "5" if signature else "",
                    "4000" if signature else "",
                    "4800,00" if signature else "",
                    signature,
                ]
            )
        objectifs.append(
            [ANNEE, departement, "I-09", "", OBJECTIFS[departement], 1, f"15/01/{ANNEE}"]
        )
    fichiers = {}
    for nom, entetes, lignes in (
        ("structures", "siret nom departement", structures),
        (
            "accompagnements",
            "reference siret operateur departement date_demande date_accueil date_diagnostic "
            "type_action jours montant_ht montant_ttc date_convention",
            accompagnements,
        ),
        (
            "objectifs",
            "annee departement indicateur type valeur version date_signature",
            objectifs,
        ),
    ):
        fichiers[nom] = dossier / f"{nom}.csv"
        with fichiers[nom].open("w", encoding="utf-8", newline="") as flux:
            ecrivain = csv.writer(flux, delimiter=";")
            ecrivain.writerow(entetes.split())
            ecrivain.writerows(lignes)
    return fichiers


@pytest.fixture
def annee_regionale(db, tmp_path):
    charger()
    for nom, fichier in ecrire_une_annee_regionale(tmp_path).items():
        comptes = importer(nom, fichier)
        assert comptes["rejetes"] == 0
        assert comptes["crees"] == comptes["lus"]
    return fabrique.une_personne(roles.Pilote.code, region=Region.objects.get(pk="93"))


def indicateur(code, **options):
    """Return one indicator as the command prints it in JSON."""
    sortie = StringIO()
    call_command("indicateurs", annee=ANNEE, code=[code], format="json", stdout=sortie, **options)
    (trouve,) = json.loads(sortie.getvalue())
    return trouve


def test_preuve_4_la_region_affiche_130_pour_cent(annee_regionale, client):
    taux = indicateur("I-20", region="93")
    assert (taux["numerateur"], taux["denominateur"]) == (346, 266)
    assert taux["affichage"].replace("\u202f", " ").replace("\xa0", " ") == "130 %"
    assert taux["valeur"] == pytest.approx(130.0752, abs=1e-3)

    client.force_login(annee_regionale)
    page = client.get(reverse("pilotage:costrat"), {"region": "93", "annee": ANNEE})
    contenu = page.content.decode().replace("\u202f", " ").replace("\xa0", " ")
    assert page.status_code == 200
    assert "130 %" in contenu
    assert "346" in contenu
    assert "266" in contenu


def test_preuve_4_le_chiffre_ouvre_346_lignes(annee_regionale, client):
    client.force_login(annee_regionale)
    reponse = client.get(
        reverse("pilotage:lignes"),
        {"code": "I-09", "quoi": "numerateur", "perimetre": "region-93", "annee": ANNEE},
    )
    assert reponse.status_code == 200
    assert "346 structures" in reponse.content.decode().replace("\u202f", " ").replace("\xa0", " ")
    export = client.get(
        reverse("pilotage:lignes"),
        {
            "code": "I-09",
            "quoi": "numerateur",
            "perimetre": "region-93",
            "annee": ANNEE,
            "export": "csv",
        },
    )
    lignes = b"".join(export.streaming_content).decode("utf-8-sig").strip().splitlines()
    assert len(lignes) == 346 + 1


@pytest.mark.parametrize(("departement", "attendu"), DEPARTEMENTS.items())
def test_preuve_4_chaque_departement_compte_les_siens(annee_regionale, departement, attendu):
    trouve = indicateur("I-09", departement=departement)
    assert trouve["numerateur"] == attendu


def test_preuve_8_le_readme_reste_court():
    lignes = (RACINE / "README.md").read_text().splitlines()
    assert len(lignes) <= 120
    assert any("make run" in ligne for ligne in lignes)
    assert any("make test" in ligne for ligne in lignes)


@pytest.mark.parametrize("nom", ["etats.md", "indicateurs.md", "imports.md", "exploitation.md"])
def test_preuve_8_les_documents_existent(nom):
    assert len((RACINE / "docs" / nom).read_text()) > 1000
