"""A region sets a national grid aside, or replaces it; the same name twice is a sentence."""

from html import unescape

import pytest
from django.urls import reverse

from accompagnements.consultations.grilles import GrilleType, enregistrer
from dla_portal.comptes import roles
from dla_portal.territoires.models import OperateurDLA, Region
from tests.accompagnements import fabrique
from tests.accompagnements.test_analyse import saisie

pytestmark = pytest.mark.django_db
PAGE = "accompagnements:grilles_types"


@pytest.fixture
def nationale():
    return GrilleType.objects.get(libelle="Grille de la structure sur 70")


@pytest.fixture
def c2ra():
    return fabrique.une_personne(roles.DlaRegional.code, region=fabrique.un_departement().region)


@pytest.fixture
def client(client, c2ra):
    client.force_login(c2ra)
    return client


def proposees(operateur=None):
    return [str(g) for g in GrilleType.objects.pour(operateur or fabrique.un_operateur())]


def un_voisin():
    region, _ = Region.objects.get_or_create(code="84", defaults={"nom": "Voisine"})
    return OperateurDLA.objects.create(nom="Fabrique voisine", region=region)


def appuyer(client, geste, grille):
    reponse = client.post(reverse(f"accompagnements:grille_type_{geste}", args=[grille.pk]))
    assert reponse.status_code == 302
    return unescape(client.get(reponse["Location"]).content.decode())


def test_une_region_ne_propose_plus_une_grille_nationale_puis_la_propose(client, nationale):
    assert str(nationale) in proposees()
    for _ in range(2):  # pressed twice, it is set aside once
        page = appuyer(client, "ecarter", nationale)
    assert "Non proposée dans votre région" in page
    assert str(nationale) not in proposees()
    assert str(nationale) in proposees(un_voisin())
    nationale.refresh_from_db()
    assert not nationale.retiree
    # The copy which keeps the choice is not one more grid on the page.
    assert page.count(f">{nationale}</h2>") == 1
    page = appuyer(client, "proposer", nationale)
    assert "Non proposée dans votre région" not in page
    assert proposees().count(str(nationale)) == 1
    assert not GrilleType.objects.exclude(region=None).exists()


def test_une_grille_de_la_region_prend_la_place_de_la_nationale_du_meme_nom(client, nationale):
    envoi = saisie(libelle=nationale.libelle)
    assert client.post(reverse("accompagnements:grille_type_nouvelle"), envoi).status_code == 302
    sienne = GrilleType.objects.get(libelle=nationale.libelle, region__isnull=False)
    choisies = list(GrilleType.objects.pour(fabrique.un_operateur()))
    assert sienne in choisies
    assert nationale not in choisies
    assert "Remplacée dans votre région" in unescape(client.get(reverse(PAGE)).content.decode())
    appuyer(client, "ecarter", nationale)
    assert str(nationale) not in proposees()
    appuyer(client, "proposer", nationale)
    assert sienne in GrilleType.objects.pour(fabrique.un_operateur())  # written by hand: kept


def test_la_grille_ecartee_le_reste_sous_son_nouveau_nom(client, nationale):
    appuyer(client, "ecarter", nationale)
    nationale.refresh_from_db()
    nationale.libelle = "Grille sur 70, revue"
    criteres = [
        {"libelle": c.libelle, "points": c.points, "prix": c.prix} for c in nationale.criteres.all()
    ]
    enregistrer(nationale, criteres)
    assert not {"Grille sur 70, revue", "Grille de la structure sur 70"} & set(proposees())
    appuyer(client, "proposer", nationale)
    assert "Grille sur 70, revue" in proposees()


@pytest.mark.parametrize("geste", ["ecarter", "proposer"])
def test_seul_le_dla_regional_ecarte_et_seulement_une_nationale(client, c2ra, nationale, geste):
    adresse = reverse(f"accompagnements:grille_type_{geste}", args=[nationale.pk])
    for personne in (
        fabrique.un_charge(fabrique.un_operateur()),
        fabrique.une_personne(roles.Administrateur.code),
        fabrique.une_personne(roles.Pilote.code, region=c2ra.rattachement.region),
    ):
        client.force_login(personne)
        assert client.post(adresse).status_code == 403
    client.force_login(c2ra)
    client.post(reverse("accompagnements:grille_type_nouvelle"), saisie())
    sienne = GrilleType.objects.get(libelle="Grille d'essai")
    autre = reverse(f"accompagnements:grille_type_{geste}", args=[sienne.pk])
    assert client.post(autre).status_code == 404
    assert not sienne.retiree


def test_un_nom_deja_pris_se_dit_a_son_champ(client):
    adresse = reverse("accompagnements:grille_type_nouvelle")
    assert client.post(adresse, saisie()).status_code == 302
    reponse = client.post(adresse, saisie())
    assert reponse.status_code == 422
    erreurs = reponse.context["formulaire"].errors
    assert erreurs == {"libelle": ["Une grille porte déjà ce nom dans cette région."]}


@pytest.mark.parametrize("modifie", [False, True])
def test_deux_personnes_au_meme_instant_la_seconde_lit_une_phrase(
    client, c2ra, monkeypatch, modifie
):
    """The other one saves between the check of the name and the writing."""
    adresse = reverse("accompagnements:grille_type_nouvelle")
    if modifie:
        client.post(adresse, saisie(libelle="La mienne"))
        sienne = GrilleType.objects.get(libelle="La mienne")
        adresse = reverse("accompagnements:grille_type_modifier", args=[sienne.pk])
    verifier = GrilleType.validate_constraints

    def doubler(grille, *args, **kwargs):
        verifier(grille, *args, **kwargs)
        monkeypatch.setattr(GrilleType, "validate_constraints", verifier)
        GrilleType.objects.create(libelle="Grille d'essai", region=c2ra.rattachement.region)

    monkeypatch.setattr(GrilleType, "validate_constraints", doubler)
    reponse = client.post(adresse, saisie())
    assert reponse.status_code == 422
    formulaire = reponse.context["formulaire"]
    (phrase,) = formulaire.errors["libelle"]
    assert phrase.startswith("Quelqu'un vient d'enregistrer une grille de ce nom")
    assert formulaire["libelle_0"].value() == "Méthode"  # nothing typed is lost
