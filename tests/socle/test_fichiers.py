"""No file without its row: a refused gesture, a killed process."""

import os
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction

from accompagnements.restitutions.models import Facture
from dla_portal.socle import fichiers
from dla_portal.socle.models import Fichier
from tests.accompagnements.fabrique_ingenierie import le_charge, une_restitution
from tests.accompagnements.test_relances import PDF


def stockes():
    racine = Path(default_storage.location)
    return {str(f.relative_to(racine)) for f in racine.rglob("*") if f.is_file()}


@pytest.mark.django_db(transaction=True)
def test_une_transaction_annulee_ne_laisse_pas_de_fichier():
    fichiers.effacer_les_orphelins()  # those of the tests before
    avant = stockes()
    with transaction.atomic():
        fichiers.enregistrer("a.pdf", PDF, "application/pdf", fil="demande:1", categorie="piece")
        transaction.set_rollback(True)
    assert len(stockes() - avant) == 1
    assert fichiers.effacer_les_orphelins() == 1
    assert stockes() == avant
    garde = fichiers.enregistrer("b.pdf", PDF, "application/pdf", fil="demande:1", categorie="x")
    assert fichiers.effacer_les_orphelins() == 0
    assert garde.lire() == PDF


@pytest.mark.django_db(transaction=True)
def test_une_facture_refusee_n_en_laisse_pas(client):
    mission = une_restitution().mission
    charge = le_charge(mission.convention)
    client.force_login(charge)
    adresse = f"{mission.get_absolute_url()}factures/nouvelle/"
    cle = client.get(adresse).context["formulaire"]["cle_envoi"].value()
    envoi = {
        "cle_envoi": cle,
        "numero": "F-1",
        "datee_du": "2026-01-01",
        "montant_ht": "900000",
        "montant_ttc": "999999",
        "fichier": SimpleUploadedFile("f.pdf", PDF),
    }
    fichiers.effacer_les_orphelins()
    avant = stockes()
    assert client.post(adresse, envoi).status_code == 422
    assert not Facture.objects.exists()
    assert stockes() == avant


@pytest.mark.django_db
def test_le_balai_ne_prend_que_ce_que_rien_ne_designe():
    garde = fichiers.enregistrer("b.pdf", PDF, "application/pdf", fil="demande:1", categorie="x")
    perdus = [default_storage.save(nom, ContentFile(PDF)) for nom in ("vieux", "jeune")]
    hier = time.time() - 90_000
    for nom in (perdus[0], garde.contenu.name):
        os.utime(default_storage.path(nom), (hier, hier))
    sortie = StringIO()
    call_command("balayer_fichiers", stdout=sortie)
    assert "effacés : 1." in sortie.getvalue()
    assert not default_storage.exists(perdus[0])
    assert default_storage.exists(perdus[1])
    assert Fichier.objects.get().lire() == PDF
