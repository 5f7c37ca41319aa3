"""Proof 8 of the consultation: the timeline of the dossier tells every file and every mail."""

from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from accompagnements.restitutions import transitions as restitutions
from dla_portal.socle import courriels, fichiers
from dla_portal.socle.models import Courriel, Fichier
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.test_argent import facture_de
from tests.accompagnements.test_preuves_fse import le_zip
from tests.accompagnements.test_relances import PDF, relancer

pytestmark = pytest.mark.django_db


@pytest.fixture
def chaine(client):
    """A mission with its files, and the dossier it belongs to, its chargé signed in."""
    mission = suite.une_restitution().mission
    dossier = mission.convention.ingenierie.accompagnements().get()
    client.force_login(dossier.charge)
    fichier = SimpleUploadedFile("facture.pdf", PDF)
    restitutions.recevoir_facture(
        facture_de(mission, "A", "1440"), par=dossier.charge, fichier=fichier
    )
    for fil in (dossier.fil, dossier.demande.fil, mission.fil):
        nom = f"{fil.replace(':', ' ')}.pdf"
        fichiers.enregistrer(nom, PDF, "application/pdf", fil=fil, categorie="piece")
    return mission, dossier


def frise(client, dossier, genre):
    """The lines of a kind, what the portal draws up by itself left out."""
    page = client.get(reverse("accompagnements:dossier", args=[dossier.pk]))
    lignes = page.context["chronologie"].gardees
    etablis = "Document établi par le portail"
    return [ligne for ligne in lignes if ligne.genre == genre and ligne.detail != etablis]


def test_preuve_8_la_frise_et_le_zip_comptent_les_memes_pieces(chaine, client):
    mission, dossier = chaine
    montrees = Counter(
        ligne.titre.removeprefix("Pièce : ") for ligne in frise(client, dossier, "piece")
    )
    archive = le_zip(client, mission)
    assert sum(montrees.values()) == Fichier.objects.filter(scelle=False).count() >= 4
    deposees = [nom for nom in archive.namelist() if any(nom.endswith(f" - {m}") for m in montrees)]
    assert len(deposees) == sum(montrees.values())


def test_preuve_8_chaque_courriel_est_a_la_frise_avec_son_etat(chaine, client, settings):
    _, dossier = chaine
    relancer()
    # Those about the register are on the page of the prestataire; a code belongs to its page alone.
    siens = Courriel.objects.exclude(fil="").exclude(fil__startswith="prestataire:")
    assert siens.count() > 10
    assert not Courriel.objects.filter(fil="").exclude(sujet="Votre code de confirmation").exists()

    def compter():
        lignes = frise(client, dossier, "courriel")
        assert len(lignes) == siens.count()
        return Counter(ligne.etat.split(" le ")[0].split(",")[0] for ligne in lignes)

    assert compter() == {"En attente": siens.count()}
    perdu = siens.first()
    perdu.essais, perdu.erreur = courriels.ESSAIS_MAX, "Boîte inconnue"
    perdu.save()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    call_command("envoyer_courriels", verbosity=0)
    assert compter() == {"Envoyé": siens.count() - 1, "Abandonné": 1}
