"""Server drafts: what is typed comes back, to its author alone, until it is sent."""

import uuid

import pytest
from django.urls import reverse

from accompagnements.consultations.forms import reponses
from dla_portal.socle import brouillons, horloge
from dla_portal.socle.brouillons import Brouillon
from tests.accompagnements.fabrique import une_personne
from tests.accompagnements.fabrique_ingenierie import le_charge, une_consultation

pytestmark = pytest.mark.django_db
GARDER = reverse("socle:brouillon_garder")


@pytest.fixture
def cahier(client):
    consultation = une_consultation("brouillon")
    compte = le_charge(consultation)
    client.force_login(compte)
    adresse = reverse("accompagnements:cahier_modifier", args=[consultation.pk])
    return consultation, compte, adresse


def garder(client, adresse, page=None, **saisie):
    donnees = {"adresse_brouillon": adresse, "page_brouillon": page or uuid.uuid4(), **saisie}
    return client.post(GARDER, donnees)


def test_la_saisie_revient_a_son_auteur(client, cahier):
    _, _, adresse = cahier
    reponse = garder(client, adresse, contexte="Un texte à demi écrit", jours_max="pas encore")
    assert reponse.content.decode().startswith("Saisie gardée à ")
    page = client.get(adresse).content.decode()
    assert "Un texte à demi écrit" in page
    assert "pas encore" in page
    assert "n&#x27;avait pas été enregistrée" in page or "n'avait pas été enregistrée" in page
    assert "Texte objectifs" in page  # what was not typed stays as it is stored


def test_un_autre_ne_la_lit_pas(client, cahier):
    consultation, _, adresse = cahier
    garder(client, adresse, contexte="Un texte à demi écrit")
    collegue = une_personne("responsable", operateur=consultation.ingenierie.operateur)
    client.force_login(collegue)
    page = client.get(adresse)
    assert page.status_code == 200
    assert "Un texte à demi écrit" not in page.content.decode()


def test_une_fois_envoyee_elle_ne_revient_plus_meme_en_retard(client, cahier):
    consultation, _, adresse = cahier
    page = client.get(adresse).context["brouillon"]["page"]
    garder(client, adresse, page=page, contexte="Un texte à demi écrit")
    envoi = {"page_brouillon": page, "version": consultation.cahier.version, "contexte": "Fini"}
    assert client.post(adresse, envoi).status_code == 302
    assert garder(client, adresse, page=page, contexte="Un texte à demi écrit").status_code == 204
    reponse = client.get(adresse)
    assert "Un texte à demi écrit" not in reponse.content.decode()
    assert reponse.context["brouillon"]["repris_le"] is None
    # Another display of the same form keeps its own typing.
    assert garder(client, adresse, contexte="Plus tard").status_code == 200


def test_envoyer_une_saisie_reprise_apres_un_collegue_montre_les_deux(client, cahier):
    consultation, _, adresse = cahier
    garder(client, adresse, contexte="Le mien", version=consultation.cahier.version)
    consultation.cahier.contexte = "Le sien"
    consultation.cahier.save()
    repris = client.get(adresse).context["formulaire"]
    envoi = {"version": repris["version"].value(), "contexte": repris["contexte"].value()}
    reponse = client.post(adresse, envoi)
    assert reponse.status_code == 409
    assert {"Le mien", "Le sien"} <= {
        ligne[cote] for ligne in reponse.context["conflit"] for cote in ("saisi", "enregistre")
    }


def test_on_peut_l_oublier(client, cahier):
    _, _, adresse = cahier
    garder(client, adresse, contexte="Un texte à demi écrit")
    oublier = reverse("socle:brouillon_oublier")
    assert client.post(oublier, {"adresse_brouillon": adresse}).url == adresse
    assert "Un texte à demi écrit" not in client.get(adresse).content.decode()
    for dehors in ("https://exemple.org/", "//exemple.org/", "/\\exemple.org", "/a\0b"):
        assert client.post(oublier, {"adresse_brouillon": dehors}).url == "/"


def test_une_saisie_trop_longue_ou_sans_page_est_refusee(client, cahier):
    _, _, adresse = cahier
    assert garder(client, adresse, contexte="x" * (brouillons.TAILLE_MAX + 1)).status_code == 413
    assert garder(client, adresse, page="²", contexte="x").status_code == 400
    for dehors in ("https://exemple.org/", "/a\0b", "/" + "a" * brouillons.ADRESSE_MAX):
        assert garder(client, dehors, contexte="x").status_code == 400
    plusieurs = ["x" * (brouillons.TAILLE_MAX - 1)] * 2
    assert garder(client, adresse, contexte=plusieurs).status_code == 413
    assert not Brouillon.objects.exists()


def test_ce_que_personne_n_a_repris_s_efface_apres_trente_jours(client, cahier):
    _, _, adresse = cahier
    garder(client, adresse, contexte="Ancien")
    Brouillon.objects.update(garde_le=horloge.maintenant() - brouillons.GARDE * 2)
    garder(client, f"{adresse}?autre", contexte="Neuf")
    assert [b.adresse for b in Brouillon.objects.all()] == [f"{adresse}?autre"]


def test_rien_de_scelle_ni_de_secret_ne_se_garde():
    assert not brouillons.se_garde(reponses.DepotForm())
    assert not brouillons.se_garde(reponses.SecretForm())
    assert brouillons.se_garde(reponses.MotifForm())


@pytest.mark.navigateur
@pytest.mark.django_db(transaction=True)
def test_dans_le_navigateur_la_saisie_survit_a_la_page_quittee(page, cahier):
    _, compte, adresse = cahier
    ecran = page(utilisateur=compte)
    ecran.goto(adresse)
    ecran.fill("[name=contexte]", "Écrit puis quitté sans enregistrer")
    ecran.get_by_text("Saisie gardée à").wait_for(timeout=10_000)
    ecran.goto("/")
    ecran.goto(adresse)
    assert ecran.input_value("[name=contexte]") == "Écrit puis quitté sans enregistrer"
    ecran.get_by_role("button", name="L'oublier").click()
    ecran.locator("[data-brouillon]").first.wait_for(state="attached")
    assert ecran.input_value("[name=contexte]") == "Texte contexte"
