"""The number beside "Aujourd'hui" and the team's table: the same as the page, at no query."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accompagnements.demandes import transitions as demandes
from accompagnements.parcours.taches import taches
from dla_portal.comptes import roles
from dla_portal.socle import compteurs, horloge
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite

pytestmark = pytest.mark.django_db
AILLEURS = "accompagnements:structures"


@pytest.fixture
def responsable(operateur):
    return fabrique.une_personne(roles.Responsable.code, operateur=operateur)


def au_menu(reponse):
    entree = next(e for e in reponse.context["navigation"] if e["url"] == "/")
    return entree["compteur"] or 0


def a_la_page(client):
    page = client.get(reverse("accueil"))
    assert au_menu(page) == page.context["pressantes"]
    return page.context["pressantes"]


def test_le_menu_dit_partout_ce_que_dit_la_page(client, charge):
    fabrique.une_demande("accueillie")
    fabrique.une_demande("accueil_planifie", jours=1)  # for later: it does not count
    client.force_login(charge)
    assert a_la_page(client) == 1
    assert au_menu(client.get(reverse(AILLEURS))) == 1


def test_apres_un_geste_le_menu_et_la_page_disent_de_nouveau_la_meme_chose(client, charge):
    fabrique.une_demande("accueillie")
    autre = fabrique.une_demande("accueillie")
    client.force_login(charge)
    assert a_la_page(client) == 2
    adresse = reverse("accompagnements:demande_geste", args=[autre.pk, "classer"])
    version = client.get(adresse).context["objet"].version
    client.post(adresse, {"motif": "Sans nouvelles", "version_lue": version})
    assert au_menu(client.get(reverse(AILLEURS))) == 1
    assert a_la_page(client) == 1
    tache = taches(charge)[0]
    reporter = reverse("accompagnements:tache_reporter", args=[tache.pk, tache.source])
    cle = client.get(reporter).context["formulaire"]["cle_envoi"].value()
    client.post(reporter, {"cle_envoi": cle, "delai": "1", "motif": "En réunion"})
    assert au_menu(client.get(reverse(AILLEURS))) == 0
    assert a_la_page(client) == 0
    client.post(reverse("accompagnements:tache_reprendre", args=[tache.pk, tache.source]))
    assert au_menu(client.get(reverse(AILLEURS))) == 1


def test_le_compteur_ne_coute_aucune_requete(client, charge):
    for _ in range(3):
        fabrique.une_demande("accueillie")
    client.force_login(charge)
    client.get(reverse(AILLEURS))
    with CaptureQueriesContext(connection) as sans:
        assert au_menu(client.get(reverse(AILLEURS))) == 0
    a_la_page(client)
    with CaptureQueriesContext(connection) as avec:
        assert au_menu(client.get(reverse(AILLEURS))) == 3
    assert len(avec) == len(sans)


def test_a_la_connexion_il_est_compte_des_la_premiere_page(client, charge):
    cache.clear()
    fabrique.une_demande("accueillie")
    connexion = {"login": charge.email, "password": "mot de passe d'essai"}
    client.post(reverse("account_login"), connexion)
    assert au_menu(client.get(reverse(AILLEURS))) == 1


def test_ce_que_font_les_autres_parait_apres_quelques_minutes(client, charge):
    demande = fabrique.une_demande("accueillie")
    client.force_login(charge)
    assert a_la_page(client) == 1
    demandes.classer(demande, par=charge, motif="Sans nouvelles")
    assert au_menu(client.get(reverse(AILLEURS))) == 1
    session = client.session
    nombre, le = session[compteurs.CLE]["accueil"]
    session[compteurs.CLE] = {"accueil": [nombre, le - compteurs.VIE - 1]}
    session.save()
    assert au_menu(client.get(reverse(AILLEURS))) == 0


def test_qui_n_a_pas_de_taches_n_a_pas_de_compteur(client, charge):
    pilote = fabrique.une_personne(roles.Pilote.code, region=fabrique.un_departement().region)
    client.force_login(pilote)
    page = client.get(reverse("pilotage:tableau"))
    assert all(entree["compteur"] is None for entree in page.context["navigation"])


def test_le_tableau_de_l_equipe_compte_chaque_personne(client, charge, operateur, responsable):
    collegue = fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)
    fabrique.une_demande("accueillie", charge=charge)
    fabrique.une_demande("accueil_planifie", charge=charge, jours=1)
    fabrique.un_diagnostic("en_cours", charge=collegue)
    sans = fabrique.une_demande("accueillie", charge=charge)
    type(sans).objects.filter(pk=sans.pk).update(charge=None)
    client.force_login(responsable)
    page = client.get(reverse("accueil"))
    rangees = {r["cle"]: r for r in page.context["rangees"]}
    assert rangees[str(charge.pk)]["retard"] == 1
    assert rangees[str(charge.pk)]["total"] == 2
    assert rangees[str(collegue.pk)]["total"] == len(taches(collegue)) - 1  # nobody's, hers as well
    assert rangees["aucune"]["total"] == 1
    qui = [li["qui"] for g in page.context["groupes"] for li in g["lignes"]]
    assert {str(charge), str(collegue), "À personne"} == set(qui)
    assert rangees[str(responsable.pk)]["total"] == 0, "toute l'équipe y est"
    assert sum(r["retard"] + r["aujourdhui"] for r in rangees.values()) == a_la_page(client)


def test_le_tableau_se_filtre_par_l_adresse(client, charge, operateur, responsable):
    collegue = fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)
    fabrique.une_demande("accueillie", charge=charge)
    sienne = fabrique.une_demande("accueillie", charge=collegue)
    client.force_login(responsable)
    for personne, attendu in ((collegue.pk, [sienne.pk]), ("aucune", 2), ("<>", 2), (99999, 2)):
        page = client.get(reverse("accueil"), {"vue": "equipe", "personne": personne})
        montrees = [li["tache"].pk for g in page.context["groupes"] for li in g["lignes"]]
        assert montrees == attendu or len(montrees) == attendu, personne
        assert au_menu(page) == 2, "le filtre ne change pas le compteur"


def test_un_dossier_collectif_est_chez_chacune(charge, operateur, client, responsable):
    """An engineering that two people's dossiers share is on the row of both."""
    collegue = fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)
    premier = fabrique.un_plan(genres=("ING_COL",), charge=charge)
    second = fabrique.un_plan("brouillon", genres=("ING_COL",), charge=collegue)
    action = second.actions.get()
    type(action).objects.filter(pk=action.pk).update(ingenierie=premier.actions.get().ingenierie)
    preparer = "preparer-la-consultation"
    assert preparer in {t.source for t in taches(charge)}
    client.force_login(responsable)
    rangees = {r["cle"]: r["total"] for r in client.get(reverse("accueil")).context["rangees"]}
    assert rangees[str(charge.pk)] == len(taches(charge))
    assert rangees[str(collegue.pk)] == len(taches(collegue))


def test_le_responsable_voit_aussi_le_fonds_de_l_annee(client, charge, responsable):
    client.force_login(responsable)
    assert client.get(reverse("accueil")).context["fonds"] is None
    enveloppe = suite.une_enveloppe()
    type(enveloppe).objects.filter(pk=enveloppe.pk).update(annee=horloge.aujourdhui().year)
    fonds = client.get(reverse("accueil")).context["fonds"]["compte"]
    assert (fonds.vote, fonds.reste) == (enveloppe.montant_vote, enveloppe.montant_vote)
    client.force_login(charge)
    assert client.get(reverse("accueil"), {"vue": "equipe"}).context["fonds"] is None


def test_les_taches_du_gestionnaire_n_ont_qu_une_vue(client, operateur):
    gestionnaire = fabrique.une_personne(roles.Gestionnaire.code, operateur=operateur)
    client.force_login(gestionnaire)
    page = client.get(reverse("accueil"), {"vue": "equipe"})
    assert page.context["vue"] == "miennes"
    assert page.context["peut_choisir"] is False


def test_l_age_d_une_tache_se_lit(client, charge):
    demande = fabrique.une_demande("accueillie")
    (tache,) = taches(charge)
    assert tache.depuis == demande.accueil_le
    client.force_login(charge)
    jours = (horloge.aujourdhui() - demande.accueil_le).days
    assert f"depuis {jours} jours" in client.get(reverse("accueil")).content.decode()
    assert jours > timedelta(days=30).days
