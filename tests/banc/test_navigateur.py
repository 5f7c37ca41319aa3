"""The browser of the bench sees what is amiss in a page: each trap below is reported."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from tests.banc.navigateur import Releve

PAGES = {
    "saine": "<p>Bonjour</p>",
    "script": "<script>document.title = 'non';</script>",
    "style": '<p style="color: red">Bonjour</p>',
    "image": '<img src="/absente.png" alt="">',
    "panne": "<script nonce='{nonce}'>throw new Error('en panne')</script>",
    "ailleurs": '<img src="http://ailleurs.exemple.fr/pixel.png" alt="">',
}


@login_not_required
def servir(request, nom):
    if nom == "erreur":
        return HttpResponse("panne", status=500)
    corps = PAGES[nom].replace("{nonce}", str(request.csp_nonce))
    return HttpResponse(f'<!doctype html><html lang="fr"><title>{nom}</title>{corps}</html>')


urlpatterns = [path("<slug:nom>/", servir)]


@pytest.fixture
def anomalies(navigateur, live_server, settings):
    """Open a page of the table and return what the bench reports."""
    settings.ROOT_URLCONF = __name__

    def ouvrir(nom, tolere=()):
        releve = Releve(tolere)
        contexte = navigateur.new_context(base_url=live_server.url)
        releve.suivre(contexte)
        contexte.new_page().goto(f"/{nom}/", wait_until="networkidle")
        contexte.close()
        return releve.anomalies

    return ouvrir


@pytest.mark.navigateur
@pytest.mark.parametrize(
    ("nom", "trouve"),
    [
        ("script", "Content Security Policy"),
        ("style", "Content Security Policy"),
        ("panne", "erreur JS : en panne"),
        ("image", "réponse 404"),
        ("ailleurs", "demande hors de cette machine"),
        ("erreur", "réponse 500"),
    ],
)
def test_une_page_fautive_est_vue(anomalies, nom, trouve):
    assert any(trouve in anomalie for anomalie in anomalies(nom))


@pytest.mark.navigateur
def test_une_page_saine_ne_donne_rien(anomalies):
    assert anomalies("saine") == []


@pytest.mark.navigateur
def test_une_anomalie_attendue_est_toleree(anomalies):
    assert anomalies("image", tolere=["/absente.png"]) == []
