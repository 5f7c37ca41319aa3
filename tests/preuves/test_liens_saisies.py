"""On a personal link, the sending of one form leaves what is typed in the others, in Chromium."""

from datetime import timedelta

import pytest

from accompagnements.consultations import transitions as consultations
from dla_portal.socle import horloge
from tests.accompagnements import fabrique_ingenierie as suite
from tests.preuves.test_consultation_ecran import par_lien

EMAIL = "cabinet0@essai.example"
GARDE = "Object.values(sessionStorage).join(' ')"


@pytest.fixture
def publiee(transactional_db):
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=15)
    return consultations.publier(
        consultation,
        par=suite.le_charge(consultation),
        date_limite=limite,
        justification_delai="Essai",
    )


@pytest.mark.navigateur
def test_une_question_envoyee_laisse_la_proposition_commencee(publiee, page):
    cabinet = par_lien(page, EMAIL)
    cabinet.remplir(montant_ht="4 100", methode="Trois ateliers\net un bilan")
    cabinet.page.locator("summary", has_text="Poser une question").click()
    cabinet.remplir(**{"question-texte": "Combien d'ateliers ?"}).appuyer("Envoyer ma question")
    cabinet.lit("Combien d'ateliers ?")
    assert cabinet.page.locator("[name=montant_ht]").input_value() == "4 100"
    assert cabinet.page.locator("[name=methode]").input_value() == "Trois ateliers\net un bilan"
    assert cabinet.page.locator("[name=question-texte]").input_value() == ""
    assert "Combien d'ateliers" not in cabinet.page.evaluate(GARDE)
    cabinet.page.get_by_role("button", name="Sceller et déposer ma proposition").click()
    cabinet.page.wait_for_load_state()  # refused: the server gives it back as it was typed
    assert cabinet.page.locator("[name=montant_ht]").input_value() == "4 100"
    assert "4 100" in cabinet.page.evaluate(GARDE)
