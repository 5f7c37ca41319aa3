"""Tables: each figure of the CoSTRAT and of the operators opens its rows; who reads what."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from dla_portal.comptes import roles
from dla_portal.territoires.models import OperateurDLA, Region
from tests.accompagnements import fabrique


@pytest.fixture
def pilote(annee, client):
    personne = fabrique.une_personne(roles.Pilote.code, region=Region.objects.get(pk="93"))
    client.force_login(personne)
    return personne


def liens_de_lignes(contenu):
    """Return [(address, number shown)] of the figures of a page which open rows."""
    motif = r'href="([^"]*/lignes/[^"]*)"[^>]*>([\d\u202f\xa0 ]+)</a>'
    return [
        (adresse.replace("&amp;", "&"), int(re.sub(r"\D", "", nombre)))
        for adresse, nombre in re.findall(motif, contenu)
    ]


@pytest.mark.parametrize("page", ["costrat", "operateurs"])
def test_chaque_nombre_ouvre_autant_de_lignes(pilote, annee, client, page):
    parametres = {"region": "93", "perimetre": "region-93", "annee": annee}
    contenu = client.get(reverse(f"pilotage:{page}"), parametres).content.decode()
    liens = liens_de_lignes(contenu)
    assert len(liens) >= 8
    for adresse, nombre in liens:
        if "denominateur" in adresse:
            continue  # an objective opens its lines of objectives, whose values add up
        liste = client.get(adresse).context["liste"]
        assert liste.page.paginator.count == nombre, adresse


def test_la_somme_des_operateurs_s_ouvre_operateur_par_operateur(pilote, annee, client):
    """Structure 1 is followed by both operators: 5 structures, 6 in the sum."""
    page = client.get(
        reverse("pilotage:operateurs"), {"perimetre": "region-93", "annee": annee}
    ).context
    valeurs = {ligne["operateur"].nom: ligne["cellules"][-1]["valeur"] for ligne in page["lignes"]}
    assert valeurs == {"Op 13": 3, "Op 83": 3}
    assert page["sommes"][-1]["valeur"] == 6
    assert page["totaux"][-1]["valeur"] == 5


def test_un_operateur_ne_lit_pas_le_territoire_par_un_perimetre_croise(annee, client):
    op13 = OperateurDLA.objects.get(nom="Op 13")
    client.force_login(fabrique.une_personne(roles.Responsable.code, operateur=op13))
    reponse = client.get(
        reverse("pilotage:lignes"), {"code": "I-09", "perimetre": f"region-93_{op13.pk}"}
    )
    assert reponse.status_code == 403


@pytest.mark.parametrize(
    "parametres",
    [
        {"annee": "\u00b2025"},
        {"annee": "9" * 5000},
        {"perimetre": "operateur-\u00b2"},
        {"perimetre": "region-93\x00"},
        {"perimetre": "region-93_\u00b2"},
        {"perimetre": "region-93_999999"},
    ],
)
def test_une_adresse_trafiquee_est_introuvable(pilote, client, parametres):
    for page in ("tableau", "operateurs", "costrat"):
        reponse = client.get(reverse(f"pilotage:{page}"), {"region": "93", **parametres})
        attendu = 200 if page == "costrat" and "annee" not in parametres else 404
        nul = any("\x00" in valeur for valeur in parametres.values())
        assert reponse.status_code == (400 if nul else attendu)


@pytest.mark.parametrize(
    ("role", "lit"),
    [
        (roles.ChargeMission, True),
        (roles.Responsable, True),
        (roles.DlaRegional, False),
        (roles.Pilote, False),
        (roles.National, False),
        (roles.Administrateur, True),
    ],
)
def test_les_reponses_d_une_enquete_ne_se_lisent_que_chez_l_operateur(annee, client, role, lit):
    """I-91 counts three answers; what each structure said stays with those who lead its dossier."""
    portee = {}
    if role.portee == roles.OPERATEUR:
        portee["operateur"] = OperateurDLA.objects.get(nom="Op 13")
    elif role.portee in (roles.REGION, roles.TERRITOIRE):
        portee["region"] = Region.objects.get(pk="93")
    client.force_login(fabrique.une_personne(role.code, **portee))
    adresse = reverse("pilotage:lignes")
    demande = {"code": "I-91", "quoi": "denominateur", "annee": annee}
    page = client.get(adresse, demande)
    export = client.get(adresse, {**demande, "export": "csv"})
    exporte = b"".join(export.streaming_content).decode("utf-8-sig")
    cles = {colonne.cle for colonne in page.context["liste"].colonnes}
    assert "operateur" in cles
    assert cles.isdisjoint({"secteur", "famille", "departement"}), "a profile names a structure"
    assert ("globale" in cles) is lit
    assert ("satisfait" in exporte.lower()) is lit
    # The cells alone: a random token of the page may hold any two letters.
    lignes = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    assert ("R1" in exporte) is ("R1" in lignes) is lit


def test_moins_de_trois_reponses_ne_se_montrent_pas_a_la_gestion(annee, client):
    """Two answers in the operator: the rate would tell the gestionnaire what each one said."""
    op13 = OperateurDLA.objects.get(nom="Op 13")
    adresse = reverse("pilotage:lignes")
    demande = {"code": "I-91", "quoi": "denominateur", "annee": annee}
    client.force_login(fabrique.une_personne(roles.Gestionnaire.code, operateur=op13))
    assert client.get(adresse, demande).status_code == 403
    tableau = client.get(reverse("pilotage:tableau"), {"annee": annee}).content.decode()
    assert "moins de trois" in tableau
    client.force_login(fabrique.une_personne(roles.ChargeMission.code, operateur=op13))
    assert client.get(adresse, demande).status_code == 200
    tableau = client.get(reverse("pilotage:tableau"), {"annee": annee}).content.decode()
    assert "moins de trois" not in tableau


def test_un_code_inconnu_est_refuse_meme_parmi_d_autres(annee):
    with pytest.raises(CommandError, match="I-999"):
        call_command("indicateurs", annee=annee, code=["I-09", "I-999"], stdout=StringIO())
