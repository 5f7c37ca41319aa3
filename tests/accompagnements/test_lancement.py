"""The record of the launch is corrected in the open; the prestataire rereads his own alerts."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accompagnements.missions import documents, transitions
from accompagnements.missions.models import Mission
from dla_portal.socle import horloge
from dla_portal.socle.models import Evenement
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import lien_de
from tests.accompagnements.test_missions import CABINET

pytestmark = pytest.mark.django_db
TEXTES = {
    "lieu": "À la mairie",
    "presents": "La présidente, le trésorier, le cabinet",
    "objectifs": "Un modèle stable",
    "calendrier": "Deux ateliers avant l'été",
    "suites": "Réunir le bureau",
    "notes": "",
    "motif": "Le trésorier était là",
}


@pytest.fixture
def mission():
    return suite.une_mission()


def corriger(mission, **champs):
    mission = Mission.objects.get(pk=mission.pk)
    contenu = {"lancee_le": mission.lancee_le, "motif": "Erreur de saisie", **champs}
    return transitions.corriger_lancement(
        mission, par=suite.le_charge(mission.convention), **contenu
    )


def texte_de(octets):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages)


def test_le_compte_rendu_se_corrige_et_l_ancien_reste(mission, client):
    client.force_login(suite.le_charge(mission.convention))
    adresse = reverse("accompagnements:mission_geste", args=[mission.pk, "corriger-lancement"])
    formulaire = client.get(adresse).context["formulaire"]
    assert formulaire["presents"].value() == "Les trois parties"
    envoi = {"version_lue": mission.version, "lancee_le": mission.lancee_le.isoformat(), **TEXTES}
    assert client.post(adresse, {**envoi, "motif": ""}).status_code == 422
    assert client.post(adresse, envoi).status_code == 302
    assert client.post(adresse, {**envoi, "lieu": "Ailleurs"}).status_code == 409
    mission.refresh_from_db()
    assert mission.lancement_lieu == "À la mairie"
    assert [m.lancement_presents for m in mission.history.order_by("pk")][0] == "Les trois parties"
    ligne = Evenement.objects.get(transition="corriger_lancement")
    assert ligne.motif == "Le trésorier était là"
    assert "personnes présentes au lancement" in ligne.libelle
    assert "Le trésorier était là" in client.get(mission.get_absolute_url()).content.decode()
    texte = texte_de(documents.lancement(mission)).replace("’", "'")
    assert "Corrections apportées" in texte
    assert "À la mairie" in texte


def test_sans_correction_le_compte_rendu_n_en_parle_pas(mission):
    assert "Corrections" not in texte_de(documents.lancement(mission))


def test_une_correction_change_quelque_chose(mission):
    with pytest.raises(Manques, match="Rien n'a changé"):
        corriger(mission)
    with pytest.raises(Manques, match="motif"):
        corriger(mission, lieu="Ailleurs", motif="  ")


def test_la_date_corrigee_reste_entre_la_signature_et_la_suite(mission):
    signee, lancee = mission.convention.signee_le, mission.lancee_le
    for jour, phrase in (
        (signee - timedelta(days=1), "ne peut précéder la dernière signature"),
        (horloge.aujourdhui() + timedelta(days=1), "futur"),
    ):
        with pytest.raises(Manques, match=phrase):
            corriger(mission, lancee_le=jour)
    suite.une_journee(mission)
    with pytest.raises(Manques, match="La première intervention"):
        corriger(mission, lancee_le=lancee + timedelta(days=1))
    assert corriger(mission, lancee_le=signee).lancee_le == signee


def test_une_mission_finie_ne_se_corrige_plus(client):
    mission = suite.une_restitution().mission
    with pytest.raises(Manques, match="ne se corrige plus"):
        corriger(mission, lieu="Ailleurs")
    client.force_login(suite.le_charge(mission.convention))
    page = client.get(mission.get_absolute_url()).content.decode()
    assert "Corriger le compte rendu" not in page


def test_le_prestataire_relit_ses_alertes_et_les_siennes_seulement(mission, client):
    charge = suite.le_charge(mission.convention)
    fiche = {"motif": "On continue", "consultes": "La présidente", "suites": "Point en mars"}
    transitions.alerter(
        mission, par="Cabinet, par son lien", emise_par="Cabinet, par son lien", motif="MON TEXTE"
    )
    page = client.get(lien_de(CABINET)).content.decode()
    assert "MON TEXTE" in page
    assert "Attendue de l" in page
    transitions.poursuivre(mission, par=charge, **fiche)
    transitions.alerter(mission, par=charge, emise_par="La structure", motif="CONFIDENCE")
    page = client.get(lien_de(CABINET)).content.decode()
    assert "MON TEXTE" in page
    assert "Poursuite" in page
    assert "On continue" in page
    assert "CONFIDENCE" not in page
    assert "La présidente" not in page.split("Alertes et décisions")[1]
