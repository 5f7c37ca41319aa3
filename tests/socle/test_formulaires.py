"""What no column can hold is said at its field; nothing of it reaches the database."""

import pytest
from django.urls import reverse

from dla_portal.socle import envois
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db
ENORME = "9" * 25


@pytest.fixture
def charge():
    return fabrique.un_charge()


def erreurs(client, page, **saisie):
    reponse = client.post(reverse(page), {"cle_envoi": envois.nouvelle_cle(), **saisie})
    assert reponse.status_code == 422, page
    return reponse.context["formulaire"].errors


@pytest.mark.parametrize(
    ("nom", "champ"),
    [
        ("accompagnements:structure_nouvelle", "agrements"),
        ("accompagnements:structure_nouvelle", "reseaux"),
        ("prestataires:nouveau", "competences"),
        ("prestataires:nouveau", "secteurs"),
        ("accompagnements:seance_nouvelle", "membres"),
    ],
)
def test_une_cle_trop_grande_est_un_choix_inconnu(client, charge, nom, champ):
    client.force_login(charge)
    assert champ in erreurs(client, nom, **{champ: [ENORME]})


@pytest.mark.parametrize("quand", ["0001-01-01T00:00", "1799-12-31T23:59", "9999-12-31T23:59"])
def test_une_date_hors_du_calendrier_est_refusee(client, charge, quand):
    client.force_login(charge)
    assert "année" in erreurs(client, "accompagnements:seance_nouvelle", quand=quand)["quand"][0]
    dite = erreurs(client, "accompagnements:structure_nouvelle", date_creation=quand[:10])
    assert "année" in dite["date_creation"][0]


def test_un_nom_sur_deux_lignes_est_refuse(client, charge):
    client.force_login(charge)
    dite = erreurs(client, "accompagnements:structure_nouvelle", nom="a\r\nBcc: z@z.example")
    assert "une seule ligne" in dite["nom"][0]


LISTES = [
    f"accompagnements:{nom}"
    for nom in (
        "demandes accompagnements structures seances consultations conventions missions suivis "
        "enveloppes"
    ).split()
] + ["prestataires:liste"]


@pytest.mark.parametrize("liste", LISTES)
@pytest.mark.parametrize("valeur", [ENORME, "0001-01-01", "-1", "²"])
def test_un_filtre_demesure_ne_casse_pas_la_liste(client, charge, liste, valeur):
    """Every filter of the list with what no column can hold."""
    client.force_login(charge)
    filtres = client.get(reverse(liste)).context["liste"].filtres.filters
    assert filtres
    bornes = ("", "_min", "_max", "_after", "_before")
    assert (
        client.get(
            reverse(liste), {f"{nom}{borne}": valeur for nom in filtres for borne in bornes}
        ).status_code
        == 200
    )
