"""Orientation and its follow-up, letter of refusal, charter, agreement of the board, reopening."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from accompagnements.demandes import regles, transitions
from accompagnements.demandes.partenaires import Partenaire
from accompagnements.parcours.taches import taches
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements.test_relances import PDF

pytestmark = pytest.mark.django_db


def faire(client, demande, geste, **champs):
    demande.refresh_from_db()
    adresse = reverse("accompagnements:demande_geste", args=[demande.pk, geste])
    return client.post(adresse, {"version_lue": demande.version, **champs})


def test_l_annuaire_ne_propose_que_ceux_du_territoire(departement):
    var = fabrique.un_departement("83", "Var")
    partout = fabrique.un_partenaire("Partout")
    ici = fabrique.un_partenaire("Ici", departements=[departement])
    fabrique.un_partenaire("Là-bas", departements=[var])
    fabrique.un_partenaire("Retiré", retire=True)
    assert set(Partenaire.objects.pour(departement)) == {partout, ici}


def test_l_annuaire_se_tient_par_region(client, charge, autre_operateur, c2ra):
    client.force_login(charge)
    adresse = reverse("accompagnements:partenaire_nouveau")
    cle = client.get(adresse).context["formulaire"]["cle_envoi"].value()
    genre = fabrique.un_terme("orientation")
    envoi = {"cle_envoi": cle, "nom": "Réseau Sud", "genre": genre.pk, "email": "r@essai.example"}
    for _ in range(2):
        assert client.post(adresse, envoi).status_code == 302
    partenaire = Partenaire.objects.get()
    assert partenaire.region_id == charge.rattachement.operateur.region_id
    double = client.post(adresse, {**envoi, "cle_envoi": "0" * 32, "nom": "RESEAU  sud"})
    assert double.status_code == 422
    assert "porte déjà ce nom" in double.content.decode()
    client.force_login(c2ra)
    assert client.get(partenaire.get_absolute_url()).status_code == 200


def test_orienter_vers_un_partenaire_puis_savoir_ce_qu_il_en_est_advenu(client, charge):
    partenaire = fabrique.un_partenaire(contact="Camille Autre", telephone="04 11 11 11 11")
    demande = fabrique.une_demande("accueillie", jours=20)
    client.force_login(charge)
    assert faire(client, demande, "orienter", motif="Besoin de réseau").status_code == 422
    envoi = {"partenaire": partenaire.pk, "motif": "Besoin de réseau"}
    assert faire(client, demande, "orienter", **envoi).status_code == 302
    demande.refresh_from_db()
    assert (demande.orientation, demande.orientation_organisme) == (
        partenaire.genre,
        partenaire.nom,
    )
    corps = Courriel.objects.filter(fil=demande.fil).first().corps
    assert "04 11 11 11 11" in corps
    assert taches(charge) == []
    jour = horloge.maintenant() + timedelta(days=regles.SUITE_JOURS)
    with horloge.voyage(jour):
        assert [t.libelle for t in taches(charge)] == ["Demander la suite d'une orientation"]
        transitions.noter_suite(
            demande, par=charge, suite_le=horloge.aujourdhui(), suite_resultat="en_cours"
        )
        assert taches(charge) == []
    with horloge.voyage(jour + timedelta(days=regles.SUITE_JOURS)):
        assert len(taches(charge)) == 1, "l'échange continue : on redemande plus tard"
        transitions.noter_suite(
            demande,
            par=charge,
            suite_le=horloge.aujourdhui(),
            suite_resultat="prise_en_charge",
            suite_precisions="Adhésion signée",
        )
        assert taches(charge) == []
    page = client.get(partenaire.get_absolute_url()).content.decode()
    assert "Prise en charge par le partenaire" in page


def test_la_suite_est_datee_apres_l_orientation_et_pas_dans_le_futur(client, charge):
    demande = fabrique.une_demande("reorientee", jours=20)
    client.force_login(charge)
    for jour in (demande.decidee_le - timedelta(days=1), horloge.aujourdhui() + timedelta(days=1)):
        reponse = faire(
            client, demande, "noter-suite", suite_le=jour.isoformat(), suite_resultat="sans_suite"
        )
        assert reponse.status_code == 422
        assert reponse.context["formulaire"].errors["suite_le"]
    demande.refresh_from_db()
    assert demande.suite_le is None


def test_la_lettre_de_refus_part_telle_que_relue_et_reste_en_pdf(client, charge):
    demande = fabrique.une_demande("accueillie")
    client.force_login(charge)
    adresse = reverse("accompagnements:demande_geste", args=[demande.pk, "refuser"])
    proposee = client.get(adresse).context["formulaire"]["lettre"].value()
    assert demande.structure.nom in proposee
    assert faire(client, demande, "refuser", motif="En création", lettre=" ").status_code == 422
    relue = proposee.replace("Madame, Monsieur,", "Chère équipe,", 1)
    reponse = faire(client, demande, "refuser", motif="Vous êtes en création.", lettre=relue)
    assert reponse.status_code == 302
    courriel = Courriel.objects.filter(fil=demande.fil).first()
    for mots in ("Chère équipe,", "Vous êtes en création.", demande.reference):
        assert mots in courriel.corps
    assert regles.MOTIF not in courriel.corps
    pdf = client.get(reverse("accompagnements:demande_lettre", args=[demande.pk]))
    texte = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "Chère équipe" in texte
    assert "en création" in texte


def test_sans_refus_pas_de_lettre(client, charge):
    demande = fabrique.une_demande("accueillie")
    client.force_login(charge)
    adresse = reverse("accompagnements:demande_lettre", args=[demande.pk])
    assert client.get(adresse).status_code == 404


def test_la_charte_et_l_accord_du_conseil_sont_dates(client, charge, autre_charge):
    demande = fabrique.une_demande("accueillie", jours=20)
    client.force_login(charge)
    jour = horloge.aujourdhui().isoformat()
    sans_date = faire(client, demande, "engager", charte=SimpleUploadedFile("charte.pdf", PDF))
    assert sans_date.status_code == 422
    demain = (horloge.aujourdhui() + timedelta(days=1)).isoformat()
    assert faire(client, demande, "engager", accord_ca_le=demain).status_code == 422
    envoi = {
        "charte": SimpleUploadedFile("charte.pdf", PDF),
        "charte_le": jour,
        "charte_signataire": "Camille Autre, présidence",
    }
    assert faire(client, demande, "engager", **envoi).status_code == 302
    assert faire(client, demande, "engager", accord_ca_le=jour).status_code == 302
    demande.refresh_from_db()
    assert (demande.charte.nom, demande.charte_signataire) == (
        "charte.pdf",
        "Camille Autre, présidence",
    )
    assert demande.accord_ca_le == horloge.aujourdhui()
    fichier = reverse("socle:telecharger", args=[demande.charte_id])
    reponse = client.get(fichier)
    assert b"".join(reponse.streaming_content) == PDF
    client.force_login(autre_charge)
    assert client.get(fichier).status_code == 404


def test_rouvrir_une_orientation_ne_demande_plus_sa_suite(responsable, charge):
    demande = fabrique.une_demande("reorientee", jours=100)
    assert len(taches(charge)) == 1
    transitions.rouvrir(demande, par=responsable, motif="Le partenaire ne peut pas aider")
    assert (demande.etat, demande.suite_prevue_le) == ("accueillie", None)
    with pytest.raises(Manques):
        transitions.noter_suite(
            demande, par=charge, suite_le=horloge.aujourdhui(), suite_resultat="sans_suite"
        )


def test_la_fiche_d_un_partenaire_ne_compte_que_ce_qui_lui_reste_oriente(client, charge):
    """Reopened, a demande keeps its partner in memory; it is no longer sent there."""
    partenaire = fabrique.un_partenaire()
    orientee = fabrique.une_demande("reorientee")
    reprise = fabrique.une_demande("reorientee")
    sans_date = fabrique.une_demande("reorientee")
    type(orientee).objects.update(partenaire=partenaire)
    transitions.rouvrir(reprise, par=_responsable(charge), motif="Elle revient")
    type(orientee).objects.filter(pk=reprise.pk).update(partenaire=partenaire)
    type(orientee).objects.filter(pk=sans_date.pk).update(decidee_le=None)
    client.force_login(charge)
    page = client.get(partenaire.get_absolute_url())
    assert list(page.context["orientees"]) == [orientee, sans_date]


def _responsable(charge):
    operateur = charge.rattachement.operateur
    return fabrique.une_personne("responsable", operateur=operateur)
