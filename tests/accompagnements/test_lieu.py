"""The place of a structure: coordinates, QPV entered or by contour, kept at the date of a dossier."""

import gzip
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accompagnements.demandes import transitions as demandes
from accompagnements.structures import annuaire
from accompagnements.structures.lieu import quartier_de, zonages_de
from accompagnements.structures.models import Structure
from dla_portal.socle import horloge
from dla_portal.territoires import contours
from dla_portal.territoires.models import ClassementCommune, Contour
from tests.accompagnements import fabrique
from tests.accompagnements.test_structures import saisie

pytestmark = pytest.mark.django_db
REELS = Path(__file__).resolve().parents[2].parent / "shared/donnees/zonages"

CARRE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
TROU = [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]
ILOT = [[1.5, 1.5], [2.5, 1.5], [2.5, 2.5], [1.5, 2.5], [1.5, 1.5]]
CREUX = [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4], [0, 0]]


# --- A point in a polygon -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("geometrie", "x", "y", "dedans"),
    [
        ([[CARRE]], 2, 2, True),
        ([[CARRE]], 5, 2, False),
        ([[CARRE]], -1, 4, False),  # level with a corner, outside
        ([[CARRE]], -1, 0, False),
        ([[CARRE]], 0, 2, True),  # on a border
        ([[CARRE]], 4, 4, True),  # on a corner
        ([[CARRE]], 2, 0, True),
        ([[CARRE[:-1]]], 2, 2, True),  # a ring left open
        ([[CARRE[::-1]]], 2, 2, True),  # turned the other way
        ([[CARRE, TROU]], 2, 2, False),  # in the hole
        ([[CARRE, TROU]], 0.5, 2, True),
        ([[CARRE, TROU]], 1, 2, True),  # on the border of the hole
        ([[CARRE, TROU], [ILOT]], 2, 2, True),  # an island in the hole
        ([[CARRE, TROU], [ILOT]], 1.2, 2, False),
        ([[CREUX]], 2, 2, False),  # in the notch
        ([[CREUX]], 2, 1, True),  # at its bottom
        ([[CREUX]], 0.5, 2, True),
        ([[CREUX]], 2, 0.5, True),
        ([[[[0, 0, 7], [4, 0, 7], [4, 4, 7]]]], 3, 1, True),  # heights are not looked at
    ],
)
def test_un_point_est_dans_un_contour(geometrie, x, y, dedans):
    assert contours.contient(geometrie, x, y) is dedans


# --- Loading the contours -----------------------------------------------------------------------
def entite(code="QN1", nom="Les Essais", anneaux=None, genre="Polygon", **plus):
    return {
        "type": "Feature",
        "properties": {"code_qp": code, "lib_qp": nom, **plus},
        "geometry": {"type": genre, "coordinates": anneaux or [CARRE]},
    }


def fichier(dossier, *entites, nom="contours.geojson"):
    chemin = dossier / nom
    contenu = json.dumps({"type": "FeatureCollection", "features": list(entites)})
    if nom.endswith(".gz"):
        chemin.write_bytes(gzip.compress(contenu.encode()))
    else:
        chemin.write_text(contenu)
    return str(chemin)


@pytest.mark.parametrize("nom", ["contours.geojson", "contours.json.gz"])
def test_on_charge_des_contours_deux_fois_sans_doubler(tmp_path, nom):
    chemin = fichier(
        tmp_path, entite(), entite("QN2", anneaux=[[CARRE, TROU], [ILOT]], genre="MultiPolygon")
    )
    for _ in range(2):
        call_command("charger_contours", chemin, source="Essai 2024", debut=date(2024, 1, 1))
    assert Contour.objects.count() == 2
    premier = Contour.objects.get(code="QN1")
    assert (premier.nom, premier.ouest, premier.nord) == ("Les Essais", 0, 4)


def test_les_contours_faux_sont_refuses_un_par_un(tmp_path, capsys):
    faux = [
        entite(code=""),
        entite("P", genre="Point", anneaux=[1, 2]),
        entite("L", anneaux=[[[900000, 6500000], [900001, 6500000], [900000, 6500001]]]),
        entite("C", anneaux=[[[0, 0], [1, 1]]]),
        entite("T", anneaux=[[["a", "b"], ["c", "d"], ["e", "f"]]]),
        {"type": "Feature"},
        "rien",
    ]
    call_command("charger_contours", fichier(tmp_path, entite(), *faux), source="Essai")
    sorti, dit = capsys.readouterr()
    assert "1 contours lus, 1 nouveaux, 7 refusés" in sorti
    assert "n'est pas en WGS84" in dit
    assert Contour.objects.count() == 1


@pytest.mark.parametrize("contenu", ["", "pas du json", "[]", '{"type": "Feature"}'])
def test_un_fichier_qui_n_en_est_pas_un_est_refuse(tmp_path, contenu):
    chemin = tmp_path / "faux.geojson"
    chemin.write_text(contenu)
    with pytest.raises(CommandError):
        call_command("charger_contours", str(chemin), source="Essai")
    with pytest.raises(CommandError):
        call_command("charger_contours", str(tmp_path / "absent.geojson"), source="Essai")


def test_les_proprietes_se_nomment(tmp_path):
    chemin = fichier(tmp_path, entite("", "", ident="Z1", intitule="Ailleurs"))
    call_command("charger_contours", chemin, source="Essai", code="IDENT", nom="intitule")
    assert str(Contour.objects.get()) == "Ailleurs (Z1)"


@pytest.mark.parametrize(
    ("nom", "lignes"),
    [
        ("contour_unique_par_debut", [{"debut": date(2024, 1, 1)}] * 2),
        ("contour_dates_ordonnees", [{"debut": date(2024, 1, 2), "fin": date(2024, 1, 1)}]),
    ],
)
def test_la_base_refuse_un_contour(nom, lignes):
    faux = [un_contour(**ligne, en_base=False) for ligne in lignes]
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        Contour.objects.bulk_create(faux)
    assert nom in str(refus.value) or "UNIQUE" in str(refus.value)


def un_contour(en_base=True, **champs):
    valeurs = {
        "code": "QN1",
        "nom": "Les Essais",
        "geometrie": [[CARRE]],
        "ouest": 0,
        "sud": 0,
        "est": 4,
        "nord": 4,
        "source": "Essai 2024",
    }
    contour = Contour(**{**valeurs, **champs})
    if en_base:
        contour.save()
    return contour


@pytest.mark.skipif(not REELS.is_dir(), reason="les données réelles (../shared) sont absentes")
def test_les_contours_reels_se_chargent_et_se_retrouvent():
    call_command(
        "charger_contours", str(REELS / "qpv_2024_contours.json.gz"), source="QPV 2024", debut=None
    )
    assert Contour.objects.count() == 1584
    retrouves = 0
    for contour in Contour.objects.all():
        x, y = contour.geometrie[0][0][0]  # a corner is within
        assert contours.contient(contour.geometrie, x, y)
        retrouves += Contour.objects.contenant(y, x) is not None
    assert retrouves == 1584
    assert Contour.objects.contenant(45.5, -30) is None  # in the ocean


# --- A structure --------------------------------------------------------------------------------
def test_le_quartier_vient_du_contour_en_vigueur(structure):
    un_contour(debut=date(2024, 1, 1), fin=date(2025, 12, 31))
    un_contour(code="QN9", nom="Nouveau", debut=date(2026, 1, 1))
    assert quartier_de(structure, date(2024, 6, 1)) is None  # nobody knows where it is
    structure.latitude, structure.longitude = Decimal(2), Decimal(2)
    structure.save()
    assert quartier_de(structure, date(2023, 12, 31)) is None
    assert quartier_de(structure, date(2024, 1, 1)).en_mots == "Les Essais (QN1)"
    assert quartier_de(structure, date(2026, 1, 1)).code == "QN9"
    assert zonages_de(structure, date(2024, 6, 1)) == ["QPV"]
    structure.longitude = Decimal(9)
    assert zonages_de(structure, date(2024, 6, 1)) == []


def test_ce_qui_est_saisi_passe_avant_le_contour(structure):
    un_contour()
    structure.latitude, structure.longitude = Decimal(2), Decimal(2)
    structure.qpv, structure.qpv_source = "Les Vergers", "Attestation de la mairie"
    structure.qpv_constate_le = date(2025, 3, 1)
    structure.save()
    assert quartier_de(structure, date(2025, 2, 28)).nom == "Les Essais"
    assert quartier_de(structure, date(2025, 3, 1)).nom == "Les Vergers"


def test_le_dossier_garde_les_zonages_du_jour_de_son_ouverture(charge):
    demande = fabrique.une_demande("accueillie", jours=30)
    structure = demande.structure
    ClassementCommune.objects.create(commune=structure.commune, couche="FRR", source="Essai")
    structure.latitude, structure.longitude = Decimal(2), Decimal(2)
    structure.save()
    un_contour()
    dossier = demandes.ouvrir(demande, par=charge)
    assert dossier.zonages == ["FRR", "QPV"]
    Contour.objects.all().delete()
    dossier.refresh_from_db()
    assert dossier.zonages == ["FRR", "QPV"]


@pytest.mark.parametrize(
    ("nom", "champs"),
    [
        ("structure_coordonnees", {"latitude": 1}),
        ("structure_coordonnees", {"latitude": 91, "longitude": 1}),
        ("structure_qpv_source_et_date", {"qpv": "Les Vergers"}),
        ("structure_qpv_source_et_date", {"qpv_source": "La mairie"}),
    ],
)
def test_la_base_refuse_un_lieu_a_moitie(structure, nom, champs):
    with pytest.raises(IntegrityError, match=nom), transaction.atomic():
        Structure.objects.filter(pk=structure.pk).update(**champs)


# --- The form -----------------------------------------------------------------------------------
@pytest.fixture
def creer(client, charge):
    fabrique.une_commune()
    client.force_login(charge)

    def envoyer(**champs):
        return client.post(reverse("accompagnements:structure_nouvelle"), saisie(**champs))

    return envoyer


def test_on_saisit_les_coordonnees_et_le_quartier(creer, client):
    assert (
        creer(
            latitude="43,296482",
            longitude="5.36978",
            qpv="Les Vergers",
            qpv_source="Carte de l'ANCT",
        ).status_code
        == 302
    )
    structure = Structure.objects.get(siret="73282932000074")
    assert (structure.latitude, structure.longitude) == (Decimal("43.296482"), Decimal("5.369780"))
    assert structure.qpv_constate_le == horloge.aujourdhui()
    page = client.get(structure.get_absolute_url()).content.decode()
    assert "Les Vergers" in page
    assert "Carte de l&#x27;ANCT" in page


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"latitude": "43"}, "longitude"),
        ({"longitude": "5"}, "latitude"),
        ({"latitude": "91", "longitude": "5"}, "latitude"),
        ({"latitude": "nord", "longitude": "5"}, "latitude"),
        ({"latitude": "43,1234567", "longitude": "5"}, "latitude"),
        ({"qpv": "Les Vergers"}, "qpv_source"),
        ({"qpv_source": "La mairie"}, "qpv"),
        ({"qpv_constate_le": "2025-01-01"}, "qpv"),
        ({"qpv": "A", "qpv_source": "B", "qpv_constate_le": "demain"}, "qpv_constate_le"),
        ({"qpv": "A", "qpv_source": "B", "qpv_constate_le": "2090-01-01"}, "qpv_constate_le"),
    ],
)
def test_un_lieu_faux_est_dit_a_son_champ(creer, champs, champ):
    reponse = creer(**champs)
    assert reponse.status_code == 422
    assert champ in reponse.context["formulaire"].errors
    assert not Structure.objects.filter(siret="73282932000074").exists()


def test_les_coordonnees_d_une_ancienne_adresse_s_effacent(creer, client):
    creer(latitude="43,2", longitude="5,3", adresse="1 rue Haute")
    structure = Structure.objects.get(siret="73282932000074")
    champs = {
        **saisie(adresse="9 rue Basse", latitude="43,200000", longitude="5,300000"),
        "version": structure.version,
        "commune": str(structure.commune),
        "code_postal": structure.code_postal,
        "ville": structure.ville,
    }
    url = reverse("accompagnements:structure_modifier", args=[structure.pk])
    assert client.post(url, champs).status_code == 302
    structure.refresh_from_db()
    assert (structure.adresse, structure.latitude) == ("9 rue Basse", None)
    # The address changed together with its coordinates: they stay.
    champs |= {"version": structure.version, "adresse": "2 rue Neuve", "latitude": "43,3"}
    champs["longitude"] = "5,4"
    assert client.post(url, champs).status_code == 302
    structure.refresh_from_db()
    assert structure.latitude == Decimal("43.3")


# --- The address base ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("geometrie", "attendu"),
    [
        ({"coordinates": [5.3698, 43.2965]}, ("43.296500", "5.369800")),
        ({"coordinates": [5.3698]}, ("", "")),
        ({"coordinates": ["5", "43"]}, ("", "")),
        ({"coordinates": [900000.0, 6500000.0]}, ("", "")),
        ({"coordinates": [True, False]}, ("", "")),
        ({"coordinates": None}, ("", "")),
        ("n'importe quoi", ("", "")),
        ({"coordinates": [float("nan"), 43.0]}, ("", "")),
    ],
)
def test_les_coordonnees_de_la_base_adresse_se_lisent_sans_la_croire(
    monkeypatch, geometrie, attendu
):
    lieu = {"label": "1 rue Haute 13400 Aubagne", "citycode": "13005", "name": "1 rue Haute"}
    reponse = {"features": [{"properties": lieu, "geometry": geometrie}]}
    monkeypatch.setattr(annuaire.sorties, "obtenir_json", lambda *_: reponse)
    (lue,) = annuaire.adresses("1 rue haute")
    assert (lue.latitude, lue.longitude) == attendu


def test_la_veille_du_constat_rien_n_est_su(structure):
    structure.qpv, structure.qpv_source = "Les Vergers", "La mairie"
    structure.qpv_constate_le = horloge.aujourdhui()
    structure.save()
    assert zonages_de(structure, horloge.aujourdhui() - timedelta(days=1)) == []
    assert zonages_de(structure, horloge.aujourdhui()) == ["QPV"]
