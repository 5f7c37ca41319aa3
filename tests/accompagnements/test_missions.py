"""Missions: the prestataire's page, the journal, the note, alerts, out of scope, documents."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accompagnements.missions import documents, etats, regles, transitions
from accompagnements.missions.gestes import GESTES
from accompagnements.models import Alerte, HorsCadre, Journee, Mission, NoteMiParcours
from accompagnements.parcours.taches import taches
from accompagnements.restitutions import transitions as restitutions
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ajouter_jours_ouvres
from dla_portal.socle.models import Courriel, Evenement, Fichier, Jeton
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import code_de, confirmer, lien_de
from tests.accompagnements.test_ingenierie import facture_de
from tests.accompagnements.test_relances import PDF, relancer

pytestmark = pytest.mark.django_db
CABINET = "cabinet0@essai.example"
FICHE = {
    "motif": "Équilibre retrouvé",
    "consultes": "La présidente, le prestataire",
    "suites": "Deux ateliers reportés",
}
NOTE = {"jours_realises": Decimal(2), "travaux": "Un atelier", "objectifs": "Les coûts"}


@pytest.fixture
def mission(charge):
    """A mission launched six weeks ago: five days agreed."""
    return suite.une_mission()


@pytest.fixture
def page(mission, client):
    """The path of the prestataire's page, in a browser that has confirmed it."""
    chemin = lien_de(CABINET)
    confirmer(client, chemin, CABINET)
    Courriel.objects.all().delete()
    return chemin


def envoi(client, page, nom, **champs):
    """What the browser sends for one form of the page, with its key."""
    formulaire = client.get(page).context["formulaires"][nom]
    donnees = {"cle_envoi": formulaire["cle_envoi"].value(), **champs}
    return {"action": nom, **{formulaire.add_prefix(n): v for n, v in donnees.items()}}


def intervention(mission, **champs):
    contenu = {
        "le": (mission.lancee_le + timedelta(days=3)).isoformat(),
        "moment": "matin",
        "duree": "0,5",
        "intervenants": "Une consultante",
        "lieu": "Au siège",
        "travaux": "Premier atelier",
        "rencontres": "Le bureau",
    }
    return {**contenu, **champs}


def traces():
    return [
        modele.objects.count()
        for modele in (Journee, HorsCadre, Alerte, NoteMiParcours, Evenement, Courriel, Fichier)
    ]


def texte_de(octets):
    pages = PdfReader(io.BytesIO(octets)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()), len(pages)


def en_etat(mission, etat, charge):
    """Bring a mission in progress to a state by its transitions."""
    if etat in ("en_alerte", "suspendue", "arretee"):
        transitions.alerter(mission, par=charge, emise_par="Le prestataire", motif="Retard")
    if etat == "suspendue":
        transitions.suspendre(mission, par=charge, **FICHE)
    if etat == "arretee":
        responsable = fabrique.une_personne(roles.Responsable.code, operateur=charge_de(charge))
        transitions.arreter(mission, par=responsable, **FICHE)
    if etat == "terminee":
        transitions.terminer(mission, par=charge)
    return mission


def charge_de(charge):
    return charge.rattachements.get().operateur


# --- The page of the personal link


def test_le_lancement_envoie_un_lien_qui_montre_la_mission(mission, client):
    assert "/lien/" in Courriel.objects.get(sujet__startswith="Mission lancée").corps
    suite.une_journee(mission, travaux="Entretiens MARQUEUR")
    contenu = client.get(lien_de(CABINET)).content.decode()
    assert mission.convention.ingenierie.intitule in contenu
    assert "Texte objectifs" in contenu
    assert "Entretiens MARQUEUR" in contenu
    assert "<strong>1 jour</strong> au journal sur <strong>5 jours</strong> convenus" in contenu


def test_vingt_lectures_par_un_robot_ne_changent_rien(mission, client):
    suite.une_journee(mission)
    chemin = lien_de(CABINET)
    avant = traces()
    for _ in range(20):
        assert client.get(chemin).status_code == 200
        assert client.get(f"{chemin}?action=journee").status_code == 200
    assert traces() == avant


@pytest.mark.parametrize("etat", ["perime", "revoque", "inconnu", "ancien"])
def test_un_lien_mort_donne_la_page_qui_aide(mission, client, charge, etat):
    chemin = lien_de(CABINET)
    if etat == "perime":
        Jeton.objects.update(expire_le=horloge.maintenant())
    elif etat == "revoque":
        Jeton.objects.update(revoque_le=horloge.maintenant())
    elif etat == "ancien":
        transitions.renvoyer_lien(mission, par=charge)
        assert client.get(lien_de(CABINET)).status_code == 200
    else:
        chemin = "/lien/abcdefghijklmnopqrstuvwxyz012345/"
    for reponse in (client.get(chemin), client.post(chemin, {"action": "recevoir-code"})):
        assert reponse.status_code == 404
        assert "lien" in reponse.content.decode()


def test_le_lien_d_une_mission_n_ouvre_ni_n_ecrit_dans_une_autre(mission, page, client):
    autre = suite.une_mission()
    sienne = suite.une_journee(autre, travaux="AILLEURS")
    assert "AILLEURS" not in client.get(page).content.decode()
    assert client.get(f"{page}?document=emargement-{sienne.pk}").status_code == 404
    donnees = envoi(client, page, "feuille", journee=sienne.pk)
    donnees["feuille-feuille"] = SimpleUploadedFile("f.pdf", PDF)
    assert client.post(page, donnees).status_code == 422
    # Confirmed on one link, the browser is not on the other.
    second = lien_de(CABINET)
    assert second != page
    assert client.get(second).context["confirme"] is False


def test_sans_code_rien_ne_s_ecrit_et_la_saisie_reste(mission, client):
    chemin = lien_de(CABINET)
    avant = traces()
    donnees = envoi(client, chemin, "journee", **intervention(mission, travaux="SAISIE GARDÉE"))
    reponse = client.post(chemin, donnees)
    assert reponse.status_code == 422
    assert "SAISIE GARDÉE" in reponse.content.decode()
    assert traces() == avant


def test_cinq_codes_faux_annulent_le_code(mission, client):
    chemin = lien_de(CABINET)
    client.post(chemin, {"action": "recevoir-code"})
    juste = code_de(CABINET)
    faux = f"{(int(juste) + 1) % 1_000_000:06d}"
    for _ in range(5):
        client.post(chemin, {"action": "confirmer-code", "code": faux})
    client.post(chemin, {"action": "confirmer-code", "code": juste})
    assert client.get(chemin).context["confirme"] is False


ENVOIS = {
    "journee": (lambda m: intervention(m), Journee, 0),
    "hors_cadre": (
        lambda m: {"description": "Former l'équipe", "jours": "1", "raison": "Demandé"},
        HorsCadre,
        1,
    ),
    "note": (
        lambda m: {
            "recue_le": horloge.aujourdhui().isoformat(),
            "jours_realises": "2",
            "objectifs": "Les coûts",
            "travaux": "Un atelier",
            "suite": "Deux ateliers",
        },
        NoteMiParcours,
        1,
    ),
    "alerte": (lambda m: {"motif": "La direction est absente"}, Alerte, 1),
}


@pytest.mark.parametrize("fois", [2, 10])
@pytest.mark.parametrize("nom", ENVOIS)
def test_un_envoi_repete_fait_un_objet_et_un_courriel(mission, page, client, nom, fois):
    champs, modele, courriels = ENVOIS[nom]
    donnees = envoi(client, page, nom, **champs(mission))
    for _ in range(fois):
        assert client.post(page, donnees).status_code == 302
    assert modele.objects.count() == 1
    assert Courriel.objects.count() == courriels
    assert Evenement.objects.filter(par_qui="Cabinet 0, par son lien").count() == 1


def test_une_feuille_signee_rejoint_son_intervention(mission, page, client, charge, autre_charge):
    journee = suite.une_journee(mission)
    donnees = envoi(client, page, "feuille", journee=journee.pk)
    for _ in range(2):
        donnees["feuille-feuille"] = SimpleUploadedFile("signee.pdf", PDF)
        assert client.post(page, donnees).status_code == 302
    journee.refresh_from_db()
    assert Fichier.objects.filter(categorie="emargement").get() == journee.feuille
    adresse = reverse("socle:telecharger", args=[journee.feuille_id])
    client.force_login(charge)
    assert b"".join(client.get(adresse).streaming_content) == PDF
    client.force_login(autre_charge)
    assert client.get(adresse).status_code == 404


def test_une_feuille_ne_change_plus_apres_le_solde(gestionnaire):
    """The signed sheet proves the days paid: nobody replaces it afterwards."""
    mission = suite.une_restitution().mission
    charge = suite.le_charge(mission.convention)
    facture = restitutions.recevoir_facture(facture_de(mission), par=charge)
    restitutions.certifier(facture, par=gestionnaire, motif="Feuilles vues")
    restitutions.payer(
        facture, par=gestionnaire, payee_le=horloge.aujourdhui(), paiement_reference="VIR"
    )
    mission = Mission.objects.get(pk=mission.pk)
    feuille = SimpleUploadedFile("f.pdf", PDF)
    with pytest.raises(Manques, match="soldée"):
        transitions.joindre_feuille(
            mission, par=charge, journee=mission.journees.get(), feuille=feuille
        )


def test_une_feuille_qui_n_est_pas_un_scan_est_refusee(mission, page, client):
    journee = suite.une_journee(mission)
    donnees = envoi(client, page, "feuille", journee=journee.pk)
    donnees["feuille-feuille"] = SimpleUploadedFile("feuille.pdf", b"MZ pas un PDF")
    deja = Fichier.objects.count()  # the minutes of the consultation
    assert client.post(page, donnees).status_code == 422
    assert Fichier.objects.count() == deja


def test_ce_que_la_structure_a_dit_ne_se_lit_pas_par_le_lien(mission, page, client, charge):
    transitions.alerter(mission, par=charge, emise_par="La structure", motif="CONFIDENCE")
    transitions.poursuivre(mission, par=charge, **{**FICHE, "consultes": "TÉMOIN"})
    contenu = client.get(page).content.decode()
    assert "CONFIDENCE" not in contenu
    assert "TÉMOIN" not in contenu
    assert FICHE["motif"] in contenu
    assert not Courriel.objects.filter(corps__contains="CONFIDENCE").exists()


# --- Days and dates


@pytest.mark.parametrize(
    ("decalage", "phrase"),
    [(-1, "ne peut précéder"), (0, ""), (40, ""), (43, "dans le futur")],
)
def test_une_intervention_tient_entre_le_lancement_et_aujourd_hui(mission, decalage, phrase):
    assert (horloge.aujourdhui() - mission.lancee_le).days == 42
    le = mission.lancee_le + timedelta(days=decalage)
    if not phrase:
        assert suite.une_journee(mission, le=le).le == le
        return
    with pytest.raises(Manques, match=phrase):
        suite.une_journee(mission, le=le)
    assert not Journee.objects.exists()


@pytest.mark.parametrize("duree", ["0", "0.25", "0.75", "5.5", "-1"])
def test_la_duree_se_compte_en_demi_journees(mission, duree):
    with pytest.raises(Manques, match="en demi-journées"):
        suite.une_journee(mission, duree=Decimal(duree))


def test_la_base_refuse_une_duree_impossible(mission):
    journee = suite.une_journee(mission)
    with pytest.raises(IntegrityError, match="journee_duree_possible"), transaction.atomic():
        Journee.objects.filter(pk=journee.pk).update(demi_journees=0)


def test_les_jours_s_additionnent_jusqu_aux_jours_convenus(mission, charge):
    for duree in ("2", "2.5"):
        suite.une_journee(mission, duree=Decimal(duree))
    assert mission.jours_realises == Decimal("4.5")
    assert "4,5 jours au journal sur 5 jours" in regles.phrase_des_jours(mission)
    with pytest.raises(Manques, match=r"5,5 jours.*hors cadre.*avenant"):
        suite.une_journee(mission, duree=Decimal(1))
    derniere = suite.une_journee(mission, duree=Decimal("0.5"))
    assert mission.jours_realises == mission.jours_convenus
    # Withdrawn, an entry stays and its days come back.
    transitions.retirer_journee(derniere, par=charge, motif="Saisie deux fois")
    assert mission.jours_realises == Decimal("4.5")
    assert mission.journees.count() == 3


def test_la_page_dit_le_depassement_au_bon_champ(mission, page, client):
    suite.une_journee(mission, duree=Decimal(5))
    reponse = client.post(page, envoi(client, page, "journee", **intervention(mission)))
    assert reponse.status_code == 422
    assert "hors cadre" in reponse.context["formulaires"]["journee"].errors["duree"][0]


def test_les_jours_se_lisent_sur_la_page_de_la_mission(mission, client, charge):
    suite.une_journee(mission, duree=Decimal("2.5"))
    client.force_login(charge)
    contenu = client.get(mission.get_absolute_url()).content.decode()
    assert "<strong>2,5 jours</strong> au journal sur <strong>5 jours</strong>" in contenu
    assert 'aria-label="50 % des jours convenus"' in contenu


@pytest.mark.parametrize("etat", ["en_alerte", "suspendue", "arretee", "terminee"])
def test_le_journal_suit_l_etat_de_la_mission(mission, charge, etat):
    en_etat(mission, etat, charge)
    avant = mission.alertes.first().emise_le if mission.alertes.exists() else mission.lancee_le
    if etat == "terminee":
        with pytest.raises(Manques, match="journal est clos"):
            suite.une_journee(mission, le=avant)
        return
    suite.une_journee(mission, le=avant)
    demain = horloge.maintenant() + timedelta(days=1)
    with horloge.voyage(demain):
        if etat == "en_alerte":
            suite.une_journee(mission, le=horloge.aujourdhui())
            return
        with pytest.raises(Manques, match="aucune intervention ne peut être postérieure"):
            suite.une_journee(mission, le=horloge.aujourdhui())


# --- The mid-term note and its reminders


def test_la_note_connait_le_journal(mission, page, client):
    suite.une_journee(mission, duree=Decimal("1.5"), rencontres="Le bureau MARQUEUR")
    formulaire = client.get(page).context["formulaires"]["note"]
    assert formulaire["jours_realises"].value() == "1,5"
    assert "Le bureau MARQUEUR" in formulaire["reunions"].value()
    assert "1,5 jour au journal sur 5 jours" in formulaire.fields["jours_realises"].help_text


@pytest.mark.parametrize("etat", ["arretee", "terminee"])
def test_une_mission_finie_n_attend_plus_de_note(mission, charge, etat):
    en_etat(mission, etat, charge)
    with pytest.raises(Manques, match="n'a plus lieu d'être"):
        transitions.ajouter_note(NoteMiParcours(mission=mission, **NOTE), par="Par son lien")


def test_la_note_est_demandee_a_mi_parcours_puis_rappelee_deux_fois(mission):
    due = mission.mi_parcours_le
    cinq = ajouter_jours_ouvres(due, 5)
    dix = ajouter_jours_ouvres(cinq, 5)
    calendrier = [
        (due - timedelta(days=1), 0),
        (due, 1),
        (due, 0),
        (cinq - timedelta(days=1), 0),
        (cinq, 1),
        (cinq, 0),
        (dix, 1),
        (dix, 0),
        (dix + timedelta(days=60), 0),
    ]
    for le, attendu in calendrier:
        Courriel.objects.all().delete()
        assert relancer(le)["Notes à mi-parcours demandées"] == str(attendu), le
        lettres = Courriel.objects.filter(destinataire=CABINET, sujet__contains="mi-parcours")
        assert lettres.count() == attendu
        assert not attendu or "/lien/" in lettres.get().corps


def test_une_demande_en_retard_ne_fait_pas_deux_lettres(mission):
    tard = mission.mi_parcours_le + timedelta(days=90)
    assert relancer(tard)["Notes à mi-parcours demandées"] == "1"
    assert relancer(ajouter_jours_ouvres(tard, 4))["Notes à mi-parcours demandées"] == "0"
    assert relancer(ajouter_jours_ouvres(tard, 5))["Notes à mi-parcours demandées"] == "1"


@pytest.mark.parametrize(
    "arret", ["note", "en_alerte", "suspendue", "arretee", "terminee", "rapport"]
)
def test_ce_qui_arrete_la_demande_de_note(mission, charge, arret):
    if arret == "note":
        transitions.ajouter_note(NoteMiParcours(mission=mission, **NOTE), par=charge)
    elif arret == "rapport":
        restitutions.recevoir_rapport(mission, par=charge, rapport_recu_le=horloge.aujourdhui())
    else:
        en_etat(mission, arret, charge)
    assert relancer(mission.mi_parcours_le)["Notes à mi-parcours demandées"] == "0"


# --- Alerts and decisions

DECISIONS = {
    "poursuivre": ("poursuite", "en_cours", {"en_alerte", "suspendue"}),
    "reorienter": ("reorientation", "en_cours", {"en_alerte", "suspendue"}),
    "suspendre": ("suspension", "suspendue", {"en_alerte"}),
    "arreter": ("arret", "arretee", {"en_alerte", "suspendue"}),
}


@pytest.mark.parametrize("geste", DECISIONS)
def test_une_decision_fait_une_fiche_et_previent_chacun(mission, charge, responsable, geste):
    decision, etat, _ = DECISIONS[geste]
    transitions.alerter(mission, par="Par son lien", emise_par="Par son lien", motif="Retard")
    Courriel.objects.all().delete()
    getattr(transitions, geste)(mission, par=responsable, **FICHE)
    alerte = mission.alertes.get()
    assert (mission.etat, alerte.decision) == (etat, decision)
    assert (alerte.decidee_le, alerte.decidee_par) == (horloge.aujourdhui(), responsable)
    assert (alerte.consultes, alerte.suites) == (FICHE["consultes"], FICHE["suites"])
    structure = mission.convention.ingenierie.accompagnements().get().structure
    recus = {c.destinataire: c.corps for c in Courriel.objects.all()}
    assert set(recus) == {CABINET, structure.courriel_principal(), charge.email}
    assert [adresse for adresse, corps in recus.items() if "/lien/" in corps] == [CABINET]
    assert not [corps for corps in recus.values() if FICHE["motif"] in corps]
    assert alerte.avenant_attendu is (geste == "reorienter")
    assert all(("avenant" in corps) is (geste == "reorienter") for corps in recus.values())


@pytest.mark.parametrize("manque", FICHE)
@pytest.mark.parametrize("geste", DECISIONS)
def test_une_fiche_incomplete_est_refusee(mission, responsable, geste, manque):
    transitions.alerter(mission, par="Par son lien", emise_par="Par son lien", motif="Retard")
    avant = traces()
    with pytest.raises(Manques, match="Indiquez"):
        getattr(transitions, geste)(mission, par=responsable, **{**FICHE, manque: " "})
    assert traces() == avant


@pytest.mark.parametrize("decalage", [-1, 1])
def test_une_decision_est_datee_entre_l_alerte_et_aujourd_hui(mission, charge, decalage):
    transitions.alerter(mission, par=charge, emise_par="Le prestataire", motif="Retard")
    le = horloge.aujourdhui() + timedelta(days=decalage)
    with pytest.raises(Manques, match="futur|précéder"):
        transitions.poursuivre(mission, par=charge, decidee_le=le, **FICHE)


@pytest.mark.parametrize("etat", [e.value for e in etats.Etat])
@pytest.mark.parametrize("geste", ["alerter", *DECISIONS])
def test_chaque_geste_refuse_hors_de_ses_etats(mission, charge, responsable, geste, etat):
    permis = {"en_cours"} if geste == "alerter" else DECISIONS[geste][2]
    en_etat(mission, etat, charge)
    fiche = {"emise_par": "Elle", "motif": "Retard"} if geste == "alerter" else FICHE
    avant = traces()
    if etat in permis:
        getattr(transitions, geste)(mission, par=responsable, **fiche)
        return
    with pytest.raises(Manques):
        getattr(transitions, geste)(mission, par=responsable, **fiche)
    assert traces() == avant
    assert Mission.objects.get().etat == etat


@pytest.mark.parametrize("role", ["gestionnaire", "c2ra", "pilote", "membre", "autre_charge"])
@pytest.mark.parametrize("geste", ["alerter", *DECISIONS, "renvoyer_lien"])
def test_chaque_geste_refuse_le_mauvais_role(request, mission, charge, geste, role):
    qui = request.getfixturevalue(role)
    if geste in DECISIONS:
        en_etat(mission, "en_alerte", charge)
    fiche = {"alerter": {"emise_par": "Elle", "motif": "Retard"}, "renvoyer_lien": {}}
    avant = traces()
    with pytest.raises(Refus):
        getattr(transitions, geste)(mission, par=qui, **fiche.get(geste, FICHE))
    assert traces() == avant


def test_arreter_revient_au_responsable(mission, charge):
    en_etat(mission, "en_alerte", charge)
    avant = traces()
    with pytest.raises(Refus):
        transitions.arreter(mission, par=charge, **FICHE)
    assert traces() == avant


@pytest.mark.parametrize("geste", DECISIONS)
def test_le_lien_ne_decide_pas(mission, charge, geste):
    en_etat(mission, "en_alerte", charge)
    with pytest.raises(Refus):
        getattr(transitions, geste)(mission, par="Par son lien", **FICHE)


def test_une_reorientation_met_l_avenant_dans_aujourd_hui(mission, charge, client):
    en_etat(mission, "en_alerte", charge)
    transitions.reorienter(mission, par=charge, **FICHE)
    assert "Préparer l'avenant" in {t.libelle for t in taches(charge)}
    client.force_login(charge)
    adresse = reverse("accompagnements:mission_geste", args=[mission.pk, "classer-avenant"])
    reponse = client.post(adresse, {"version_lue": mission.version, "motif": "Avenant n° 1 signé"})
    assert reponse.status_code == 302
    assert "Préparer l'avenant" not in {t.libelle for t in taches(charge)}
    assert client.get(adresse).status_code == 403


def test_seule_une_reorientation_attend_un_avenant(mission, charge):
    en_etat(mission, "suspendue", charge)
    with pytest.raises(IntegrityError, match="avenant"), transaction.atomic():
        Alerte.objects.update(avenant_attendu=True)


def test_une_reprise_apres_suspension_garde_les_deux_fiches(mission, charge):
    en_etat(mission, "suspendue", charge)
    transitions.poursuivre(mission, par=charge, **FICHE)
    assert list(mission.alertes.values_list("decision", flat=True)) == ["poursuite", "suspension"]
    assert mission.interrompue_le is None


def test_la_fiche_de_decision_par_la_page(mission, client, charge):
    en_etat(mission, "en_alerte", charge)
    client.force_login(charge)
    adresse = reverse("accompagnements:mission_geste", args=[mission.pk, "poursuivre"])
    aujourdhui = horloge.aujourdhui().isoformat()
    reponse = client.post(
        adresse, {"version_lue": mission.version, "decidee_le": aujourdhui, **FICHE}
    )
    assert reponse.status_code == 302
    contenu = client.get(mission.get_absolute_url()).content.decode()
    assert FICHE["consultes"] in contenu
    assert FICHE["suites"] in contenu


# --- Out of the scope


@pytest.mark.parametrize("accord", [True, False])
def test_une_demande_hors_cadre_recoit_une_reponse_ecrite(mission, page, client, charge, accord):
    client.post(page, envoi(client, page, "hors_cadre", **ENVOIS["hors_cadre"][0](mission)))
    demande = HorsCadre.objects.get()
    assert "Répondre à une demande hors cadre" in {t.libelle for t in taches(charge)}
    assert Courriel.objects.get().destinataire == charge.email
    Courriel.objects.all().delete()
    geste = transitions.autoriser if accord else transitions.refuser
    geste(demande, par=charge, motif="Utile au projet MARQUEUR")
    assert (demande.etat, demande.decidee_par) == ("autorisee" if accord else "refusee", charge)
    courriel = Courriel.objects.get()
    assert courriel.destinataire == CABINET
    assert "Utile au projet MARQUEUR" in courriel.corps
    assert "Répondre à une demande hors cadre" not in {t.libelle for t in taches(charge)}
    client.force_login(charge)
    for adresse in (page, mission.get_absolute_url()):
        assert "Utile au projet MARQUEUR" in client.get(adresse).content.decode()


def test_des_jours_de_trop_demandent_un_avenant(mission, charge):
    suite.une_journee(mission, duree=Decimal(4))
    demande = suite.une_demande_hors_cadre(mission, jours=2)
    with pytest.raises(Manques, match=r"dépassent ce qui reste \(1 jour\).*avenant"):
        transitions.autoriser(demande, par=charge, motif="Utile")
    demande.refresh_from_db()
    transitions.autoriser(demande, par=charge, motif="Utile", avenant_attendu=True)
    assert "Préparer l'avenant" in {t.libelle for t in taches(charge)}
    # Until the avenant is signed, the days of the convention remain the limit.
    with pytest.raises(Manques, match="dépasserait les 5 jours"):
        suite.une_journee(mission, duree=Decimal(2))


@pytest.mark.parametrize("fait", ["autoriser", "refuser"])
@pytest.mark.parametrize("geste", ["autoriser", "refuser"])
def test_une_demande_tranchee_ne_se_tranche_plus(mission, charge, fait, geste):
    demande = suite.une_demande_hors_cadre(mission)
    getattr(transitions, fait)(demande, par=charge, motif="Utile")
    avant = traces()
    with pytest.raises(Manques, match="n'est pas possible"):
        getattr(transitions, geste)(demande, par=charge, motif="Autre avis")
    assert traces() == avant


@pytest.mark.parametrize("role", ["gestionnaire", "c2ra", "pilote", "membre", "autre_charge"])
@pytest.mark.parametrize("geste", ["autoriser", "refuser", "retirer_journee"])
def test_trancher_ou_retirer_revient_a_qui_mene_le_dossier(request, mission, role, geste):
    objet = (
        suite.une_journee(mission)
        if geste == "retirer_journee"
        else suite.une_demande_hors_cadre(mission)
    )
    for qui in (request.getfixturevalue(role), "Par son lien"):
        avant = traces()
        with pytest.raises(Refus):
            getattr(transitions, geste)(objet, par=qui, motif="Utile")
        assert traces() == avant


def test_le_responsable_tranche_aussi(mission, responsable):
    demande = suite.une_demande_hors_cadre(mission)
    assert transitions.autoriser(demande, par=responsable, motif="Utile").etat == "autorisee"


@pytest.mark.parametrize("geste", ["autoriser", "refuser"])
def test_une_decision_hors_cadre_se_motive(mission, charge, geste):
    demande = suite.une_demande_hors_cadre(mission)
    with pytest.raises(Manques, match="motif"):
        getattr(transitions, geste)(demande, par=charge, motif=" ")
    assert HorsCadre.objects.get().etat == "demandee"


@pytest.mark.parametrize("etat", ["arretee", "terminee"])
def test_une_mission_finie_ne_sort_plus_du_cadre(mission, charge, etat):
    en_etat(mission, etat, charge)
    with pytest.raises(Manques, match="n'a plus lieu d'être"):
        suite.une_demande_hors_cadre(mission)


def test_une_journee_retiree_ne_se_retire_pas_deux_fois(mission, charge):
    journee = suite.une_journee(mission)
    transitions.retirer_journee(journee, par=charge, motif="Erreur")
    with pytest.raises(Manques, match="n'est pas possible"):
        transitions.retirer_journee(journee, par=charge, motif="Erreur")
    with pytest.raises(Manques, match="pas au journal"):
        transitions.joindre_feuille(
            mission, par=charge, journee=journee, feuille=SimpleUploadedFile("f.pdf", PDF)
        )


@pytest.mark.parametrize("role", ["gestionnaire", "c2ra", "pilote", "membre", "autre_charge"])
def test_ecrire_pour_le_prestataire_revient_a_qui_mene_le_dossier(request, mission, role):
    qui = request.getfixturevalue(role)
    journee = suite.une_journee(mission)
    avant = traces()
    with pytest.raises(Refus):
        suite.une_journee(mission, par=qui)
    with pytest.raises(Refus):
        transitions.ajouter_note(NoteMiParcours(mission=mission, **NOTE), par=qui)
    with pytest.raises(Refus):
        transitions.demander_hors_cadre(mission, par=qui, description="A", jours=1, raison="B")
    with pytest.raises(Refus):
        transitions.joindre_feuille(mission, par=qui, journee=journee, feuille=None)
    assert traces() == avant


def test_le_charge_ecrit_pour_le_prestataire_une_seule_fois(mission, client, charge):
    client.force_login(charge)
    adresse = reverse("accompagnements:journee_ajouter", args=[mission.pk])
    cle = client.get(adresse).context["formulaire"]["cle_envoi"].value()
    for _ in range(10):
        reponse = client.post(adresse, {"cle_envoi": cle, **intervention(mission)})
        assert reponse["Location"] == mission.get_absolute_url()
    assert mission.journees.get().demi_journees == 1


CONTRAINTES = {
    "hors_cadre_jours_positifs": (HorsCadre, {"jours": 0}),
    "hors_cadre_decision_ecrite": (HorsCadre, {"decidee_le": horloge.aujourdhui()}),
    "hors_cadre_avenant_autorise": (HorsCadre, {"avenant_attendu": True}),
    "alerte_decidee_apres_emise": (Alerte, {"decidee_le": horloge.aujourdhui() - timedelta(3)}),
    "alerte_avenant_d_une_reorientation": (Alerte, {"avenant_attendu": True}),
}


@pytest.mark.parametrize("nom", CONTRAINTES)
def test_la_base_refuse_ce_que_les_regles_refusent(mission, charge, nom):
    modele, valeurs = CONTRAINTES[nom]
    suite.une_demande_hors_cadre(mission)
    en_etat(mission, "suspendue", charge)
    with pytest.raises(IntegrityError, match=nom), transaction.atomic():
        modele.objects.update(**valeurs)


def test_les_pages_coutent_autant_a_une_ligne_qu_a_six(mission, page, client, charge):
    couts = []
    client.force_login(charge)
    for _ in range(2):
        suite.une_journee(mission, duree=Decimal("0.5"))
        suite.une_demande_hors_cadre(mission)
        with CaptureQueriesContext(connection) as requetes:
            client.get(mission.get_absolute_url())
            client.get(page)
        couts.append(len(requetes))
        for _ in range(4):
            suite.une_journee(mission, duree=Decimal("0.5"))
            transitions.refuser(suite.une_demande_hors_cadre(mission), par=charge, motif="Non")
    assert couts[0] == couts[1]


# --- Launch record and documents


def test_le_lancement_fait_un_compte_rendu_complet(client, charge):
    convention = suite.une_convention()
    client.force_login(charge)
    adresse = reverse("accompagnements:mission_lancer", args=[convention.pk])
    formulaire = client.get(adresse).context["formulaire"]
    assert formulaire["objectifs"].value() == convention.objet
    releve = {
        "lancee_le": horloge.aujourdhui().isoformat(),
        "lieu": "Salle LIEU",
        "presents": "PRESENTS",
        "objectifs": "OBJECTIFS",
        "calendrier": "CALENDRIER",
        "suites": "ETAPES",
    }
    donnees = {"cle_envoi": formulaire["cle_envoi"].value(), **releve}
    assert client.post(adresse, donnees).status_code == 302
    mission = Mission.objects.get()
    reponse = client.get(reverse("accompagnements:mission_lancement_pdf", args=[mission.pk]))
    texte, _ = texte_de(reponse.content)
    for mot in ("Salle LIEU", "PRESENTS", "OBJECTIFS", "CALENDRIER", "ETAPES", "Fabrique Treize"):
        assert mot in texte
    assert client.get(f"{lien_de(CABINET)}?document=lancement").content[:4] == b"%PDF"


@pytest.mark.parametrize("fse", [True, False])
def test_la_feuille_d_emargement_porte_ce_que_les_financeurs_demandent(mission, fse):
    convention = mission.convention
    convention.cofinancee_fse, convention.financeurs = fse, "État (DREETS), Banque des Territoires"
    journee = suite.une_journee(mission, travaux="Atelier sur les coûts", lieu="Salle des fêtes")
    texte, pages = texte_de(documents.emargement(mission, journee))
    assert pages == 1
    attendus = ["Atelier sur les coûts", "Salle des fêtes", f"{journee.le.year}", "Journée"]
    attendus += ["Fabrique Treize", "Banque des Territoires", convention.reference, "Signature"]
    assert [mot for mot in attendus if mot not in texte] == []
    assert ("Union européenne" in texte) is fse
    assert ("Cofinancé par l'Union européenne" in texte) is fse


def test_les_documents_de_la_mission_prennent_le_programme_de_l_annee(mission, monkeypatch):
    """They wrote « FSE+ 2021-2027 » whatever the year and whatever the data said."""
    convention = mission.convention
    convention.cofinancee_fse, convention.financeurs = True, "État"
    convention.envoyee_le = date(2018, 5, 2)
    for document in (documents.lancement(mission), documents.emargement(mission)):
        texte, _ = texte_de(document)
        assert "période 2014-2020" in texte
        assert "FSE+" not in texte


def test_une_feuille_vierge_tient_sur_une_page(mission, client):
    reponse = client.get(f"{lien_de(CABINET)}?document=emargement")
    texte, pages = texte_de(reponse.content)
    assert pages == 1
    assert "Matin, après-midi ou journée" in texte
    assert client.get(f"{lien_de(CABINET)}?document=autre").status_code == 404


def test_les_gestes_de_la_mission_grisent_avec_les_memes_phrases(mission, charge):
    classer = next(geste for geste in GESTES if geste.nom == "classer-avenant")
    assert classer.droit(charge, mission).motif == regles.manques_pour_classer_l_avenant(mission)[0]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"duree": "3"}, "Une demi-journée compte 0,5 jour par personne"),
        ({"duree": "2", "moment": "journee"}, "Une journée compte 1 jour par personne"),
        ({"duree": "1", "intervenants": "Ana, Léa"}, ""),
        ({"duree": "2", "moment": "journee", "intervenants": "Ana et Léa"}, ""),
    ],
)
def test_la_duree_suit_le_moment_et_les_personnes(mission, charge, client, champs, phrase):
    """« Matin » with three days was accepted."""
    client.force_login(charge)
    adresse = reverse("accompagnements:journee_ajouter", args=[mission.pk])
    cle = client.get(adresse).context["formulaire"]["cle_envoi"].value()
    reponse = client.post(adresse, {"cle_envoi": cle, **intervention(mission, **champs)})
    assert reponse.status_code == (422 if phrase else 302)
    if phrase:
        assert phrase in reponse.context["formulaire"].errors["duree"][0]


def test_une_personne_ne_fait_pas_deux_jours_a_la_meme_date(mission, charge, client):
    """The same person logged four full days on one date."""
    client.force_login(charge)
    adresse = reverse("accompagnements:journee_ajouter", args=[mission.pk])

    def inscrire(**champs):
        cle = client.get(adresse).context["formulaire"]["cle_envoi"].value()
        return client.post(adresse, {"cle_envoi": cle, **intervention(mission, **champs)})

    assert inscrire(duree="1", moment="journee", intervenants="Ana Roy").status_code == 302
    refus = inscrire(duree="0,5", intervenants="ana  roy")
    assert "pas plus d'un jour par date" in refus.context["formulaire"].errors["le"][0]
    assert inscrire(duree="0,5", intervenants="Léa Font").status_code == 302


def test_une_alerte_se_lit_en_haut_et_ses_decisions_se_valent(mission, charge, client):
    """« Décider de poursuivre » stood alone, the other decisions hidden in a menu."""
    par = "Le cabinet, par son lien"
    transitions.alerter(mission, par=par, emise_par="Le cabinet", motif="La directrice part")
    client.force_login(charge)
    reponse = client.get(mission.get_absolute_url())
    noms = [geste["nom"] for geste in reponse.context["decisions"]]
    assert noms == ["poursuivre", "reorienter", "suspendre"]
    page = reponse.content.decode()
    assert page.index("La directrice part") < page.index("À faire maintenant")
    corps = Courriel.objects.filter(sujet__startswith="Alerte").first().corps
    assert mission.get_absolute_url() in corps
