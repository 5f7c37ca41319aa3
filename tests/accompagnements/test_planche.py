"""The board: every dossier of the list in one column, the words of "Aujourd'hui", a fixed number
of queries, the keyboard, and the way back."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accompagnements.comites.models import Passage
from accompagnements.demandes import transitions as demandes
from accompagnements.models import Accompagnement
from accompagnements.parcours import cartes, courante
from accompagnements.parcours.courante import Etape
from accompagnements.parcours.etapes import Dossier, etapes
from accompagnements.parcours.views.planche import MONTREES
from accompagnements.suites import transitions as suites
from dla_portal.comptes import roles
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.test_cloture import les_deux_factures, payer
from tests.banc.navigateur import AXE, REGLES

pytestmark = pytest.mark.django_db
PLANCHE = "accompagnements:planche"
LISTE = "accompagnements:accompagnements"
DOSSIER = re.compile(r"/accompagnements/\d+/$")


def du_dossier(objet):
    """The dossier of anything that hangs on an engineering."""
    return objet.ingenierie.accompagnements().get()


def un_dossier(quoi):
    """A dossier at a named point of the chain."""
    fabriques = {
        "ouvert": fabrique.un_accompagnement,
        "diagnostic": lambda: fabrique.un_diagnostic("en_cours").accompagnement,
        "relu": lambda: fabrique.un_diagnostic("en_relecture").accompagnement,
        "soumis": lambda: fabrique.un_diagnostic("soumis").accompagnement,
        "abandon du diagnostic": lambda: fabrique.un_diagnostic("abandonne").accompagnement,
        "valide": lambda: fabrique.un_diagnostic("valide").accompagnement,
        "sans plan": lambda: fabrique.un_diagnostic("sans_plan").accompagnement,
        "plan": lambda: fabrique.un_plan("brouillon").accompagnement,
        "sans ingénierie": lambda: fabrique.un_plan(genres=("ACT_STRUCT",)).accompagnement,
        "plan validé": lambda: fabrique.un_plan().accompagnement,
        "cahier": lambda: du_dossier(suite.une_consultation("brouillon")),
        "cahier validé": lambda: du_dossier(suite.une_consultation("validee")),
        "publiée": lambda: du_dossier(suite.une_consultation("publiee")),
        "analyse": lambda: du_dossier(suite.une_consultation("en_analyse")),
        "attribuée": lambda: du_dossier(suite.une_consultation("attribuee")),
        "convention": lambda: du_dossier(suite.une_convention("brouillon")),
        "en signature": lambda: du_dossier(suite.une_convention("en_signature")),
        "signée": lambda: du_dossier(suite.une_convention("signee")),
        "mission": lambda: du_dossier(suite.une_mission().convention),
        "rapport": lambda: du_dossier(suite.une_restitution(tenue=False).mission.convention),
        "tenue": lambda: du_dossier(suite.une_restitution().mission.convention),
        "clos": lambda: fabrique.un_accompagnement("clos"),
        "abandonné": lambda: fabrique.un_accompagnement("abandonne"),
    }
    return fabriques[quoi]()


ATTENDUES = {
    "ouvert": (Etape.DIAGNOSTIC, "Commencer le diagnostic"),
    "diagnostic": (Etape.DIAGNOSTIC, "Rédiger le diagnostic"),
    "relu": (Etape.DIAGNOSTIC, "Voir le diagnostic"),
    "soumis": (Etape.DIAGNOSTIC, "Relancer la structure : diagnostic à valider"),
    "abandon du diagnostic": (Etape.DIAGNOSTIC, "Commencer le diagnostic"),
    "valide": (Etape.PLAN, "Préparer le plan"),
    "sans plan": (Etape.A_CLORE, "Clore l'accompagnement"),
    "plan": (Etape.PLAN, "Faire valider le plan"),
    "sans ingénierie": (Etape.PLAN, "Voir le plan"),
    "plan validé": (Etape.CONSULTATION, "Préparer la consultation"),
    "cahier": (Etape.CONSULTATION, "Finir le cahier des charges"),
    "cahier validé": (Etape.CONSULTATION, "Envoyer la consultation"),
    "publiée": (Etape.CONSULTATION, "Ouvrir les propositions"),
    "analyse": (Etape.CONSULTATION, "Choisir le prestataire"),
    "attribuée": (Etape.CONVENTION, "Préparer la convention"),
    "convention": (Etape.CONVENTION, "Mettre la convention à la signature"),
    "en signature": (Etape.CONVENTION, "Relancer les signataires"),
    "signée": (Etape.MISSION, "Tenir la réunion de lancement"),
    "mission": (Etape.MISSION, "Voir la mission"),
    "rapport": (Etape.RESTITUTION, "Planifier la restitution"),
    "tenue": (Etape.RESTITUTION, "Voir les factures et le solde"),
    "clos": (Etape.CLOS, ""),
    "abandonné": (Etape.ABANDONNE, ""),
}


def carte_de(dossier, par):
    lignes = courante.depuis(courante.avec_etape(Accompagnement.objects.filter(pk=dossier.pk)))
    lieux = cartes.places(lignes)
    return cartes.cartes(Accompagnement.objects.all(), lieux, par)[0]


# Where the stepper of the dossier names another stage: it has none for what is left to close, and
# waits for the mission to end where the board already asks for the restitution.
AUTREMENT = {"sans plan", "sans ingénierie", "rapport"}


@pytest.mark.parametrize("quoi", ATTENDUES)
def test_chaque_etat_a_sa_colonne_et_son_geste(quoi, client):
    dossier = un_dossier(quoi)
    par = fabrique.un_charge()
    carte = carte_de(dossier, par)
    etape, geste = ATTENDUES[quoi]
    assert carte.place.etape == etape
    assert (carte.geste or {"libelle": ""})["libelle"] == geste
    if geste:  # and the link leads there
        client.force_login(par)
        assert client.get(carte.geste["url"]).status_code == 200
    lignes = [ligne["cle"] for ligne in etapes(Dossier(dossier)) if ligne["courante"]]
    assert quoi in AUTREMENT or lignes == ([] if etape in courante.FERMEES else [etape])


def test_apres_le_solde_vient_l_enquete_puis_la_cloture(charge, gestionnaire):
    restitution, acompte, solde = les_deux_factures(charge)
    dossier = du_dossier(restitution.mission.convention)
    for facture in (acompte, solde):
        payer(facture, gestionnaire)
    restitution.refresh_from_db()
    assert restitution.etat == "soldee"
    carte = carte_de(dossier, charge)
    envoi = (Etape.ENQUETE, "Envoyer l'enquête de satisfaction")
    assert (carte.place.etape, carte.geste["libelle"]) == envoi
    enquete = suites.envoyer_enquete(restitution, dossier, par=charge)
    carte = carte_de(dossier, charge)
    assert (carte.place.etape, carte.a_qui) == (Etape.ENQUETE, "la structure")
    suites.clore(enquete, par=charge, motif="Sans réponse après deux rappels")
    carte = carte_de(dossier, charge)
    cloture = (Etape.A_CLORE, "Clore l'accompagnement")
    assert (carte.place.etape, carte.geste["libelle"]) == cloture


def test_l_age_part_du_dernier_changement_d_etat(charge):
    dossier = fabrique.un_diagnostic("soumis").accompagnement
    assert carte_de(dossier, charge).place.jours == fabrique.JOURS - (fabrique.JOURS - 30) + 60
    demandes.confier(
        dossier,
        par=charge,
        charge=fabrique.une_personne(roles.ChargeMission.code, operateur=dossier.operateur),
        motif="Congés",
    )
    assert carte_de(dossier, charge).place.jours == 90  # to hand over changes no state


def test_le_retard_est_celui_d_aujourdhui(charge):
    assert "En retard de" in carte_de(un_dossier("ouvert"), charge).retard
    frais = fabrique.un_accompagnement(jours=1)
    assert carte_de(frais, charge).retard == ""


def colonnes(reponse):
    return {colonne.etape: colonne for colonne in reponse.context["colonnes"]}


@pytest.fixture
def monde(operateur, autre_operateur, departement, charge, membre):
    """A dossier of most stages, one of another operator, and who looks at them."""
    for quoi in ("ouvert", "valide", "cahier", "convention", "mission", "clos", "abandonné"):
        un_dossier(quoi)
    fabrique.un_passage(membres=[membre])
    var = autre_operateur.departements_couverts().get()
    ailleurs = fabrique.une_commune("Draguignan", "83050", "83300", var)
    fabrique.un_accompagnement(
        operateur=autre_operateur, structure=fabrique.une_structure(ailleurs)
    )
    return {
        "charge": charge,
        "autre": fabrique.un_charge(autre_operateur),
        "responsable": fabrique.une_personne(roles.Responsable.code, operateur=operateur),
        "gestionnaire": fabrique.une_personne(roles.Gestionnaire.code, operateur=operateur),
        "c2ra": fabrique.une_personne(roles.DlaRegional.code, region=departement.region),
        "pilote": fabrique.une_personne(roles.Pilote.code, region=departement.region),
        "membre": membre,
        "admin": fabrique.une_personne(roles.Administrateur.code),
    }


def test_la_somme_des_colonnes_est_le_compte_de_la_liste(client, monde):
    assert Passage.objects.exists()
    comptes = {}
    for nom, personne in monde.items():
        client.force_login(personne)
        planche, liste = client.get(reverse(PLANCHE)), client.get(reverse(LISTE))
        total = liste.context["liste"].page.paginator.count
        assert planche.context["total"] == total, nom
        assert sum(c.total for c in planche.context["colonnes"]) == total, nom
        for colonne in planche.context["colonnes"]:
            filtree = client.get(colonne.url_liste).context["liste"]
            assert filtree.page.paginator.count == colonne.total, (nom, colonne.etape)
        comptes[nom] = total
    assert comptes["charge"] == comptes["responsable"] == comptes["gestionnaire"] == 8
    assert (comptes["autre"], comptes["c2ra"], comptes["admin"]) == (1, 9, 9)
    assert (comptes["membre"], comptes["pilote"]) == (1, 0)


def test_un_geste_se_propose_a_qui_le_fait(monde):
    dossier = un_dossier("diagnostic")
    assert carte_de(dossier, monde["charge"]).geste
    for nom in ("gestionnaire", "c2ra", "membre", "autre"):
        assert carte_de(dossier, monde[nom]).geste is None, nom
    argent = un_dossier("tenue")
    assert carte_de(argent, monde["gestionnaire"]).geste["libelle"] == (
        "Voir les factures et le solde"
    )


def test_les_filtres_de_la_liste_valent_pour_la_planche(client, charge):
    nomme = fabrique.un_accompagnement(structure=fabrique.une_structure(nom="La Fabrique Verte"))
    fabrique.un_accompagnement()
    client.force_login(charge)
    reponse = client.get(reverse(PLANCHE), {"q": "fabrique verte"})
    assert reponse.context["total"] == 1
    carte = colonnes(reponse)[Etape.DIAGNOSTIC].cartes[0]
    assert carte.dossier == nomme
    # The link to the list and back keeps them; what only the list knows stays there.
    assert "q=fabrique+verte" in reponse.context["url_liste"]
    liste = client.get(reverse(LISTE), {"q": "fabrique verte", "tri": "structure", "etape": "plan"})
    assert parse_qs(urlsplit(liste.context["url_planche"]).query) == {"q": ["fabrique verte"]}


def test_un_filtre_qui_ne_trouve_rien_le_dit(client, charge):
    fabrique.un_accompagnement()
    client.force_login(charge)
    page = client.get(reverse(PLANCHE), {"q": "introuvable"}).content.decode()
    assert "Rien ne correspond à ces filtres" in page


def test_une_colonne_longue_mene_a_la_liste(client, charge):
    for _ in range(MONTREES + 3):
        fabrique.un_accompagnement()
    client.force_login(charge)
    reponse = client.get(reverse(PLANCHE))
    colonne = colonnes(reponse)[Etape.DIAGNOSTIC]
    assert (len(colonne.cartes), colonne.autres) == (MONTREES, 3)
    assert "Voir les 3 autres" in reponse.content.decode()
    liste = client.get(colonne.url_liste)
    assert liste.context["liste"].page.paginator.count == MONTREES + 3
    assert "Étape : Diagnostic partagé" in liste.content.decode()
    # The oldest come first.
    jours = [carte.place.jours for carte in colonne.cartes]
    assert jours == sorted(jours, reverse=True)


def test_on_plie_et_deplie_une_colonne(client, charge):
    un_dossier("ouvert")
    un_dossier("clos")
    client.force_login(charge)
    reponse = client.get(reverse(PLANCHE))
    assert [e for e, c in colonnes(reponse).items() if c.pliee] == list(courante.FERMEES)
    pli = colonnes(reponse)[Etape.DIAGNOSTIC].url_pli
    reponse = client.get(reverse(PLANCHE) + pli)
    assert colonnes(reponse)[Etape.DIAGNOSTIC].pliee
    assert colonnes(reponse)[Etape.DIAGNOSTIC].cartes == []
    assert colonnes(reponse)[Etape.DIAGNOSTIC].total == 1
    # To filter keeps the folds: they are a hidden field of the filters, and no chip.
    assert 'name="plies" value="diagnostic,clos,abandonne"' in reponse.content.decode()
    assert reponse.context["filtrage"]["puces"] == []
    # Everything unfolded is said too.
    for etape in (Etape.DIAGNOSTIC, Etape.CLOS, Etape.ABANDONNE):
        reponse = client.get(reverse(PLANCHE) + colonnes(reponse)[etape].url_pli)
    assert not any(colonne.pliee for colonne in reponse.context["colonnes"])
    assert len(colonnes(reponse)[Etape.CLOS].cartes) == 1


@pytest.mark.parametrize("plies", ["x" * 5000, "%00", "diagnostic,,inconnue", "aucune"])
def test_une_adresse_abimee_montre_la_planche(client, charge, plies):
    un_dossier("ouvert")
    client.force_login(charge)
    reponse = client.get(reverse(PLANCHE), {"plies": plies, "etat": "rien", "charge": "zz"})
    assert reponse.status_code == 200
    assert reponse.context["total"] == 1


def test_les_requetes_ne_suivent_pas_les_dossiers(client, charge):
    for quoi in ("ouvert", "plan", "cahier", "mission"):
        un_dossier(quoi)
    client.force_login(charge)
    client.get(reverse(PLANCHE))

    def requetes():
        with CaptureQueriesContext(connection) as lues:
            assert client.get(reverse(PLANCHE)).status_code == 200
        return len(lues)

    peu = requetes()
    for _ in range(4):
        for quoi in ("ouvert", "plan", "cahier", "mission"):
            un_dossier(quoi)
    assert requetes() == peu


# --- In a browser -------------------------------------------------------------------------------
@pytest.fixture
def etalee(transactional_db):
    """Three dossiers of the first column, one of each of the two next ones."""
    charge = fabrique.un_charge()
    for _ in range(3):
        un_dossier("ouvert")
    un_dossier("valide")
    un_dossier("cahier")
    return charge


def actif(page):
    return page.evaluate(
        "() => { const a = document.activeElement;"
        " return [a.id.split('-')[0], a.closest('[data-colonne]')?.id || '']; }"
    )


@pytest.mark.navigateur
def test_la_planche_se_parcourt_au_clavier(page, etalee):
    vue = page(largeur=1440, utilisateur=etalee)
    vue.goto(reverse(PLANCHE))
    premiere = vue.locator("#colonne-diagnostic [data-carte]").first
    premiere.focus()
    vue.keyboard.press("ArrowDown")
    vue.keyboard.press("ArrowDown")
    assert vue.evaluate("document.activeElement.id") == (
        vue.locator("#colonne-diagnostic [data-carte]").nth(2).get_attribute("id")
    )
    vue.keyboard.press("ArrowDown")  # the end: it stays
    assert actif(vue) == ["carte", "colonne-diagnostic"]
    vue.keyboard.press("ArrowRight")
    assert actif(vue) == ["carte", "colonne-plan"]
    vue.keyboard.press("ArrowRight")
    assert actif(vue) == ["carte", "colonne-consultation"]
    vue.keyboard.press("ArrowLeft")
    vue.keyboard.press("ArrowLeft")
    vue.keyboard.press("End")
    vue.keyboard.press("Tab")  # its gesture, then the next column: never the cards between
    assert actif(vue) == ["geste", "colonne-diagnostic"]
    vue.keyboard.press("Tab")
    assert actif(vue) == ["pli", "colonne-plan"]
    vue.keyboard.press("Tab")
    vue.keyboard.press("Enter")
    vue.wait_for_url(DOSSIER)


@pytest.mark.navigateur
def test_on_retrouve_la_planche_en_revenant(page, etalee):
    vue = page(largeur=1024, hauteur=600, utilisateur=etalee)
    vue.goto(f"{reverse(PLANCHE)}?plies=plan")
    vue.locator("#colonne-consultation [data-carte]").first.focus()
    choisie, gauche = vue.evaluate(
        "() => { const p = document.querySelector('[data-planche]'); p.scrollLeft = 120;"
        " return [document.activeElement.id, p.scrollLeft]; }"
    )
    vue.keyboard.press("Enter")
    vue.wait_for_url(DOSSIER)
    vue.go_back()
    vue.wait_for_url(re.compile(r"/planche/\?plies=plan$"))
    vue.locator(f"#{choisie}").wait_for()
    assert vue.evaluate("document.activeElement.id") == choisie
    assert vue.evaluate("document.querySelector('[data-planche]').scrollLeft") == gauche
    # Folding keeps the place too, and the focus on the link which folds.
    vue.locator("#pli-consultation").click()
    vue.wait_for_url(re.compile(r"plies=plan%2Cconsultation"))
    assert vue.evaluate("document.activeElement.id") == "pli-consultation"


@pytest.mark.navigateur
def test_sans_script_un_lien_passe_chaque_colonne(page, etalee):
    vue = page(largeur=1440, utilisateur=etalee, scripts=False)
    vue.goto(reverse(PLANCHE))
    saut = vue.locator("#colonne-diagnostic [data-saut]")
    saut.focus()
    vue.keyboard.press("Enter")
    vue.keyboard.press("Tab")
    assert vue.locator("#colonne-plan [data-saut]").evaluate("e => e === document.activeElement")


@pytest.mark.navigateur
@pytest.mark.parametrize("largeur", [390, 1440])
def test_axe_ne_trouve_rien_sur_la_planche(page, etalee, largeur):
    vue = page(largeur=largeur, utilisateur=etalee)
    vue.goto(reverse(PLANCHE))
    vue.evaluate(AXE.read_text())
    trouve = vue.evaluate("regles => axe.run(document, regles)", REGLES)["violations"]
    assert not [(v["id"], v["nodes"][0]["html"]) for v in trouve]
    debord = vue.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert debord <= 0
