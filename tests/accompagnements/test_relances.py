"""Reminders: due on their day, once, stopped by what they ask for; private files after the right."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accompagnements.suites.models import Suivi
from accompagnements.suites.regles import fenetre_de_suivi
from dla_portal.socle import fichiers, horloge
from dla_portal.socle.models import Courriel
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique_ingenierie import un_prestataire

pytestmark = pytest.mark.django_db
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>endobj\ntrailer<</Root 1 0 R>>\n"
)


def relancer(le=None):
    sortie = StringIO()
    date = le.strftime("%d/%m/%Y") if le else None
    call_command("relances", stdout=sortie, **({"date": date} if date else {}))
    return dict(ligne.rsplit(" : ", 1) for ligne in sortie.getvalue().strip().splitlines())


def test_un_diagnostic_valide_recoit_son_suivi_une_seule_fois():
    diagnostic = fabrique.un_diagnostic("valide")
    assert relancer()["Suivis prévus"] == "1"
    assert relancer()["Suivis prévus"] == "0"
    suivi = Suivi.objects.get(diagnostic=diagnostic)
    assert (suivi.prevu_du, suivi.prevu_au) == fenetre_de_suivi(diagnostic.valide_le)


def test_d27_la_fenetre_du_suivi_va_de_douze_a_dix_huit_mois():
    debut, fin = fenetre_de_suivi(horloge.aujourdhui().replace(year=2023, month=3, day=1))
    assert debut.isoformat() == "2024-03-01"
    assert fin.isoformat() == "2024-09-01"


def test_rien_a_rappeler_ne_depose_rien():
    assert set(relancer().values()) == {"0"}
    assert not Courriel.objects.exists()


def test_une_date_illisible_est_dite():
    with pytest.raises(CommandError, match="n'est pas une date"):
        call_command("relances", date="demain")


def test_une_piece_ne_se_lit_que_dans_son_equipe(client):
    dossier = fabrique.un_accompagnement()
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    fichier = fichiers.deposer(
        SimpleUploadedFile("statuts.pdf", PDF), fil=dossier.fil, categorie="piece"
    )
    adresse = reverse("socle:telecharger", args=[fichier.pk])
    client.force_login(dossier.charge)
    reponse = client.get(adresse)
    assert b"".join(reponse.streaming_content) == PDF
    assert reponse["Content-Disposition"].startswith("attachment")
    client.force_login(fabrique.un_charge(autre))
    assert client.get(adresse).status_code == 404


def test_une_piece_scellee_ne_se_lit_par_personne(client):
    ingenierie = fabrique.une_ingenierie()
    fichier = fichiers.deposer(
        SimpleUploadedFile("offre.pdf", PDF), fil=ingenierie.fil, categorie="offre", scelle=True
    )
    assert PDF not in fichier.contenu.open().read()
    assert fichier.lire() == PDF
    client.force_login(ingenierie.actions.get().plan.accompagnement.charge)
    assert client.get(reverse("socle:telecharger", args=[fichier.pk])).status_code == 404


def test_le_passe_ne_se_rappelle_pas_deux_fois():
    fabrique.un_diagnostic("valide")
    demain = horloge.aujourdhui() + timedelta(days=1)
    assert relancer(demain)["Suivis prévus"] == "1"
    assert relancer(demain + timedelta(days=30))["Suivis prévus"] == "0"


def test_un_referencement_echu_demande_la_mise_a_jour_une_fois():
    prestataire = un_prestataire()
    fin = prestataire.reference_jusquau
    assert relancer(fin)["Fiches de prestataires à mettre à jour"] == "0"
    assert relancer(fin + timedelta(days=1))["Fiches de prestataires à mettre à jour"] == "1"
    assert relancer(fin + timedelta(days=2))["Fiches de prestataires à mettre à jour"] == "0"
    prestataire.refresh_from_db()
    assert prestataire.etat == "a_mettre_a_jour"
    assert (
        Courriel.objects.filter(destinataire=prestataire.email, sujet__contains="jour").count() == 1
    )
