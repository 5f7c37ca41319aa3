"""More rows than a page usually holds: all shown, none lost, no room left to add."""

import pytest
from django.urls import reverse

from accompagnements.diagnostics.lignes import PersonneRencontree
from dla_portal.socle.lignes import LIGNES_MAX
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, charge):
    """The page of the persons met, who are that many."""
    diagnostic = fabrique.un_diagnostic("en_cours")
    client.force_login(charge)

    def ouvrir(nombre):
        diagnostic.rencontres.all().delete()
        for rang in range(nombre):
            PersonneRencontree.objects.create(diagnostic=diagnostic, nom=f"Personne {rang:03d}")
        adresse = reverse("accompagnements:diagnostic_modifier", args=[diagnostic.pk, "rencontre"])
        return diagnostic, adresse, client.get(adresse)

    return ouvrir


def _saisie(formulaire):
    return {
        champ.html_name: "" if champ.value() is None else champ.value()
        for champ in formulaire
        if "retirer" not in champ.name
    }


@pytest.mark.parametrize("nombre", [LIGNES_MAX, LIGNES_MAX + 1, LIGNES_MAX + 90])
def test_toutes_les_lignes_se_montrent_et_se_gardent(page, client, nombre):
    diagnostic, adresse, reponse = page(nombre)
    formulaire = reponse.context["formulaire"]
    noms = [rangee.champs[0].value() for rangee in formulaire.rangees]
    assert noms == [f"Personne {rang:03d}" for rang in range(nombre)]
    assert "plus de place" in reponse.content.decode()
    envoi = _saisie(formulaire)
    derniere = nombre - 1
    envoi[f"ligne_{derniere}_fonction"] = "Direction"
    envoi["ligne_0_retirer"] = "on"
    assert client.post(adresse, envoi).status_code == 302
    restees = diagnostic.rencontres.order_by("pk")
    assert [p.nom for p in restees] == noms[1:]
    assert restees.last().fonction == "Direction"


@pytest.mark.parametrize(("nombre", "vides"), [(3, 4), (LIGNES_MAX - 1, 1)])
def test_la_place_qui_reste_est_proposee(page, nombre, vides):
    _, _, reponse = page(nombre)
    assert len(reponse.context["formulaire"].rangees) == nombre + vides
    assert "plus de place" not in reponse.content.decode()


def test_un_nombre_de_lignes_insense_ne_fait_pas_travailler_le_serveur(page, client):
    diagnostic, adresse, reponse = page(1)
    envoi = {**_saisie(reponse.context["formulaire"]), "nombre_lignes": 10**9}
    assert client.post(adresse, envoi).status_code == 302
    assert diagnostic.rencontres.count() == 1
