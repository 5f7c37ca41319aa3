"""Writing the diagnostic: rows, figures of three years, tabs, drafts, what feeds the plan."""

import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from accompagnements.diagnostics import chiffres, sections
from accompagnements.diagnostics.lignes import ChiffresAnnuels
from accompagnements.models import Diagnostic
from accompagnements.plans.models import Plan
from accompagnements.suites.transitions import prevoir_suivi
from dla_portal.socle import horloge
from dla_portal.socle.brouillons import garder
from dla_portal.socle.calendrier import plus_mois
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db
N = horloge.aujourdhui().year - 1


def adresse(nom, *args):
    return reverse(f"accompagnements:{nom}", args=args)


@pytest.fixture
def diagnostic(charge):
    return fabrique.un_diagnostic("en_cours")


@pytest.fixture
def page(client, charge, diagnostic):
    """Open or send the page of a section: `page(section, **saisie)`."""
    client.force_login(charge)

    def ouvrir(section, requete="", **saisie):
        url = adresse("diagnostic_modifier", diagnostic.pk, section) + requete
        if not saisie:
            return client.get(url)
        diagnostic.refresh_from_db()
        return client.post(url, {"version": diagnostic.version, **saisie})

    return ouvrir


# --- Rows -----------------------------------------------------------------------------------


def test_les_personnes_s_ajoutent_se_corrigent_et_se_retirent(page, diagnostic):
    deja = diagnostic.rencontres.get()
    envoi = {
        "nombre_lignes": 3,
        "ligne_0_id": deja.pk,
        "ligne_0_nom": deja.nom,
        "ligne_0_fonction": "Direction",
        "ligne_1_nom": "Sacha Essai",
        "ligne_1_le": "20/11/2025",
    }
    assert page("rencontre", **envoi).status_code == 302
    lues = [(p.nom, p.fonction, str(p.le)) for p in diagnostic.rencontres.all()]
    assert lues == [(deja.nom, "Direction", "None"), ("Sacha Essai", "", "2025-11-20")]
    assert diagnostic.rencontres.first().pk == deja.pk
    page("rencontre", nombre_lignes=1, ligne_0_id=deja.pk, ligne_0_retirer="on")
    assert [p.nom for p in diagnostic.rencontres.all()] == ["Sacha Essai"]
    assert deja.history.filter(history_type="-").exists()


def test_une_ligne_a_moitie_remplie_est_dite_a_sa_cellule(page, diagnostic):
    envoi = {"nombre_lignes": 1, "ligne_0_fonction": "Trésorière", "temps_passe": "2,5"}
    reponse = page("rencontre", **envoi)
    assert reponse.status_code == 422
    erreurs = reponse.context["formulaire"].errors
    assert erreurs == {"ligne_0_nom": ["Indiquez le nom de la personne."]}
    assert "Trésorière" in reponse.content.decode()
    assert diagnostic.rencontres.count() == 1


def test_les_lignes_d_un_autre_diagnostic_ne_bougent_pas(page, diagnostic):
    ailleurs = fabrique.un_diagnostic("en_cours").rencontres.get()
    envoi = {"nombre_lignes": 1, "ligne_0_id": ailleurs.pk, "ligne_0_nom": "Sacha Essai"}
    page("rencontre", **envoi)
    ailleurs.refresh_from_db()
    assert ailleurs.nom == fabrique.PERSONNE["nom"]
    assert diagnostic.rencontres.filter(nom="Sacha Essai").count() == 1


def test_un_axe_change_entre_temps_n_est_pas_ecrase(client, charge, diagnostic):
    client.force_login(charge)
    axe, perimee = diagnostic.lignes_axes.get(), diagnostic.version
    axe.enjeu = "Le leur"
    axe.save()
    diagnostic.save()
    envoi = {
        "version": perimee,
        "nombre_lignes": 1,
        "ligne_0_id": axe.pk,
        "ligne_0_domaine": axe.domaine,
        "ligne_0_enjeu": "Le mien",
    }
    reponse = client.post(adresse("diagnostic_modifier", diagnostic.pk, "axes"), envoi)
    assert reponse.status_code == 409
    ligne = next(li for li in reponse.context["conflit"] if li["saisi"] == "Le mien")
    assert ligne["enregistre"] == "Le leur"
    axe.refresh_from_db()
    assert axe.enjeu == "Le leur"


def test_les_axes_se_lisent_par_priorite(diagnostic):
    diagnostic.lignes_axes.create(domaine="humain", priorite=3, enjeu="Embaucher")
    diagnostic.lignes_axes.create(domaine="gouvernance", enjeu="Sans rang")
    diagnostic.lignes_axes.create(domaine="finances", priorite=2, enjeu="Trésorerie")
    lus = [axe.domaine for axe in diagnostic.lignes_axes.all()]
    assert lus == ["economie", "finances", "humain", "gouvernance"]


# --- Figures --------------------------------------------------------------------------------


def case(nom, annee=N):
    return f"{nom}_{annee}"


def test_l_annee_n_fait_le_point_de_depart(page, diagnostic):
    saisie = {
        case("produits"): "120 000",
        case("charges"): "118 500,50",
        case("subventions"): "60000",
        case("cdi"): "1",
        case("cdd"): "2",
        case("etp"): "2,5",
        case("produits", N - 2): "90000",
    }
    assert page("chiffres", annee_n=N, **saisie).status_code == 302
    diagnostic.refresh_from_db()
    assert (diagnostic.annee_n, diagnostic.effectif, diagnostic.etp) == (N, 3, 2.5)
    assert float(diagnostic.budget) == 118500.5
    assert [a.annee for a in diagnostic.annees.all()] == [N - 2, N]
    assert float(diagnostic.annees.get(annee=N).resultat) == 1499.5


@pytest.mark.parametrize(
    ("saisie", "fausse", "extrait"),
    [
        ({"produits": "100", "subventions": "200"}, "subventions", "dépassent"),
        ({"produits": "900", "charges": "500", "resultat": "-400"}, "resultat", "400,00"),
        ({"cdi": "5", "cdd": "2", "effectif": "6"}, "effectif", "7 personnes"),
        (
            {"cdi": "1", "cdd": "1", "aides": "0", "apprentis": "0", "insertion": "0"}
            | {"effectif": "5"},
            "effectif",
            "il en manque",
        ),
        ({"cdi": "beaucoup"}, "cdi", "nombre entier"),
        ({"dettes": "-5"}, "dettes", "supérieur ou égal"),
    ],
)
def test_une_somme_fausse_est_dite_a_sa_case(page, diagnostic, saisie, fausse, extrait):
    envoi = {case(nom): valeur for nom, valeur in saisie.items()}
    reponse = page("chiffres", annee_n=N, **envoi)
    assert reponse.status_code == 422
    erreurs = reponse.context["formulaire"].errors
    assert list(erreurs) == [case(fausse)]
    assert extrait in erreurs[case(fausse)][0]
    assert not diagnostic.annees.exists()


def test_des_comptes_arrondis_sont_admis():
    connus = {ligne.nom: None for ligne in chiffres.LIGNES}
    connus |= {"produits": 1000, "charges": 500, "resultat": 501}
    assert chiffres.fautes(N, connus) == []
    assert chiffres.fautes(N, {**connus, "resultat": 502}) != []


def test_une_annee_d_avant_la_structure_n_a_pas_de_chiffres(page, diagnostic):
    structure = diagnostic.accompagnement.structure
    structure.date_creation = horloge.aujourdhui().replace(year=N, month=1, day=1)
    structure.save()
    reponse = page("chiffres", annee_n=N, **{case("produits", N - 1): "10"})
    assert "a été créée" in reponse.context["formulaire"].errors[case("produits", N - 1)][0]


@pytest.mark.parametrize("annee", [N + 2, 1950])
def test_l_annee_n_est_vraisemblable(page, annee):
    erreurs = page("chiffres", annee_n=annee).context["formulaire"].errors
    assert list(erreurs) == ["annee_n"]


def test_changer_l_annee_n_garde_les_annees_saisies(page, diagnostic):
    page("chiffres", annee_n=N, **{case("effectif"): "9", case("effectif", N - 1): "7"})
    page(
        "chiffres",
        annee_n=N - 1,
        affichee=N,
        **{case("effectif"): "9"} | {case("effectif", N - 1): "7"},
    )
    diagnostic.refresh_from_db()
    assert (diagnostic.annee_n, diagnostic.effectif) == (N - 1, 7)
    assert diagnostic.annees.get(annee=N).effectif == 9
    assert page("chiffres").context["formulaire"].annees == [N - 3, N - 2, N - 1]


def test_la_fiche_de_la_structure_est_proposee_sans_rien_ecrire(page, diagnostic):
    formulaire = page("chiffres").context["formulaire"]
    assert formulaire[case("cdi")].value() is None
    assert formulaire.fiche_connue
    propose = page("chiffres", "?reprendre=fiche").context["formulaire"]
    assert propose[case("cdi")].value() == 6
    assert not diagnostic.annees.exists()


@pytest.mark.parametrize("choisie", [True, False])
def test_la_fiche_ne_change_que_si_on_le_demande(page, diagnostic, choisie):
    structure = diagnostic.accompagnement.structure
    saisie = {case("effectif"): "11", case("charges"): "70000", case("effectif", N - 1): "10"}
    page("chiffres", annee_n=N, **saisie, **({"mettre_a_jour": "on"} if choisie else {}))
    lues = list(structure.annees.order_by("annee").values_list("annee", "effectif", "cdi"))
    assert lues == ([(N - 1, 10, None), (N, 11, 6)] if choisie else [(N, 8, 6)])


def test_un_depart_plus_ancien_que_la_grille_y_est_montre(page):
    assert page("chiffres").context["formulaire"][case("effectif")].value() == 8


def test_la_base_refuse_deux_fois_la_meme_annee(diagnostic):
    ChiffresAnnuels.objects.create(diagnostic=diagnostic, annee=N)
    with (
        pytest.raises(IntegrityError, match="chiffres_annuels_uniques|UNIQUE"),
        transaction.atomic(),
    ):
        ChiffresAnnuels.objects.create(diagnostic=diagnostic, annee=N)


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"produits": 1, "subventions": 2}, "chiffres_subventions_dans_produits"),
        ({"etp": -1}, "chiffres_etp_positif"),
    ],
)
def test_la_base_refuse_des_chiffres_impossibles(diagnostic, champs, contrainte):
    with pytest.raises(IntegrityError, match=f"{contrainte}|CHECK"), transaction.atomic():
        ChiffresAnnuels.objects.create(diagnostic=diagnostic, annee=N, **champs)


def test_la_base_refuse_une_priorite_hors_de_1_a_3(diagnostic):
    with pytest.raises(IntegrityError, match="axe_priorite_1_a_3|CHECK"), transaction.atomic():
        diagnostic.lignes_axes.create(domaine="humain", priorite=4)


# --- From the free texts to the rows --------------------------------------------------------


def test_les_anciens_textes_passent_en_lignes_et_reviennent(diagnostic):
    from importlib import import_module

    reprise = import_module("accompagnements.migrations.0029_textes_du_diagnostic_en_lignes")
    for relation in ("rencontres", "lignes_axes", "lignes_preconisations"):
        getattr(diagnostic, relation).all().delete()
    long = "Une personne " * 30
    textes = {
        "personnes": f"La présidence\n\n{long}",
        "axes": "1. Coûts.\n2. Rôles.",
        "preconisations": "Une ingénierie",
    }
    Diagnostic.objects.filter(pk=diagnostic.pk).update(**textes)
    reprise.mettre_en_lignes(apps, None)
    noms = [p.nom for p in diagnostic.rencontres.all()]
    assert noms[0] == "La présidence"
    assert " ".join(noms[1:]).split() == long.split()
    assert diagnostic.lignes_axes.get().enjeu == textes["axes"]
    assert diagnostic.lignes_preconisations.get().texte == textes["preconisations"]
    reprise.remettre_en_textes(apps, None)
    diagnostic.refresh_from_db()
    assert {nom: getattr(diagnostic, nom) for nom in textes} == textes
    diagnostic.lignes_preconisations.create(texte="Un appui interne")
    reprise.remettre_en_textes(apps, None)
    diagnostic.refresh_from_db()
    assert diagnostic.preconisations == "Une ingénierie\n\nUn appui interne"
    assert diagnostic.axes == textes["axes"]


# --- Tabs, drafts ---------------------------------------------------------------------------


def test_chaque_onglet_dit_ce_qui_lui_manque(page, diagnostic):
    diagnostic.lignes_axes.all().delete()
    diagnostic.forces = diagnostic.faiblesses = ""
    diagnostic.save()
    reponse = page("analyse")
    manques = {o["titre"]: o["manques"] for o in reponse.context["onglets"]}
    assert manques == dict.fromkeys(manques, 0) | {"Analyse": 2, "Axes": 1}
    assert reponse.context["manques"] == ["forces", "faiblesses"]
    assert [o["titre"] for o in reponse.context["onglets"] if o["courant"]] == ["Analyse"]


def test_enregistrer_et_continuer_mene_a_la_page_suivante(page, diagnostic):
    cles = [section.cle for section in sections.SECTIONS]
    for cle, suivante in zip(cles, cles[1:], strict=False):
        reponse = page(cle, suite="continuer")
        assert reponse.url == adresse("diagnostic_modifier", diagnostic.pk, suivante), cle
    assert page(cles[-1], suite="continuer").url.startswith(diagnostic.get_absolute_url())
    rester = adresse("diagnostic_modifier", diagnostic.pk, "axes")
    assert page("axes", suite="rester").url == rester


def test_la_page_dit_quand_elle_est_enregistree(page):
    with horloge.voyage(horloge.maintenant().replace(hour=13, minute=32)):
        page("analyse", forces="Une équipe")
        lu = page("analyse").content.decode()
    assert "Enregistré à 14:32" in lu or "Enregistré à 15:32" in lu


@pytest.mark.parametrize("section", [s.cle for s in sections.SECTIONS])
def test_toutes_les_pages_gardent_la_saisie(page, section):
    assert 'data-brouillon="' in page(section).content.decode()


def test_une_saisie_de_tableau_revient_apres_une_session_perdue(page, charge, diagnostic, rf):
    url = adresse("diagnostic_modifier", diagnostic.pk, "chiffres")
    saisie = rf.post("/", {case("cdi"): "4", "annee_n": N}).POST
    garder(charge, url, uuid.uuid4(), saisie)
    reponse = page("chiffres")
    assert reponse.context["formulaire"][case("cdi")].value() == "4"
    en_attente = [o["titre"] for o in page("analyse").context["onglets"] if o["en_attente"]]
    assert en_attente == ["Chiffres"]


def test_le_suivi_montre_les_reperes_du_diagnostic(client, charge):
    diagnostic = fabrique.un_diagnostic()
    diagnostic.beneficiaires, diagnostic.beneficiaires_definition = 1250, "Familles adhérentes"
    diagnostic.gouv_mandats = "moyen"
    diagnostic.save()
    suivi = prevoir_suivi(diagnostic)
    client.force_login(charge)
    lus = dict(client.get(suivi.get_absolute_url()).context["reperes"])
    assert lus["De qui s'agit-il ?"] == "Familles adhérentes"
    assert lus["Les mandats sont renouvelés"] == "En partie"
    assert lus["Préconisations"] == fabrique.PRECONISATION["texte"]
    assert "Familles adhérentes" in client.get(suivi.get_absolute_url()).content.decode()


# --- The plan -------------------------------------------------------------------------------


def test_le_plan_part_des_preconisations_choisies(client, charge):
    diagnostic = fabrique.un_diagnostic()
    conseil = diagnostic.lignes_preconisations.get()
    conseil.delai = 6
    conseil.save()
    diagnostic.lignes_preconisations.create(texte="Sans type d'action")
    diagnostic.lignes_preconisations.create(texte="x" * 300, genre="ACT_STRUCT")
    client.force_login(charge)
    url = adresse("plan_preparer", diagnostic.accompagnement_id)
    proposees = client.get(url).context["formulaire"]["preconisations"]
    assert conseil.pk in proposees.value()
    assert len(proposees.value()) == 2
    envoi = {"cle_envoi": str(uuid.uuid4()), "objectifs": "", "preconisations": proposees.value()}
    assert client.post(url, envoi).status_code == 302
    actions = list(Plan.objects.get().actions.order_by("pk"))
    assert [a.genre for a in actions] == ["ING_IND", "ACT_STRUCT"]
    assert actions[0].intitule == fabrique.PRECONISATION["texte"]
    assert actions[0].echeance == plus_mois(horloge.aujourdhui(), 6)
    assert actions[1].intitule == "x" * 199 + "…"


def test_le_plan_ne_prend_pas_les_conseils_d_un_autre_dossier(client, charge):
    ailleurs = fabrique.un_diagnostic().lignes_preconisations.get()
    diagnostic = fabrique.un_diagnostic()
    client.force_login(charge)
    url = adresse("plan_preparer", diagnostic.accompagnement_id)
    envoi = {"cle_envoi": str(uuid.uuid4()), "objectifs": "", "preconisations": [ailleurs.pk]}
    assert client.post(url, envoi).status_code == 422
