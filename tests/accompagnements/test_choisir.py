"""The page where one chooses whom to ask: filters kept, counts true, said what happened."""

from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dla_portal.socle import horloge
from dla_portal.socle.nomenclatures import Terme
from prestataires.demonstration import siret_invente
from prestataires.models import Prestataire
from prestataires.transitions import candidater, referencer
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique import ilya
from tests.accompagnements.fabrique_ingenierie import le_charge, un_prestataire, une_consultation
from tests.banc.navigateur import attendre

pytestmark = pytest.mark.django_db


def d_autres_prestataires(combien, departement=None, themes=0):
    """Referenced prestataires beyond the four of `fabrique_ingenierie`; they know other themes."""
    departement = departement or fabrique.un_departement()
    c2ra = fabrique.une_personne("dla_regional", region=fabrique.un_departement().region)
    premier = Prestataire.objects.count()
    crees = []
    for rang in range(premier, premier + combien):
        with ilya(100):
            prestataire = Prestataire(
                siret=siret_invente(rang),
                nom=f"Atelier {rang:02}",
                statut="cabinet",
                adresse="1 rue des Essais",
                code_postal="13001",
                ville="Marseille",
                email=f"atelier{rang}@essai.example",
                tjm_ht=800,
            )
            candidater(prestataire, par=c2ra)
            prestataire.competences.add(Terme.objects.de("thematique")[themes])
            prestataire.secteurs.add(Terme.objects.de("secteur").first())
            prestataire.departements.add(departement)
            crees.append(referencer(prestataire, par=c2ra))
    return crees


@pytest.fixture
def consultation():
    return une_consultation("brouillon")


@pytest.fixture
def client(client, consultation):
    client.force_login(le_charge(consultation))
    return client


@pytest.fixture
def adresse(consultation):
    return reverse("accompagnements:consultation_prestataires", args=[consultation.pk])


@pytest.fixture
def ailleurs():
    """A department of the same region, where the structure is not."""
    return fabrique.un_departement("83", "Var")


def lire(reponse):
    return unescape(reponse.content.decode()).replace("\u202f", " ").replace("\xa0", " ")


def noms(reponse):
    return [ligne["prestataire"].nom for ligne in reponse.context["liste"].lignes]


def test_qui_n_intervient_pas_dans_le_departement_vient_apres_et_c_est_dit(
    client, adresse, ailleurs
):
    (excellent,) = d_autres_prestataires(1, ailleurs)
    (mediocre,) = d_autres_prestataires(1, themes=3)
    mediocre.secteurs.clear()
    reponse = client.get(adresse)
    lignes = {
        ligne["prestataire"]: ligne["appreciation"] for ligne in reponse.context["liste"].lignes
    }
    assert lignes[excellent].points > lignes[mediocre].points
    assert noms(reponse) == [mediocre.nom, excellent.nom]
    page = lire(reponse)
    titre = "N'interviennent pas dans ce département : Bouches-du-Rhône (13)"
    assert page.index(mediocre.nom) < page.index(titre) < page.index(excellent.nom)
    assert "N'intervient pas dans : Bouches-du-Rhône (13)" in page


def test_chaque_critere_montre_ses_points_et_le_total_est_leur_somme(client, adresse):
    un_prestataire(0)
    reponse = client.get(adresse)
    (ligne,) = reponse.context["liste"].lignes
    detail = {c.critere: f"{c.points}/{c.sur}" for c in ligne["appreciation"].criteres}
    assert detail == {
        "Compétence": "4/4",
        "Département": "3/3",
        "Secteur": "2/2",
        "Charge": "3/3",
        "Rotation": "1/1",
        "Notes": "2/4",
    }
    page = lire(reponse)
    for critere, points in detail.items():
        assert f"<dt>{critere}</dt> <dd><b>{points}</b>" in page
    assert "<strong>15</strong> points sur 17" in page


def test_la_competence_est_celle_de_l_action_telle_que_le_plan_la_dit(
    client, adresse, consultation
):
    """The engineering keeps the theme it was opened with; the plan may have changed since."""
    autre = Terme.objects.de("thematique")[5]
    action = consultation.ingenierie.actions.get()
    action.thematique = autre
    action.save()
    connaisseur = un_prestataire(0)
    (specialiste,) = d_autres_prestataires(1, themes=5)
    reponse = client.get(adresse)
    points = {
        ligne["prestataire"]: ligne["appreciation"].criteres[0]
        for ligne in reponse.context["liste"].lignes
    }
    assert (points[specialiste].points, points[specialiste].raison) == (4, str(autre))
    assert points[connaisseur].points == 0
    assert points[connaisseur].raison == f"Pas dans ses compétences : {autre}"


@pytest.mark.parametrize("champ", ["competence", "secteur", "departement"])
def test_chaque_filtre_garde_les_siens_se_voit_et_se_retire(client, adresse, ailleurs, champ):
    cherche = {
        "competence": Terme.objects.de("thematique")[2],
        "secteur": Terme.objects.de("secteur")[2],
        "departement": ailleurs,
    }[champ]
    un_prestataire(0)
    (seul,) = d_autres_prestataires(1)
    {"competence": seul.competences, "secteur": seul.secteurs, "departement": seul.departements}[
        champ
    ].add(cherche)
    reponse = client.get(adresse, {champ: cherche.pk, "q": ""})
    assert noms(reponse) == [seul.nom]
    assert "1 prestataire" in lire(reponse)
    (puce,) = reponse.context["liste"].puces
    assert str(cherche) in puce["libelle"]
    assert len(noms(client.get(adresse + puce["url_retrait"]))) == 2


def test_un_filtre_insense_le_dit_sans_annuler_les_autres(client, adresse):
    un_prestataire(0)
    d_autres_prestataires(2)
    reponse = client.get(adresse, {"q": "cabinet", "departement": "ZZ"})
    assert reponse.status_code == 200
    assert noms(reponse) == ["Cabinet 0"]
    assert "departement" in reponse.context["liste"].formulaire_filtres.errors
    assert [p["libelle"] for p in reponse.context["liste"].puces] == ["Rechercher : cabinet"]


def test_rien_ne_correspond_se_dit(client, adresse):
    un_prestataire(0)
    assert "Aucun prestataire ne correspond à ces filtres" in lire(client.get(adresse, {"q": "zz"}))


def test_le_compte_les_lignes_et_les_pages_disent_la_meme_chose(client, adresse):
    d_autres_prestataires(23)
    filtre = {"secteur": Terme.objects.de("secteur").first().pk}
    premiere = client.get(adresse, filtre)
    seconde = client.get(adresse, {**filtre, "page": 2})
    assert "23 prestataires" in lire(premiere)
    assert (len(noms(premiere)), len(noms(seconde))) == (20, 3)
    assert len({*noms(premiere), *noms(seconde)}) == 23
    assert [ligne["rang"] for ligne in seconde.context["liste"].lignes] == [21, 22, 23]
    suite = premiere.context["liste"].pages[1]["url"]
    assert parse_qs(suite[1:]) == {"secteur": [str(filtre["secteur"])], "page": ["2"]}


def test_les_requetes_ne_suivent_pas_les_lignes(client, adresse):
    un_prestataire(0)
    client.get(adresse)
    with CaptureQueriesContext(connection) as une:
        assert len(noms(client.get(adresse))) == 1
    d_autres_prestataires(19)
    with CaptureQueriesContext(connection) as vingt:
        assert len(noms(client.get(adresse))) == 20
    assert len(vingt) == len(une)


def actions_de(reponse, debut):
    """Addresses of the forms of the page that go to a gesture."""
    morceaux = reponse.content.decode().split('action="')[1:]
    return [unescape(m.split('"')[0]) for m in morceaux if debut in m.split('"')[0]]


def test_ajouter_et_retirer_gardent_les_filtres_et_reviennent_a_la_ligne(
    client, adresse, consultation
):
    choisi = un_prestataire(0)
    d_autres_prestataires(1)
    filtre = {"q": "", "competence": str(Terme.objects.de("thematique").first().pk)}
    (ajouter, _) = actions_de(client.get(adresse, filtre), "pressentir")
    envoi = client.post(ajouter, {"prestataire": choisi.pk})
    retour = urlsplit(envoi["Location"])
    assert retour.path == adresse
    assert retour.fragment == f"prestataire-{choisi.pk}"
    assert parse_qs(retour.query, keep_blank_values=True) == {n: [v] for n, v in filtre.items()}
    page = client.get(f"{retour.path}?{retour.query}")
    phrase = (
        "Ajouté à la liste : Cabinet 0. 1 prestataire dans la liste, au-dessous de la règle de 2 à 4 : une "
        "justification écrite sera demandée à l'envoi."
    )
    lu = lire(page)
    assert lu.count(phrase) == 1
    assert lu.index(f'id="prestataire-{choisi.pk}"') < lu.index(phrase)
    retirer, depuis_le_cote = actions_de(page, "renoncer")
    assert retirer == depuis_le_cote  # the name of the button says where it was pressed
    retour = urlsplit(client.post(retirer)["Location"])
    assert retour.fragment == f"prestataire-{choisi.pk}"
    assert "Retiré de la liste : Cabinet 0." in lire(client.get(f"{retour.path}?{retour.query}"))
    assert not consultation.sollicitations.exists()
    client.post(ajouter, {"prestataire": choisi.pk})
    _, depuis_le_cote = actions_de(client.get(adresse, filtre), "renoncer")
    cote = client.post(depuis_le_cote, {"depuis_la_liste": "1"})
    assert urlsplit(cote["Location"]).fragment == "dans-la-liste"


def test_ce_qui_est_refuse_se_dit_meme_si_la_ligne_n_est_plus_montree(
    client, adresse, consultation
):
    choisi = un_prestataire(0)
    pressentir = reverse("accompagnements:consultation_pressentir", args=[consultation.pk])
    client.post(pressentir, {"prestataire": choisi.pk})
    retour = client.post(f"{pressentir}?q=introuvable", {"prestataire": choisi.pk})["Location"]
    assert "Cabinet 0 est déjà dans la liste." in lire(client.get(retour))


def test_qui_a_un_papier_qui_manque_ou_perime_ne_peut_etre_sollicite_et_l_on_sait_pourquoi(
    client, adresse, consultation
):
    perime, incomplet = un_prestataire(0), un_prestataire(1)
    hier = horloge.aujourdhui() - timedelta(days=1)
    Prestataire.objects.filter(pk=perime.pk).update(reference_jusquau=hier)
    Prestataire.objects.filter(pk=incomplet.pk).update(tjm_ht=None)
    page = client.get(adresse)
    assert actions_de(page, "pressentir") == []
    lu = lire(page)
    assert f"Cabinet 0 : son référencement a pris fin le {hier:%d/%m/%Y}." in lu
    assert "Cabinet 1 : Le tarif journalier du prestataire n'est pas renseigné." in lu
    pressentir = reverse("accompagnements:consultation_pressentir", args=[consultation.pk])
    client.post(pressentir, {"prestataire": perime.pk})
    assert not consultation.sollicitations.exists()


def test_l_attestation_que_la_convention_exigera_se_signale_avant(client, adresse, consultation):
    """From 5 000 €; who may be asked today may still bring it."""
    sans, perimee, a_jour = (un_prestataire(rang) for rang in range(3))
    hier = horloge.aujourdhui() - timedelta(days=1)
    Prestataire.objects.filter(pk=perimee.pk).update(vigilance_jusquau=hier)
    Prestataire.objects.filter(pk=a_jour.pk).update(vigilance_jusquau=horloge.aujourdhui())
    reponse = client.get(adresse)
    papiers = {ligne["prestataire"]: ligne["papiers"] for ligne in reponse.context["liste"].lignes}
    assert "URSSAF manque" in papiers[sans][0]
    assert f"a expiré le {hier:%d/%m/%Y}. Elle sera exigée" in papiers[perimee][0]
    assert papiers[a_jour] == []
    assert papiers[perimee][0] in lire(reponse)
    assert len(actions_de(reponse, "pressentir")) == 3
    cahier = consultation.cahier
    cahier.budget_max = 4999
    cahier.save()
    assert "URSSAF" not in lire(client.get(adresse))


@pytest.mark.navigateur
@pytest.mark.une_base
def test_la_page_revient_a_la_ligne_et_ses_raisons_se_plient_sur_telephone(transactional_db, page):
    consultation = une_consultation("brouillon")
    d_autres_prestataires(12)
    theme = Terme.objects.de("thematique").first()
    adresse = reverse("accompagnements:consultation_prestataires", args=[consultation.pk])
    onglet = page(largeur=390, utilisateur=le_charge(consultation))
    onglet.goto(f"{adresse}?competence={theme.pk}")
    dernier = Prestataire.objects.order_by("nom").last()
    ligne = onglet.locator(f"#prestataire-{dernier.pk}")
    assert not ligne.locator(".raison").first.is_visible()
    ligne.locator("summary").click()
    assert ligne.locator(".raison").first.is_visible()
    ligne.get_by_role("button", name=f"Ajouter {dernier}").click()
    onglet.wait_for_url(f"**/?competence={theme.pk}#prestataire-{dernier.pk}")
    assert ligne.evaluate("e => document.activeElement === e")
    assert ligne.get_by_role("status").is_visible()
    haut = ligne.evaluate("e => e.getBoundingClientRect().top")
    assert 0 <= haut < 900
    onglet.keyboard.press("Tab")  # the keyboard goes on from the row, not from the top
    assert ligne.evaluate("e => e.contains(document.activeElement)")
    assert onglet.evaluate("document.documentElement.scrollHeight") < 13 * 260 + 1300


@pytest.mark.navigateur
@pytest.mark.une_base
def test_un_tableau_large_dit_qu_il_defile_et_se_parcourt_au_clavier(transactional_db, page):
    consultation = une_consultation("en_analyse")
    for largeur, deborde in ((390, True), (1440, False)):
        onglet = page(largeur=largeur, utilisateur=le_charge(consultation))
        for chemin in ("", "grille/"):
            onglet.goto(f"{consultation.get_absolute_url()}{chemin}")
            region = onglet.locator("main .tableau-defilant")
            assert region.get_attribute("role") == "region"
            aide = onglet.get_by_text("Faites défiler le tableau sur le côté")
            aide.wait_for(state="visible" if deborde else "hidden")
            assert (region.get_attribute("tabindex") == "0") is deborde
            if deborde:
                region.focus()
                onglet.keyboard.press("ArrowRight")
                attendre(region, "e => e.scrollLeft > 0")
