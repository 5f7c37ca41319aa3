"""The FSE+ evidence file: what the checklist says is there is in the zip, and nothing else."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accompagnements.consultations import documents
from accompagnements.conventions import transitions as conventions
from accompagnements.financements import preuves
from accompagnements.missions import transitions as missions
from accompagnements.restitutions import transitions as restitutions
from dla_portal.socle import fichiers, horloge
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_ingenierie import le_charge, une_mission, une_restitution
from tests.accompagnements.test_ingenierie import facture_de
from tests.accompagnements.test_relances import PDF

pytestmark = pytest.mark.django_db
INDEX = "00 - Index et contrôle.xlsx"


def le_zip(client, mission):
    reponse = client.get(reverse("accompagnements:preuves_fse_zip", args=[mission.pk]))
    return zipfile.ZipFile(io.BytesIO(b"".join(reponse.streaming_content)))


def test_une_piece_dont_le_fichier_a_disparu_se_dit_dans_l_index(client, charge):
    mission = une_mission()
    fichier = fichiers.enregistrer(
        "a.pdf", PDF, "application/pdf", fil=mission.fil, categorie="autre"
    )
    fichier.contenu.storage.delete(fichier.contenu.name)
    client.force_login(charge)
    archive = le_zip(client, mission)
    livre = openpyxl.load_workbook(io.BytesIO(archive.read(INDEX)))
    assert livre["Pièces"]["B2"].value == "ABSENTE DU STOCKAGE"


def test_un_dossier_trop_lourd_se_dit_avant_le_telechargement(client, charge, monkeypatch):
    mission = une_mission()
    fichiers.enregistrer("a.pdf", PDF, "application/pdf", fil=mission.fil, categorie="autre")
    monkeypatch.setattr(preuves, "TAILLE_MAX", 10)
    client.force_login(charge)
    page = client.get(reverse("accompagnements:preuves_fse", args=[mission.pk]))
    assert "une à une" in page.content.decode()
    adresse = reverse("accompagnements:preuves_fse_zip", args=[mission.pk])
    assert client.get(adresse).status_code == 409


def test_les_preuves_restent_dans_l_equipe(client, autre_charge, c2ra):
    mission = une_mission()
    for personne in (autre_charge, c2ra):
        client.force_login(personne)
        for nom in ("preuves_fse", "preuves_fse_zip"):
            assert (
                client.get(reverse(f"accompagnements:{nom}", args=[mission.pk])).status_code == 404
            )


def le_controle(client, mission):
    """Return the sheet « Contrôle »: label → (« oui » or « non », detail, pieces), and the zip."""
    client.force_login(le_charge(mission.convention))
    archive = le_zip(client, mission)
    livre = openpyxl.load_workbook(io.BytesIO(archive.read(INDEX)))
    lignes = livre["Contrôle"].iter_rows(min_row=2, values_only=True)
    return {nom: tuple(x or "" for x in suite_) for nom, *suite_ in lignes}, archive


def un_pdf(nom="feuille.pdf"):
    return SimpleUploadedFile(nom, PDF)


def test_un_oui_a_toujours_sa_piece_dans_le_zip_et_l_ecran_dit_comme_lui(client):
    mission = une_mission()
    suite.une_note(mission)
    suite.une_decision(mission)
    points, archive = le_controle(client, mission)
    livre = openpyxl.load_workbook(io.BytesIO(archive.read(INDEX)))
    listees = {ligne[0].value for ligne in livre["Pièces"].iter_rows(min_row=2)}
    assert listees == set(archive.namelist()) - {INDEX}
    for libelle, (present, detail, piece) in points.items():
        noms = [nom.partition(", feuille")[0] for nom in piece.split(" ; ")] if piece else []
        assert set(noms) <= set(archive.namelist()), libelle
        assert present == "non" or noms or "non exigée" in detail, libelle
    page = client.get(reverse("accompagnements:preuves_fse", args=[mission.pk]))
    a_l_ecran = {
        p.libelle: ("oui" if p.present else "non", p.detail, p.piece)
        for p in page.context["points"]
    }
    assert a_l_ecran == points


def test_ce_que_le_portail_etablit_est_dans_le_zip(client):
    mission = une_mission()
    suite.une_note(mission)
    suite.une_decision(mission)
    points, archive = le_controle(client, mission)
    for libelle in (
        "Procès-verbal d'ouverture",
        "Comparaison des propositions",
        "Procès-verbal de choix",
        "Compte rendu de la réunion de lancement",
        "Note à mi-parcours",
        f"Fiche de décision du {horloge.aujourdhui():%d/%m/%Y}",
    ):
        present, _, piece = points[libelle]
        assert present == "oui", libelle
        assert archive.read(piece).startswith(b"%PDF")
    assert points["Compte rendu de la restitution"][0] == "non"


def test_les_proces_verbaux_gardes_ne_sont_pas_faits_deux_fois(client):
    mission = une_mission()
    consultation = mission.convention.consultation
    fichiers.enregistrer(  # left by an earlier consultation of the same engineering
        "ancien.pdf", PDF, "application/pdf", fil=mission.fil, categorie="procès-verbal de choix"
    )
    points, _ = le_controle(client, mission)
    assert points["Procès-verbal de choix"][2].endswith("Procès-verbal de choix.pdf")
    consultation.pv_ouverture = documents.conserver(consultation, "ouverture", PDF, None)
    consultation.pv_choix = documents.conserver(consultation, "choix", PDF, None)
    consultation.save()
    points, archive = le_controle(client, mission)
    assert points["Procès-verbal d'ouverture"][2].endswith("-pv-ouverture.pdf")
    assert points["Procès-verbal de choix"][2].endswith("-pv-choix.pdf")
    noms = [nom for nom in archive.namelist() if "Procès-verbal" in nom]
    assert len(noms) == 3


def test_une_feuille_par_intervention(client, charge):
    mission = une_mission()
    libelle = "Feuilles d'émargement"
    assert le_controle(client, mission)[0][libelle][:2] == ("non", "aucune intervention au journal")
    premiere, seconde = suite.une_journee(mission), suite.une_journee(mission)
    fichiers.enregistrer(
        "x.pdf", PDF, "application/pdf", fil=mission.fil, categorie="emargement"
    )  # a sheet of no intervention proves nothing
    assert le_controle(client, mission)[0][libelle][1].startswith("0 sur 2 ; manquent celles des")
    missions.joindre_feuille(mission, par="Par son lien", journee=premiere, feuille=un_pdf())
    present, detail, piece = le_controle(client, mission)[0][libelle]
    assert (present, detail[:7]) == ("non", "1 sur 2")
    assert piece.endswith("feuille.pdf")
    missions.retirer_journee(seconde, par=le_charge(mission.convention), motif="Double")
    assert le_controle(client, mission)[0][libelle][:2] == ("oui", "1 sur 1")


def test_une_piece_perdue_ne_compte_plus(client):
    mission = une_mission()
    facture = restitutions.recevoir_facture(
        facture_de(mission, "1200", solde=False),
        par=le_charge(mission.convention),
        fichier=un_pdf("f.pdf"),
    )
    libelle = f"Facture {facture.numero} : fichier"
    assert le_controle(client, mission)[0][libelle][0] == "oui"
    facture.fichier.contenu.storage.delete(facture.fichier.contenu.name)
    assert le_controle(client, mission)[0][libelle][:2] == ("non", "pièce absente du dossier")
    page = client.get(reverse("accompagnements:preuves_fse", args=[mission.pk]))
    (point,) = [p for p in page.context["points"] if p.libelle == libelle]
    assert not point.present


def test_la_convention_signee_est_son_exemplaire_signe(client):
    libelle = "Convention signée par toutes les parties"
    sans = une_mission()
    assert "pièce absente" in le_controle(client, sans)[0][libelle][1]
    convention = conventions.mettre_en_signature(
        brouillon := suite.une_convention("brouillon"), par=le_charge(brouillon)
    )
    suite.signer_sur_papier(convention, scan=lambda: un_pdf("scan.pdf"))
    convention.refresh_from_db()
    mission = missions.lancer(
        convention,
        par=le_charge(convention),
        lancee_le=horloge.aujourdhui(),
        presents="Les trois parties",
    )
    present, _, piece = le_controle(client, mission)[0][libelle]
    assert present == "oui"
    assert "Convention signée - " in piece


def test_le_compte_rendu_garde_ou_refait_est_dans_le_zip(client):
    for garde in (True, False):
        restitution = une_restitution(avec_compte_rendu=garde)
        points, archive = le_controle(client, restitution.mission)
        present, _, piece = points["Compte rendu de la restitution"]
        assert present == "oui"
        assert sum("Compte rendu de restitution" in nom for nom in archive.namelist()) == 1
        if garde:
            assert archive.read(piece) == restitution.compte_rendu.lire()
