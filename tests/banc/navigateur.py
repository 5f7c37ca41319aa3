"""A real Chromium on a live server, which fails the test at the first thing amiss in a page."""

import os
import shutil
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.banc.reseau import local

OPTIONS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Nothing but this machine has a name, for the browser as for the tests.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
AXE = Path(__file__).resolve().parents[2] / "static/node_modules/axe-core/axe.min.js"
REGLES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
ATTENTE = 30_000  # milliseconds: a hang fails, a slow machine that runs two suites does not
# A page may rightly answer 403, 404 or 409; a style sheet or an image may not.
RESSOURCES = {"stylesheet", "script", "image", "font", "media", "manifest"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the browser tests last: see `navigateur`. The sort keeps the order otherwise."""
    items.sort(key=lambda item: item.get_closest_marker("navigateur") is not None)


@pytest.fixture(scope="session")
def navigateur(django_db_setup):
    """One Chromium for the run.

    Playwright keeps an event loop in this thread, where Django then refuses its ORM: the
    refusal is lifted until the browser is closed, and the browser tests come last.
    """
    programme = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    assert programme, "Chromium est absent : `make test` l'installe, ou dit comment."
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    racine = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=programme, args=OPTIONS + racine)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Releve:
    """What went wrong in the pages of a test; `tolere` lists extracts of expected messages."""

    def __init__(self, tolere=()):
        self.tolere, self.anomalies = tuple(tolere), []

    def noter(self, message):
        if not any(extrait in message for extrait in self.tolere):
            self.anomalies.append(message)

    def suivre(self, contexte):
        """Watch every page of this browser context."""
        contexte.on("console", self._console)
        contexte.on("weberror", lambda erreur: self.noter(f"erreur JS : {erreur.error}"))
        contexte.on("response", self._reponse)
        contexte.on("request", self._demande)

    def _console(self, message):
        # Failed loads are judged by `_reponse`, which knows what was asked.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.noter(f"console : {message.text} ({message.page.url})")

    def _reponse(self, reponse):
        fatale = 400 if reponse.request.resource_type in RESSOURCES else 500
        if reponse.status >= fatale:
            self.noter(f"réponse {reponse.status} : {reponse.url}")

    def _demande(self, demande):
        adresse = urlsplit(demande.url)
        if adresse.scheme in {"http", "https", "ws", "wss"} and not local(adresse.hostname):
            self.noter(f"demande hors de cette machine : {demande.url}")


@pytest.fixture
def page(navigateur, live_server):
    """Open pages: `page(largeur=1280, utilisateur=None, tolere=(), scripts=True)`.

    Each call is a person apart, with cookies of her own, already signed in when `utilisateur`
    is given. Addresses are relative to the live server. At the end of the test a console
    error, a refusal of the content security policy, a JavaScript error, a missing resource,
    an answer 500 or a request to elsewhere fails it.
    """
    contextes, releves = [], []

    def ouvrir(largeur=1280, hauteur=900, utilisateur=None, tolere=(), scripts=True):
        contexte = navigateur.new_context(
            base_url=live_server.url,
            viewport={"width": largeur, "height": hauteur},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexte.set_default_timeout(ATTENTE)
        releves.append(Releve(tolere))
        releves[-1].suivre(contexte)
        contextes.append(contexte)
        if utilisateur is not None:
            contexte.add_cookies(_session(utilisateur, live_server.url))
        return contexte.new_page()

    yield ouvrir
    for contexte in contextes:
        contexte.close()
    anomalies = [anomalie for releve in releves for anomalie in releve.anomalies]
    assert not anomalies, "\n".join(anomalies)


def attendre(repere, condition):
    """Wait until this JavaScript function of the element is true, or fail after ATTENTE.

    In the place of Playwright's `wait_for_function`, whose second look evaluates a string in
    the page: the content security policy rightly refuses it.
    """
    fin = monotonic() + ATTENTE / 1000
    while not repere.evaluate(condition):
        assert monotonic() < fin, f"jamais vrai : {condition}"
        repere.page.wait_for_timeout(50)


def fautes_de(onglet):
    """Return what axe finds in the page, and how much it overflows sideways, in words."""
    if not onglet.evaluate("typeof axe === 'object'"):
        onglet.evaluate(AXE.read_text())
    bilan = onglet.evaluate("regles => axe.run(document, regles)", REGLES)
    fautes = [
        f"{faute['id']} : {noeud['target']} {noeud['html'][:120]}"
        for faute in bilan["violations"]
        for noeud in faute["nodes"][:3]
    ]
    racine = "document.documentElement"
    defile = onglet.evaluate(f"{racine}.scrollWidth - {racine}.clientWidth")
    return [*fautes, f"déborde de {defile} px"] if defile > 0 else fautes


def _session(utilisateur, adresse):
    """Sign the person in and return the cookies of the session."""
    client = Client()
    client.force_login(utilisateur)
    return [
        {"name": cookie.key, "value": cookie.value, "url": adresse}
        for cookie in client.cookies.values()
    ]
