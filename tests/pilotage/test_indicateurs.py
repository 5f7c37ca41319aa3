"""Each indicator against a small year counted by hand; every figure opens its own rows."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from dla_portal.comptes import roles
from dla_portal.territoires.models import Departement, OperateurDLA, Region
from pilotage.indicateurs import perimetres, registre
from pilotage.indicateurs.publication import en_markdown
from pilotage.indicateurs.registre import ND, REGISTRE, afficher, pourcentage
from pilotage.models import Objectif
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.preuves.test_chaine import RACINE, siret_d_essai


def chiffres(code, perimetre="region-93", annee=2024):
    resultat = REGISTRE[code].resultat(perimetres.lire(perimetre), annee)
    denominateur = resultat.denominateur.valeur if resultat.denominateur else None
    return resultat.numerateur.valeur, denominateur, resultat.affichage.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("code", "attendu"),
    [
        # Structures 1 (twice), 2, 3, 4 were received in 2024; 5 in 2023.
        ("I-02", (4, None, "4")),
        ("I-06", (4, None, "4")),
        ("I-07", (4, None, "4")),
        ("I-09", (5, None, "5")),
        ("I-10", (3, None, "3")),
        ("I-11", (2, None, "2")),
        ("I-20", (5, 4, "125 %")),
        ("I-21", (5, 4, "1")),
        # R1 combines engineering and internal expertise; R5 has only the structure's own action.
        ("I-30", (1, 4, "25 %")),
        ("I-40", (5000, 1, "5 000 €")),
        ("I-42", (8600, 9, "956 €")),
        ("I-91", (2, 3, "67 %")),
    ],
)
def test_la_region_compte_comme_a_la_main(annee, code, attendu):
    assert chiffres(code) == attendu


@pytest.mark.django_db
def test_un_avenant_signe_change_le_cout_et_ses_lignes(client):
    convention = suite.une_convention()
    annee = convention.signee_le.year
    avant = {code: chiffres(code, "national", annee) for code in ("I-40", "I-42")}
    assert (avant["I-40"][0], avant["I-42"][:2]) == (Decimal(4800), (Decimal(4800), Decimal(5)))
    changements = {
        "jours": 7,
        "montant_ht": Decimal(4900),
        "montant_ttc": Decimal(5880),
        "justification": "Deux jours de plus",
    }
    avenant = suite.un_avenant(convention, "signe", **changements)
    assert avenant.etat == "signe"
    assert chiffres("I-40", "national", annee)[0] == Decimal(5880)
    assert chiffres("I-42", "national", annee)[:2] == (Decimal(5880), Decimal(7))
    client.force_login(suite.le_charge(convention))
    demande = {"code": "I-42", "quoi": "numerateur", "annee": annee}
    ligne = client.get(reverse("pilotage:lignes"), demande).content.decode()
    assert "5\u202f880,00" in ligne


@pytest.mark.parametrize(
    ("perimetre", "accompagnees", "beneficiaires", "ingenieries"),
    [("departement-13", 3, 2, 2), ("departement-83", 3, 1, 1), ("national", 5, 3, 2)],
)
def test_chaque_perimetre_compte_les_siens(
    annee, perimetre, accompagnees, beneficiaires, ingenieries
):
    assert chiffres("I-09", perimetre)[0] == accompagnees
    assert chiffres("I-10", perimetre)[0] == beneficiaires
    assert chiffres("I-11", perimetre)[0] == ingenieries


def test_d16_une_structure_vue_par_deux_operateurs_compte_une_fois_en_region(annee):
    resultat = REGISTRE["I-09"].resultat(perimetres.lire("region-93"), annee)
    assert (resultat.numerateur.valeur, resultat.somme_operateurs) == (5, 6)


def test_d17_un_accueil_seul_est_accompagne_sans_etre_beneficiaire(annee):
    siret = siret_d_essai(4)
    for code, attendu in (("I-02", True), ("I-09", True), ("I-10", False)):
        resultat = REGISTRE[code].resultat(perimetres.NATIONAL, annee)
        assert resultat.numerateur.lignes.filter(siret=siret).exists() is attendu, code


def test_l_operateur_lit_les_siens(annee):
    operateur = OperateurDLA.objects.get(nom="Op 13")
    assert chiffres("I-09", f"operateur-{operateur.pk}")[0] == 3


def test_la_part_individuel_collectif(annee):
    resultat = REGISTRE["I-12a"].resultat(perimetres.NATIONAL, annee)
    parts = {part.cle: (part.numerateur.valeur, part.affichage) for part in resultat.parts}
    assert parts["ING_IND"][0] == parts["ING_COL"][0] == 1
    assert parts["ING_MIX"][0] == 0


def test_les_secteurs_font_le_total(annee):
    resultat = REGISTRE["I-60"].resultat(perimetres.NATIONAL, annee)
    assert sum(part.numerateur.valeur for part in resultat.parts) == resultat.numerateur.valeur


def test_les_delais_sont_des_medianes(annee):
    resultat = REGISTRE["I-50a"].resultat(perimetres.NATIONAL, annee)
    # 10, 20, 30, 10 and 10 days.
    assert (resultat.valeur, resultat.complements["p90"]) == (10, 30)


def test_un_denominateur_nul_est_nd(annee):
    assert chiffres("I-40", annee=2010) == (0, 0, ND)
    assert chiffres("I-20", annee=2010)[2] == ND


@pytest.mark.parametrize(
    ("realise", "objectif", "affiche"),
    [(346, 266, "130 %"), (346, 267, "130 %"), (346, 265, "131 %"), (21, 80, "26 %")],
)
def test_d01_d02_les_arrondis_publies(realise, objectif, affiche):
    assert afficher(pourcentage(realise, objectif), "pourcentage").replace("\u202f", " ") == affiche


def test_la_version_signee_la_plus_haute_compte(annee):
    Objectif.objects.create(
        annee=2024, departement_id="13", valeur=8, numero=2, signe_le="2024-10-01"
    )
    Objectif.objects.create(annee=2024, departement_id="13", valeur=50, numero=3)
    assert chiffres("I-20")[1] == 10


def test_chaque_chiffre_ouvre_ses_lignes_avec_le_meme_compte(annee, client):
    """Number shown = rows opened = rows exported, for every indicator and every part."""
    admin = fabrique.une_personne(roles.Administrateur.code)
    client.force_login(admin)
    vus = 0
    for code in REGISTRE:
        resultat = REGISTRE[code].resultat(perimetres.lire("region-93"), annee)
        demandes = [("numerateur", "", resultat.numerateur)]
        if resultat.denominateur:
            demandes.append(("denominateur", "", resultat.denominateur))
        demandes += [("numerateur", part.cle, part.numerateur) for part in resultat.parts]
        for quoi, part, quantite in demandes:
            parametres = {
                "code": code,
                "quoi": quoi,
                "perimetre": "region-93",
                "annee": annee,
                "part": part,
            }
            page = client.get(reverse("pilotage:lignes"), parametres)
            assert page.status_code == 200, (code, quoi, part)
            attendu = quantite.lignes.count()
            assert page.context["liste"].page.paginator.count == attendu
            export = client.get(reverse("pilotage:lignes"), {**parametres, "export": "csv"})
            lignes = b"".join(export.streaming_content).decode("utf-8-sig").strip().splitlines()
            assert len(lignes) - 1 == attendu, (code, quoi, part)
            if quantite.unite in {"structures", "ingénieries", "diagnostics", "réponses"} and (
                quantite.lignes.model is not Objectif
            ):
                assert attendu == quantite.valeur, (code, quoi, part)
                vus += 1
    assert vus > 20


def test_un_pilote_ne_lit_aucun_nom(annee, client):
    client.force_login(fabrique.une_personne(roles.Pilote.code, region=Region.objects.get(pk="93")))
    for code in REGISTRE:
        for quoi in ("numerateur", "denominateur"):
            page = client.get(
                reverse("pilotage:lignes"), {"code": code, "quoi": quoi, "annee": annee}
            )
            contenu = page.content.decode()
            assert "nom à compléter" not in contenu, code
            assert siret_d_essai(1) not in contenu, code


def test_un_pilote_ne_sort_pas_de_sa_region(annee, client):
    client.force_login(fabrique.une_personne(roles.Pilote.code, region=Region.objects.get(pk="93")))
    assert client.get(reverse("pilotage:tableau"), {"perimetre": "national"}).status_code == 403
    assert client.get(reverse("pilotage:tableau"), {"perimetre": "region-999"}).status_code == 404
    assert client.get(reverse("pilotage:tableau"), {"annee": "abc"}).status_code == 404


def test_le_tableau_costrat_s_exporte(annee, client):
    client.force_login(fabrique.une_personne(roles.Pilote.code, region=Region.objects.get(pk="93")))
    reponse = client.get(
        reverse("pilotage:costrat"), {"region": "93", "annee": annee, "export": "xlsx"}
    )
    assert b"".join(reponse.streaming_content)[:2] == b"PK"


def test_le_nombre_de_requetes_ne_suit_pas_les_lignes(annee, client, django_assert_max_num_queries):
    client.force_login(fabrique.une_personne(roles.Pilote.code, region=Region.objects.get(pk="93")))
    with django_assert_max_num_queries(150):
        client.get(reverse("pilotage:tableau"), {"annee": annee})


def test_la_commande_donne_les_chiffres_des_pages(annee):
    sortie = StringIO()
    call_command("indicateurs", annee=2024, departement="13", format="json", stdout=sortie)
    lus = {ligne["code"]: ligne for ligne in json.loads(sortie.getvalue())}
    assert set(lus) == set(REGISTRE)
    for code, ligne in lus.items():
        perimetre = perimetres.d_un_departement(Departement.objects.get(pk="13"))
        resultat = REGISTRE[code].resultat(perimetre, 2024)
        assert ligne["affichage"] == resultat.affichage
        assert Decimal(ligne["numerateur"]) == Decimal(resultat.numerateur.valeur)
        assert ligne["definition"]


def test_un_code_sans_lettre_prend_la_famille():
    assert [i.code for i in registre.choisir(["I-12"])] == ["I-12a", "I-12b", "I-12c"]


def test_indicateurs_md_est_a_jour():
    assert (RACINE / "docs" / "indicateurs.md").read_text() == en_markdown()
