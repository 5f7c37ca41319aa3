"""The browser of the bench sees what is amiss in a page: each trap below is reported."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from tests.banc.navigateur import Releve

pytestmark = pytest.mark.une_base

PAGES = {
    "saine": "<p>Bonjour</p>",
    "script": "<script>document.title = 'non';</script>",
    "style": '<p style="color: red">Bonjour</p>',
    "image": '<img src="/manque/" alt="">',
    "panne": "<script nonce='{nonce}'>throw new Error('en panne')</script>",
    "ailleurs": '<img src="http://ailleurs.exemple.fr/pixel.png" alt="">',
}
STATUTS = {"manque": 404, "erreur": 500}


@login_not_required
def servir(request, nom):
    if nom in STATUTS:
        return HttpResponse(nom, status=STATUTS[nom])
    corps = PAGES[nom].replace("{nonce}", str(request.csp_nonce))
    return HttpResponse(f'<!doctype html><html lang="fr"><title>{nom}</title>{corps}</html>')


def moi(request):
    return HttpResponse(f"<!doctype html><title>moi</title><p>{request.user.email}</p>")


urlpatterns = [path("moi", moi), path("<slug:nom>/", servir)]


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
    assert anomalies("image", tolere=["/manque/"]) == []


@pytest.mark.navigateur
def test_deux_personnes_ont_chacune_leur_session(page, settings, django_user_model):
    settings.ROOT_URLCONF = __name__
    adresses = ["une@exemple.fr", "autre@exemple.fr"]
    onglets = [page(utilisateur=django_user_model.objects.create_user(a)) for a in adresses]
    for onglet, adresse in zip(onglets, adresses, strict=True):
        onglet.goto("/moi")
        assert onglet.inner_text("p") == adresse


@pytest.mark.navigateur
def test_la_largeur_est_celle_demandee(page, settings):
    settings.ROOT_URLCONF = __name__
    onglet = page(largeur=390)
    onglet.goto("/saine/")
    assert onglet.evaluate("window.innerWidth") == 390
