"""The public page in a browser without JavaScript, on the smallest of screens."""

import pytest

from accompagnements.demandes import forms_en_ligne
from accompagnements.models import Demande, DemandeEnLigne
from tests.accompagnements import fabrique
from tests.accompagnements.liens import lien_de

MAIL = "presidence@essai.example"


@pytest.mark.navigateur
@pytest.mark.une_base
def test_demander_sans_javascript_sur_320_pixels(transactional_db, page, monkeypatch):
    monkeypatch.setattr(forms_en_ligne, "SECONDES_MIN", 0)  # the robot that plays this is quick
    operateur = fabrique.un_operateur()
    aubagne = fabrique.une_commune()
    fabrique.une_commune("Aubagne", "83999", "83400", fabrique.un_departement("83", "Var"))
    onglet = page(largeur=320, scripts=False)
    onglet.goto("/compte/login/")
    onglet.get_by_role("link", name="Demander un accompagnement").click()
    onglet.get_by_label("Nom de la structure").fill("Les Jardins d'Aubagne")
    onglet.locator("#id_commune").fill("aubagne")
    onglet.get_by_label("Ce dont vous avez besoin").fill("Nos ventes baissent.")
    onglet.get_by_label("Vos prénom et nom").fill("Claude Essai")
    onglet.get_by_label("Votre courriel").fill(MAIL)
    envoyer = onglet.get_by_role("button", name="Envoyer ma demande")
    envoyer.click()
    onglet.get_by_label("13400 Aubagne (13)").check()
    assert onglet.get_by_label("Ce dont vous avez besoin").input_value() == "Nos ventes baissent."
    envoyer.click()
    assert onglet.get_by_role("heading", name="Plus qu'une étape").is_visible()
    assert DemandeEnLigne.objects.get().commune == aubagne
    onglet.goto(lien_de(MAIL))
    onglet.get_by_role("button", name="Confirmer et transmettre").click()
    assert onglet.get_by_role("heading", name="Votre demande est transmise").is_visible()
    assert Demande.objects.get().operateur == operateur
