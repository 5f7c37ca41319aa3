"""Routing: the commune, then the sector, then the region (domaine.md D25, shared territories)."""

from datetime import timedelta

import pytest

from dla_portal.socle import horloge
from dla_portal.territoires.models import EPCI, Mandat, OperateurDLA, Region
from dla_portal.territoires.repartition import operateurs_pour
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def aubagne():
    return fabrique.une_commune()


def un_mandat(nom, commune, secteur="", *, communes=(), epcis=(), debut=30, fin=None):
    """A mandate of an operator of this name, in force since `debut` days."""
    operateur, _ = OperateurDLA.objects.get_or_create(
        nom=nom, defaults={"region": commune.departement.region}
    )
    jour = horloge.aujourdhui()
    mandat = Mandat.objects.create(
        operateur=operateur,
        departement=commune.departement,
        secteur=secteur,
        debut=jour - timedelta(days=debut),
        fin=fin,
    )
    mandat.communes.set(communes)
    mandat.epcis.set(epcis)
    return operateur


def test_un_seul_operateur_dans_le_departement(aubagne):
    seul = un_mandat("Fabrique", aubagne)
    assert operateurs_pour(aubagne) == operateurs_pour(aubagne, "sport") == [seul]


def test_d25_un_departement_partage_par_secteur(aubagne):
    sport = un_mandat("Sport 13", aubagne, "sport")
    autres = un_mandat("Fabrique", aubagne)
    assert operateurs_pour(aubagne, "sport") == [sport]
    assert operateurs_pour(aubagne, "culture") == [autres]
    assert operateurs_pour(aubagne) == [autres], "sans secteur : celui qui les prend tous"


def test_d25_tout_partage_par_secteur_sans_secteur_connu_va_a_chacun(aubagne):
    sport = un_mandat("Sport 13", aubagne, "sport")
    culture = un_mandat("Culture 13", aubagne, "culture")
    assert operateurs_pour(aubagne) == [culture, sport]
    assert operateurs_pour(aubagne, "culture") == [culture]


def test_un_departement_partage_par_communes_et_par_epci(aubagne):
    epci = EPCI.objects.create(siren="200054807", nom="Métropole")
    marseille = fabrique.une_commune("Marseille", "13055", "13001")
    arles = fabrique.une_commune("Arles", "13004", "13200")
    marseille.epci = epci
    marseille.save()
    est = un_mandat("Est", aubagne, communes=[aubagne])
    ville = un_mandat("Ville", aubagne, epcis=[epci])
    assert operateurs_pour(aubagne) == [est]
    assert operateurs_pour(marseille) == [ville]
    assert operateurs_pour(arles) == [est, ville], "oubliée des deux : les opérateurs de la région"


def test_la_commune_nommee_passe_avant_le_departement_entier_sauf_autre_secteur(aubagne):
    tout = un_mandat("Tout 13", aubagne)
    est = un_mandat("Est", aubagne, "culture", communes=[aubagne])
    assert operateurs_pour(aubagne, "culture") == [est]
    assert operateurs_pour(aubagne, "sport") == [tout]


def test_deux_operateurs_du_meme_territoire_sont_deux(aubagne):
    un, deux = un_mandat("Alpha", aubagne), un_mandat("Bêta", aubagne)
    assert operateurs_pour(aubagne) == [un, deux]


def test_sans_mandat_le_dla_regional_puis_la_region(aubagne):
    region = aubagne.departement.region
    fini = un_mandat("Ancien", aubagne, debut=60, fin=horloge.aujourdhui() - timedelta(days=1))
    assert operateurs_pour(aubagne) == [fini], "personne d'autre dans la région"
    regional = OperateurDLA.objects.create(
        nom="DLA R", region=region, niveau=OperateurDLA.Niveau.REGIONAL
    )
    ailleurs = Region.objects.create(code="11", nom="Île-de-France")
    OperateurDLA.objects.create(nom="Z", region=ailleurs, niveau=OperateurDLA.Niveau.REGIONAL)
    assert operateurs_pour(aubagne) == [regional]


def test_le_dla_regional_mandate_partout_passe_apres_le_departement(aubagne):
    seul = un_mandat("Fabrique", aubagne, "sport")
    regional = un_mandat("DLA R", aubagne)
    regional.niveau = OperateurDLA.Niveau.REGIONAL
    regional.save()
    assert operateurs_pour(aubagne, "sport") == [seul]
    assert operateurs_pour(aubagne, "culture") == [regional]
