"""Between the sending and the deadline: questions, corrections, confidentiality."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.questions import Question
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel, Fichier
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import confirmer, lien_de
from tests.accompagnements.test_relances import PDF

pytestmark = pytest.mark.django_db
PREMIER, SECOND = "cabinet0@essai.example", "cabinet1@essai.example"


@pytest.fixture
def consultation():
    """A consultation sent today to two prestataires, closing in ten days."""
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=10)
    consultations.publier(consultation, par=suite.le_charge(consultation), date_limite=limite)
    return consultation


def sollicitation_de(consultation, courriel):
    return consultation.sollicitations.get(prestataire__email=courriel)


def test_la_reponse_part_a_tous_sans_dire_qui_a_demande(consultation, client):
    chemin = lien_de(PREMIER)
    confirmer(client, chemin, PREMIER)
    envoi = {"action": "questionner", "question-texte": "Les comptes 2025 sont-ils clos ?"}
    assert client.post(chemin, envoi).status_code == 302
    question = Question.objects.get()
    assert "2025" not in client.get(lien_de(SECOND)).content.decode()
    Courriel.objects.all().delete()
    consultations.repondre_question(
        question, par=suite.le_charge(consultation), reponse="Oui, depuis l'assemblée de mai."
    )
    recus = {c.destinataire: c.corps for c in Courriel.objects.all()}
    assert set(recus) == {PREMIER, SECOND}
    assert len(set(recus.values())) == 1
    assert "Oui, depuis l'assemblée de mai." in recus[SECOND]
    assert "Cabinet 0" not in recus[SECOND]


def test_une_question_repondue_se_lit_sur_chaque_lien(consultation, client):
    liens = {courriel: lien_de(courriel) for courriel in (PREMIER, SECOND)}
    question = consultations.poser_question(
        sollicitation_de(consultation, PREMIER), par="Par son lien", texte="Combien d'ateliers ?"
    )
    consultations.repondre_question(question, par=suite.le_charge(consultation), reponse="Trois.")
    for chemin in liens.values():
        contenu = client.get(chemin).content.decode()
        assert "ateliers ?" in contenu
        assert "Trois." in contenu
    with pytest.raises(Manques, match="déjà sa réponse"):
        consultations.repondre_question(
            question, par=suite.le_charge(consultation), reponse="Quatre."
        )


def test_les_questions_ferment_avant_la_date_limite(consultation):
    sollicitation = sollicitation_de(consultation, PREMIER)
    with (
        horloge.voyage(consultation.date_limite - timedelta(days=3)),
        pytest.raises(Manques, match="Les questions sont closes"),
    ):
        consultations.poser_question(sollicitation, par="Par son lien", texte="Trop tard ?")
    assert not Question.objects.exists()


def test_une_correction_fait_une_version_que_chacun_confirme(consultation, client):
    charge = suite.le_charge(consultation)
    premier = sollicitation_de(consultation, PREMIER)
    second = sollicitation_de(consultation, SECOND)
    consultations.deposer(premier, par="Par son lien", **suite.DEPOT)
    consultations.deposer(second, par="Par son lien", **suite.DEPOT)
    consultation.refresh_from_db()
    chemin = lien_de(PREMIER)
    Courriel.objects.all().delete()
    consultations.corriger_cdc(
        consultation, par=charge, motif="Un jour de plus", livrables="Quatre livrables"
    )
    assert {c.destinataire for c in Courriel.objects.all()} == {PREMIER, SECOND}
    assert consultation.cahier.numero == 2
    assert consultation.cahier.history.filter(numero=1).exists()
    confirmer(client, chemin, PREMIER)
    assert "Confirmer ma réponse sur la version 2" in client.get(chemin).content.decode()
    client.post(chemin, {"action": "reconfirmer"})
    with horloge.voyage(consultation.date_limite):
        consultations.ouvrir(consultation, par=charge)
    versions = {p.prestataire.email: p.version_cahier for p in consultation.propositions.all()}
    assert versions == {PREMIER: 2, SECOND: 1}


def test_corriger_sans_rien_changer_est_refuse(consultation):
    with pytest.raises(Manques, match="Rien n'a changé"):
        consultations.corriger_cdc(
            consultation,
            par=suite.le_charge(consultation),
            motif="Pour voir",
            livrables=consultation.cahier.livrables,
        )


def test_le_diagnostic_s_ouvre_apres_l_engagement_et_ne_se_lit_jamais_avant(consultation, client):
    chemin = lien_de(PREMIER)
    dossier = consultation.ingenierie.accompagnements().get()
    diagnostic = f"{chemin}?document=diagnostic-{dossier.pk}"
    assert client.get(diagnostic).status_code == 404
    confirmer(client, chemin, PREMIER)
    assert client.post(chemin, {"action": "secret", "secret-accepte": "on"}).status_code == 422
    client.post(chemin, {"action": "annoncer"})
    assert client.get(diagnostic).status_code == 404
    assert client.post(chemin, {"action": "secret"}).status_code == 422
    assert client.post(chemin, {"action": "secret", "secret-accepte": "on"}).status_code == 302
    reponse = client.get(diagnostic)
    assert reponse["Content-Type"] == "application/pdf"
    journal = sollicitation_de(consultation, PREMIER).journal()
    assert journal.filter(libelle__startswith="Engagement de confidentialité").count() == 1
    assert client.get(f"{chemin}?document=diagnostic-999999").status_code == 404
    assert client.get(f"{lien_de(SECOND)}?document=diagnostic-{dossier.pk}").status_code == 404


def test_le_nom_d_un_fichier_scelle_ne_dit_rien(consultation):
    nom = "devis-4000-euros-MARQUEUR.pdf"
    consultations.deposer(
        sollicitation_de(consultation, PREMIER),
        par="Par son lien",
        fichier=SimpleUploadedFile(nom, PDF),
        cv=SimpleUploadedFile("cv.pdf", PDF),
        **suite.DEPOT,
    )
    assert not Fichier.objects.filter(nom__contains="MARQUEUR").exists()
    with horloge.voyage(consultation.date_limite):
        consultation.refresh_from_db()
        consultations.ouvrir(consultation, par=suite.le_charge(consultation))
    proposition = consultation.propositions.get()
    assert proposition.fichier.nom == nom
    assert proposition.cv.nom == "cv.pdf"
    assert not proposition.fichier.scelle
