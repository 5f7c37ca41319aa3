"""Whose turn it is in a consultation, as the page, the list and « Aujourd'hui » say it."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accompagnements import acteurs
from accompagnements.consultations import tour, validation
from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.models import Consultation
from accompagnements.parcours.taches import taches
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique_ingenierie as suite

pytestmark = pytest.mark.django_db
LIEN = "La structure, par son lien"


def noms(courant):
    return {geste.get("nom") for geste in courant["secondaires"]}


def du_charge(consultation):
    charge = suite.le_charge(consultation)
    return tour.a_faire(consultation, charge), charge


def en_liste(consultation):
    return Consultation.objects.avec_le_tour().get(pk=consultation.pk).responsable


def test_la_validation_demandee_rend_la_main_a_la_structure(client):
    consultation = suite.une_consultation("brouillon")
    charge = suite.le_charge(consultation)
    validation.demander(consultation, par=charge)
    demandee_le = consultation.validation_demandee_le
    courant, _ = du_charge(consultation)
    assert (courant["a_qui"], courant["principal"]) == (acteurs.STRUCTURE, None)
    assert courant["depuis"] == horloge.aujourdhui()
    assert "relancer-validation" in noms(courant)
    assert "demander-validation" not in noms(courant)
    validation.demander(consultation, par=charge)
    assert consultation.validation_demandee_le == demandee_le
    validation.demander_des_changements(consultation, par=LIEN, remarque="Moins d'ateliers")
    client.force_login(charge)
    page = unescape(client.get(consultation.get_absolute_url()).content.decode())
    assert page.index("Moins d'ateliers") < page.index("À faire maintenant")
    courant, _ = du_charge(consultation)
    assert courant["a_qui"] == acteurs.CHARGE
    assert courant["principal"]["nom"] == "demander-validation"


def test_une_question_sans_reponse_rend_la_main_au_charge():
    consultation = suite.une_consultation("validee")
    charge = suite.le_charge(consultation)
    limite = horloge.maintenant() + timedelta(days=15)
    consultations.publier(consultation, par=charge, date_limite=limite, justification_delai="Essai")
    assert consultation.responsable == en_liste(consultation) == acteurs.PRESTATAIRES
    question = consultations.poser_question(
        consultation.sollicitations.first(), par=LIEN, texte="Sur place ?"
    )
    assert consultation.responsable == en_liste(consultation) == acteurs.CHARGE
    courant, _ = du_charge(consultation)
    adresse = reverse("accompagnements:question_repondre", args=[question.pk])
    assert (courant["principal"]["url"], courant["manques"]) == (adresse, [])
    consultations.repondre_question(question, par=charge, reponse="Oui")
    assert consultation.responsable == acteurs.PRESTATAIRES


def test_la_grille_demandee_rend_la_main_a_la_structure_et_se_renvoie():
    consultation = suite.une_consultation("en_analyse")
    courant, charge = du_charge(consultation)
    assert "demander-grille" in noms(courant)
    assert "relancer-grille" not in noms(courant)
    with pytest.raises(Manques, match="Aucune grille"):
        consultations.relancer_grille(consultation, par=charge)
    consultations.demander_grille(consultation, par=charge)
    assert consultation.responsable == en_liste(consultation) == acteurs.STRUCTURE
    courant, _ = du_charge(consultation)
    assert courant["a_qui"] == acteurs.STRUCTURE
    assert "relancer-grille" in noms(courant)
    assert "demander-grille" not in noms(courant)
    consultations.relancer_grille(consultation, par=charge)
    assert Courriel.objects.filter(sujet__startswith="Votre avis").count() == 2


@pytest.mark.parametrize(
    ("etat", "libelle"),
    [("brouillon", "Finir le cahier des charges"), ("validee", "Envoyer la consultation")],
)
def test_aujourd_hui_dit_ce_que_l_etat_demande(etat, libelle):
    consultation = suite.une_consultation(etat)
    adresse = consultation.get_absolute_url()
    dites = [t.libelle for t in taches(suite.le_charge(consultation)) if t.url == adresse]
    assert dites == [libelle]


def test_une_consultation_attribuee_mene_a_la_convention():
    consultation = suite.une_consultation("attribuee")
    courant, charge = du_charge(consultation)
    adresse = reverse("accompagnements:convention_preparer", args=[consultation.pk])
    assert (courant["a_qui"], courant["principal"]["url"]) == (acteurs.CHARGE, adresse)
    convention = suite.une_convention("brouillon")
    courant, charge = du_charge(convention.consultation)
    assert courant["principal"]["url"] == convention.get_absolute_url()
