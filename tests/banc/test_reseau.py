"""The bench refuses to leave this machine, and lets the tests talk to it."""

import socket

import pytest
import requests

from tests.banc.reseau import ReseauInterdit

pytestmark = pytest.mark.une_base


def test_une_adresse_exterieure_est_refusee():
    with socket.socket() as prise, pytest.raises(ReseauInterdit, match=r"192\.0\.2\.1"):
        prise.connect(("192.0.2.1", 443))


def test_un_nom_exterieur_est_refuse_meme_par_une_bibliotheque():
    with pytest.raises(ReseauInterdit, match=r"annuaire\.exemple\.fr"):
        requests.get("https://annuaire.exemple.fr/", timeout=1)


@pytest.mark.parametrize("hote", ["localhost", "127.0.0.1"])
def test_cette_machine_est_permise(hote):
    with socket.create_server(("127.0.0.1", 0)) as serveur:
        socket.create_connection((hote, serveur.getsockname()[1]), timeout=2).close()
