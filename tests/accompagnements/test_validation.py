"""The structure validates the cahier des charges by its link: the text it read, after the code."""

import pytest
from django.urls import reverse

from accompagnements.consultations import transitions as consultations
from accompagnements.consultations import validation
from dla_portal.socle.models import Courriel, Evenement
from dla_portal.socle.regles import Manques
from tests.accompagnements.fabrique_ingenierie import le_charge, une_consultation
from tests.accompagnements.liens import confirmer, lien_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def demandee():
    """A complete cahier des charges, sent to its structure; (consultation, its address)."""
    consultation = une_consultation("validee")
    charge = le_charge(consultation)
    consultations.reprendre_cdc(consultation, par=charge, motif="À relire")
    validation.demander(consultation, par=charge)
    structure = consultation.ingenierie.accompagnements().get().structure
    return consultation, structure.courriel_principal()


def test_la_structure_valide_ce_qu_elle_a_lu(demandee, client):
    consultation, adresse = demandee
    lien = lien_de(adresse)
    envoi = {"action": "valider", "valide_par": "La présidente"}
    version = consultation.cahier.version
    assert "Texte objectifs" in client.get(lien).content.decode()
    assert client.get(f"{lien}?document=cahier").content.startswith(b"%PDF")
    assert client.post(lien, {**envoi, "version_lue": version}).status_code == 422  # no code yet
    confirmer(client, lien, adresse)
    cahier = consultation.cahier
    cahier.objectifs = "Des objectifs réécrits"
    cahier.save()
    reponse = client.post(lien, {**envoi, "version_lue": version})
    assert reponse.status_code == 422
    assert "relisez-le" in reponse.content.decode()
    assert "La présidente" in reponse.content.decode()
    assert client.post(lien, {**envoi, "version_lue": cahier.version}).status_code == 302
    consultation.refresh_from_db()
    assert (consultation.etat, consultation.cahier.valide_par) == ("validee", "La présidente")
    assert "par son lien" in Evenement.objects.get(transition="valider_cdc", par_qui__gt="").par_qui
    assert "Validé par La présidente" in client.get(lien).content.decode()
    assert client.post(lien, {**envoi, "version_lue": cahier.version}).status_code == 422


def test_des_changements_demandes_ferment_le_lien_et_previennent(demandee, client):
    consultation, adresse = demandee
    lien = lien_de(adresse)
    confirmer(client, lien, adresse)
    assert client.post(lien, {"action": "changer", "remarque": ""}).status_code == 422
    remarque = {"action": "changer", "remarque": "Parlez des bénévoles"}
    for _ in range(3):
        client.post(lien, remarque)
    courriel = Courriel.objects.get(sujet__startswith="Cahier des charges à revoir")
    assert courriel.destinataire == le_charge(consultation).email
    assert "Parlez des bénévoles" in courriel.corps
    assert "retravaille" in client.get(lien).content.decode()


def test_un_texte_incomplet_ne_part_pas(client):
    consultation = une_consultation("brouillon")
    cahier = consultation.cahier
    cahier.objectifs = ""
    cahier.save()
    with pytest.raises(Manques, match="objectifs"):
        validation.demander(consultation, par=le_charge(consultation))
    client.force_login(le_charge(consultation))
    page = client.get(reverse("accompagnements:consultation", args=[consultation.pk]))
    assert "Envoyer à la structure pour validation" in page.content.decode()
