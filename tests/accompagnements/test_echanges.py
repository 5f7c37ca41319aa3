"""Between the sending and the deadline: questions, corrections, confidentiality."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accompagnements.consultations import courriels, documents, validation
from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.models import Depot
from accompagnements.consultations.pieces import PIECES
from accompagnements.consultations.questions import Question
from accompagnements.parcours.sources import SOURCES
from accompagnements.parcours.taches import taches
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel, Fichier
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import confirmer, lien_de
from tests.accompagnements.test_analyse import lire
from tests.accompagnements.test_relances import PDF
from tests.preuves.mondes import notes_pleines

pytestmark = pytest.mark.django_db
PREMIER, SECOND = "cabinet0@essai.example", "cabinet1@essai.example"


@pytest.fixture
def consultation():
    """A consultation sent today to two prestataires, closing in ten days."""
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=10)
    consultations.publier(
        consultation,
        par=suite.le_charge(consultation),
        date_limite=limite,
        justification_delai="Essai",
    )
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
    client.post(chemin, {"action": "reconfirmer", "version_lue": "2"})
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
    client.post(chemin, {"action": "annoncer", "version_lue": "1"})
    assert client.get(diagnostic).status_code == 404
    assert client.post(chemin, {"action": "secret"}).status_code == 422
    assert client.post(chemin, {"action": "secret", "secret-accepte": "on"}).status_code == 302
    reponse = client.get(diagnostic)
    assert reponse["Content-Type"] == "application/pdf"
    assert client.get(diagnostic).status_code == 200
    lus = sollicitation_de(consultation, PREMIER).journal().filter(transition="diagnostic_lu")
    assert lus.count() == 1  # once a day
    transfere = type(client)().get(diagnostic)  # the link alone, without the code
    assert (transfere.status_code, transfere["Location"]) == (302, chemin)
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


def test_le_diagnostic_se_referme_a_la_limite_sauf_pour_le_retenu(consultation, client):
    charge = suite.le_charge(consultation)
    dossier = consultation.ingenierie.accompagnements().get()
    lectures = {}
    for courriel in (PREMIER, SECOND):
        sollicitation = sollicitation_de(consultation, courriel)
        consultations.deposer(sollicitation, par="Par son lien", **suite.DEPOT)
        sollicitation.refresh_from_db()
        consultations.s_engager_au_secret(sollicitation, par="Par son lien")
        lectures[courriel] = type(client)(), chemins_de(courriel)[0]

    def statuts():
        rendus = {}
        for courriel, (navigateur, chemin) in lectures.items():
            confirmer(navigateur, chemin, courriel)
            lu = navigateur.get(f"{chemin}?document=diagnostic-{dossier.pk}")
            rendus[courriel] = lu.status_code
        return rendus

    assert statuts() == {PREMIER: 200, SECOND: 200}
    consultation.refresh_from_db()
    with horloge.voyage(consultation.date_limite):
        assert statuts() == {PREMIER: 404, SECOND: 404}
        consultations.ouvrir(consultation, par=charge)
        assert statuts() == {PREMIER: 404, SECOND: 404}
        notes = notes_pleines(consultation)
        consultations.noter(consultation, par=charge, notes=notes)
        retenue = consultation.propositions.get(sollicitation__prestataire__email=PREMIER)
        consultations.attribuer(
            consultation,
            par=charge,
            proposition=retenue,
            presents="La présidente",
            malgre_les_pieces=True,
        )
        assert statuts() == {PREMIER: 200, SECOND: 404}
        responsable = fabrique.une_personne(
            roles.Responsable.code, operateur=consultation.ingenierie.operateur
        )

        def page():
            return client.get(lectures[PREMIER][1]).content.decode()

        assert "est retenue" in page()
        consultations.relancer(consultation, par=responsable, motif="Défection")
        assert "est retenue" not in page()
        assert "ce choix est annulé" in page()
        assert statuts() == {PREMIER: 404, SECOND: 404}


def chemins_de(destinataire):
    """Every personal link sent to somebody, oldest first."""
    corps = Courriel.objects.filter(destinataire=destinataire).order_by("pk")
    return [m[0] for c in corps if (m := re.search(r"/lien/[\w-]+/", c.corps))]


@pytest.mark.parametrize("geste", ["prolonger", "positionnement"])
def test_le_lien_deja_recu_marche_encore_apres_le_nouveau(consultation, client, geste):
    ancien = lien_de(PREMIER)
    confirmer(client, ancien, PREMIER)
    if geste == "prolonger":
        limite = consultation.date_limite + timedelta(days=90)
        consultations.prolonger(
            consultation,
            par=suite.le_charge(consultation),
            date_limite=limite,
            motif="Congés",
            justification_delai="Essai",
        )
    else:
        limite = consultation.date_limite
        courriels.positionnement(sollicitation_de(consultation, PREMIER))
    assert len(chemins_de(PREMIER)) == 2
    assert client.post(ancien, {"action": "annoncer", "version_lue": "1"}).status_code == 302
    with horloge.voyage(limite - timedelta(days=1)):
        for chemin in chemins_de(PREMIER):
            assert client.get(chemin).status_code == 200


@pytest.mark.parametrize("action", ["annoncer", "deposer", "reconfirmer"])
def test_on_ne_repond_qu_a_la_version_lue(consultation, client, action):
    chemin = lien_de(PREMIER)
    confirmer(client, chemin, PREMIER)
    if action == "reconfirmer":
        client.post(chemin, {"action": "annoncer", "version_lue": "1"})
        consultation.refresh_from_db()
    consultations.corriger_cdc(
        consultation, par=suite.le_charge(consultation), motif="Un atelier", livrables="Quatre"
    )
    saisie = {
        "montant_ht": "4000",
        "tva": "800",
        "jours": "5",
        "intervenants": "Deux personnes",
        "methode": "Une démarche déjà écrite",
    }

    def envoyer(**plus):
        offre = SimpleUploadedFile("offre.pdf", PDF)
        return client.post(chemin, {"action": action, "fichier": offre, **saisie, **plus})

    for plus, phrase in (({"version_lue": "1"}, "version 2 est en vigueur"), ({}, "Rechargez")):
        refus = envoyer(**plus)
        assert refus.status_code == 422
        assert phrase in refus.content.decode()
        if action == "deposer":
            assert "Une démarche déjà écrite" in refus.content.decode()
    assert not Depot.objects.exists()
    assert 'name="version_lue" value="2"' in client.get(chemin).content.decode()
    fait = 200 if action == "deposer" else 302  # a deposit is answered its receipt
    assert envoyer(version_lue="2").status_code == fait
    assert sollicitation_de(consultation, PREMIER).version_confirmee == 2


def test_la_proposition_se_depose_en_pdf_avec_sa_tva_et_la_liste_des_pieces(consultation, client):
    chemin = lien_de(PREMIER)
    confirmer(client, chemin, PREMIER)
    page = client.get(chemin).content.decode().replace("&#x27;", "'")
    cahier = lire(documents.cahier_des_charges(consultation))[1].replace("  ", " ")
    for piece in PIECES.values():
        assert piece in page
        assert piece in cahier
    saisie = {
        "action": "deposer",
        "version_lue": "1",
        "montant_ht": "4000,10",
        "tva": "800,02",
        "jours": "5",
        "intervenants": "Deux personnes",
        "methode": "Trois ateliers",
    }
    sans = client.post(chemin, saisie)
    assert sans.context["formulaires"]["depot"].errors.keys() == {"fichier"}
    offre = {"fichier": SimpleUploadedFile("offre.pdf", PDF)}
    assert client.post(chemin, {**saisie, **offre}).status_code == 200  # the receipt
    with horloge.voyage(consultation.date_limite):
        consultation.refresh_from_db()
        consultations.ouvrir(consultation, par=suite.le_charge(consultation))
    proposition = consultation.propositions.get()
    assert (proposition.montant_ht, proposition.montant_ttc) == (
        Decimal("4000.10"),
        Decimal("4800.12"),
    )


def test_une_correction_garde_la_validation_de_la_version_lue(consultation, client):
    charge = suite.le_charge(consultation)
    client.force_login(charge)
    adresse = reverse("accompagnements:consultation_geste", args=[consultation.pk, "corriger-cdc"])
    formulaire = client.get(adresse).context["formulaire"]
    envoi = {n: formulaire[n].value() for n in formulaire.fields}
    envoi |= {"debut": "", "fin": "", "motif": "Calendrier ouvert", "objectifs": "Corrigés"}
    envoi["version_lue"] = consultation.version
    assert client.post(adresse, envoi).status_code == 302  # the dates are optional here too
    consultation.refresh_from_db()
    cahier = consultation.cahier
    assert (cahier.numero, cahier.version_validee, cahier.debut) == (2, 1, None)
    attente = "version 2 : corrections communiquées, accord de la structure à recueillir"
    assert attente in client.get(consultation.get_absolute_url()).content.decode()
    assert attente in lire(documents.cahier_des_charges(consultation))[1]
    accord = reverse(
        "accompagnements:consultation_geste", args=[consultation.pk, "accord-correction"]
    )
    envoi = {"version_lue": consultation.version, "valide_par": "Le trésorier"}
    envoi["valide_le"] = horloge.aujourdhui().isoformat()
    assert client.post(accord, envoi).status_code == 302
    consultation.refresh_from_db()
    assert "ersion 2 validée par Le trésorier" in consultation.cahier.validation_en_mots
    assert not consultation.cahier.accord_a_recueillir
    with pytest.raises(Manques, match="a validé la version en vigueur"):
        validation.recueillir_l_accord(
            consultation, par=charge, valide_le=horloge.aujourdhui(), valide_par="Le trésorier"
        )


def test_une_question_sans_reponse_est_une_tache_et_previent_l_operateur(consultation):
    charge = suite.le_charge(consultation)
    operateur = consultation.ingenierie.operateur
    operateur.email = "dla@operateur.example"
    operateur.save()
    consultation.ingenierie.accompagnements().update(charge=None)
    question = consultations.poser_question(
        sollicitation_de(consultation, PREMIER), par="Par son lien", texte="Combien d'ateliers ?"
    )
    assert Courriel.objects.filter(destinataire=operateur.email).count() == 1
    source = next(s for s in SOURCES if s.libelle == "Répondre à une question")
    assert list(source.lignes(charge)) == [question]
    assert source.echeance(question) == horloge.timezone.localdate(consultation.questions_jusqu_au)
    consultation.ingenierie.accompagnements().update(charge=charge)
    assert "Répondre à une question" in [tache.libelle for tache in taches(charge)]
    consultations.repondre_question(question, par=charge, reponse="Trois.")
    assert not source.lignes(charge).exists()


def test_qui_ne_peut_etre_sollicite_se_trouve_avec_la_phrase_qui_dit_pourquoi(client):
    consultation = suite.une_consultation("validee")
    retire = suite.un_prestataire(2)
    type(retire).objects.filter(pk=retire.pk).update(etat="refuse")
    client.force_login(suite.le_charge(consultation))
    adresse = reverse("accompagnements:consultation_prestataires", args=[consultation.pk])
    assert "Cabinet 2" not in client.get(adresse).content.decode()
    trouve = client.get(f"{adresse}?q=cabinet 2").content.decode()
    assert "Cabinet 2 ne peut être sollicité" in trouve
