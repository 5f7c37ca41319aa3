"""The weekly sheet: one save, nobody overwritten, nothing future, 24 hours a day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accompagnements.activites.models import Temps
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique_activites import terme, un_temps, une_activite

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def jeudi():
    """A Thursday: three days past in the week, three to come."""
    maintenant = horloge.maintenant().astimezone(PARIS)
    jeudi = maintenant + timedelta(days=(3 - maintenant.weekday()) % 7 - 7)
    with horloge.voyage(datetime(jeudi.year, jeudi.month, jeudi.day, 12, tzinfo=PARIS)):
        yield


@pytest.fixture
def adresse():
    return reverse("accompagnements:temps_semaine")


def feuille(client, adresse):
    return client.get(adresse).context["formulaire"]


def connue(code, jour, demande=None):
    """Name of a cell of a known row."""
    return f"d{demande.pk if demande else 0}n{terme('temps', code).pk}_j{jour}"


def contenu(formulaire):
    """What the page would send as it stands."""
    envoi = {nom: formulaire[nom].value() for nom in formulaire.fields}
    for nom, valeur in envoi.items():
        if valeur is None:
            envoi[nom] = ""
        elif "_j" in nom and isinstance(valeur, int):
            envoi[nom] = f"{valeur} min"
    return envoi


def test_une_semaine_s_enregistre_d_un_coup(client, charge, adresse):
    demande = fabrique.un_accompagnement().demande
    client.force_login(charge)
    envoi = contenu(feuille(client, adresse))
    assert "x0_j3" in envoi
    assert "x0_j4" not in envoi  # Friday is to come
    envoi |= {
        "x0_dossier": demande.pk,
        "x0_nature": terme("temps", "accueil").pk,
        "x0_j0": "1h30",
        "x0_j3": "0,5 j",
        "x1_nature": terme("temps", "autre").pk,
        "x1_j1": "45 min",
    }
    reponse = client.post(adresse, envoi)
    assert reponse.status_code == 302
    assert sorted(Temps.objects.values_list("minutes", flat=True)) == [45, 90, 210]
    page = client.get(adresse)
    assert "3 cases changées" in page.content.decode()
    assert page.context["formulaire"].total == 345
    relu = contenu(page.context["formulaire"])
    assert relu[connue("accueil", 0, demande)] == "1 h 30"
    assert client.post(adresse, relu).status_code == 302  # nothing changed, nothing written
    assert Temps.history.count() == 3


def test_changer_et_vider_des_cases(client, charge, adresse):
    change = un_temps(charge, jours=1, minutes=60)
    videe = un_temps(charge, jours=2, minutes=30)
    client.force_login(charge)
    formulaire = feuille(client, adresse)
    assert (
        client.post(
            adresse,
            contenu(formulaire)
            | {
                connue("autre", 2): "2h",
                connue("autre", 1): "",
            },
        ).status_code
        == 302
    )
    change.refresh_from_db()
    videe.refresh_from_db()
    assert (change.minutes, change.etat) == (120, "note")
    assert (videe.minutes, videe.etat) == (30, "retire")
    assert videe.journal().first().motif == "Case vidée dans la feuille de la semaine"


def test_une_semaine_changee_ailleurs_rend_409_et_garde_la_saisie(client, charge, adresse):
    temps = un_temps(charge, jours=1, minutes=60)
    client.force_login(charge)
    envoi = contenu(feuille(client, adresse)) | {connue("autre", 2): "2h"}
    ajoutee = un_temps(charge, jours=3, nature="animation", minutes=20)
    temps.minutes = 75
    temps.save()
    reponse = client.post(adresse, envoi)
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert "1 h 15" in page
    assert 'value="2h"' in page
    temps.refresh_from_db()
    assert temps.minutes == 75
    assert client.post(adresse, contenu(reponse.context["formulaire"])).status_code == 302
    temps.refresh_from_db()
    assert temps.minutes == 120
    ajoutee.refresh_from_db()
    assert (ajoutee.minutes, ajoutee.etat) == (20, "note")  # never on the page sent: not emptied


@pytest.mark.parametrize(
    ("cases", "champ", "phrase"),
    [
        ({"x0_j0": "1h"}, "x0_nature", "Choisissez la nature"),
        ({"x0_j0": "deux"}, "x0_j0", "Indiquez une durée"),
        ({"x0_nature": "accueil", "x0_j0": "1h"}, "x0_dossier", "indiquez lequel"),
        (
            {"x0_nature": "autre", "x0_j0": "1h", "x1_nature": "autre", "x1_j1": "1h"},
            "x1_nature",
            "déjà plus haut",
        ),
        (
            {"x0_nature": "autre", "x0_j0": "20h", "x1_nature": "animation", "x1_j0": "5h"},
            "__all__",
            "24 heures",
        ),
    ],
)
def test_une_mauvaise_case_est_dite_et_rien_n_est_ecrit(
    client, charge, adresse, cases, champ, phrase
):
    client.force_login(charge)
    cases = {
        nom: terme("temps", valeur).pk if nom.endswith("nature") else valeur
        for nom, valeur in cases.items()
    }
    reponse = client.post(adresse, contenu(feuille(client, adresse)) | cases)
    assert reponse.status_code == 422
    assert phrase in " ".join(reponse.context["formulaire"].errors[champ])
    assert not Temps.objects.exists()
    for valeur in cases.values():
        assert str(valeur) in reponse.content.decode()


def test_un_jour_a_venir_ne_se_force_pas(client, charge, adresse):
    client.force_login(charge)
    envoi = contenu(feuille(client, adresse)) | {
        "x0_nature": terme("temps", "autre").pk,
        "x0_j5": "1h",
    }
    client.post(adresse, envoi)
    assert not Temps.objects.exists()


def test_plusieurs_lignes_d_un_jour_ne_se_fondent_pas(client, charge, adresse):
    un_temps(charge, jours=1, minutes=60)
    un_temps(charge, jours=1, minutes=15)
    client.force_login(charge)
    page = client.get(adresse)
    formulaire = page.context["formulaire"]
    assert connue("autre", 2) not in formulaire.fields
    assert "1 h 15" in page.content.decode()
    assert client.post(adresse, contenu(formulaire) | {connue("autre", 2): "9h"}).status_code == 302
    assert Temps.objects.minutes() == 75


def test_vider_fait_de_la_place_avant_de_remplir(client, charge, adresse):
    """Twenty hours move from one line to another of the same day."""
    un_temps(charge, jours=1, minutes=1200)
    client.force_login(charge)
    envoi = contenu(feuille(client, adresse)) | {
        connue("autre", 2): "",
        "x0_nature": terme("temps", "animation").pk,
        "x0_j2": "20h",
    }
    assert client.post(adresse, envoi).status_code == 302
    assert Temps.objects.notes().get().nature.code == "animation"


def test_les_lignes_des_semaines_passees_sont_proposees(client, charge, adresse):
    un_temps(charge, jours=8)
    client.force_login(charge)
    formulaire = feuille(client, adresse)
    assert [bool(rangee.nom) for rangee in formulaire.rangees] == [True, False, False, False]
    assert "Gestion, formation, autre" in formulaire.rangees[0].nom


def test_le_temps_des_animations_est_montre_sans_se_saisir(client, charge, adresse):
    activite = une_activite(charge, jours=-1)
    un_temps(charge, activite=activite, nature="animation", minutes=120)
    client.force_login(charge)
    formulaire = feuille(client, adresse)
    assert formulaire.total == 120
    assert len(formulaire.rangees) == 3
    assert activite.titre in client.get(adresse).content.decode()


def test_la_semaine_d_un_collegue_est_au_responsable(client, charge, responsable, adresse):
    un_temps(charge, jours=1, minutes=60)
    siennes = f"{adresse}?personne={charge.pk}"
    client.force_login(responsable)
    envoi = contenu(feuille(client, siennes)) | {connue("autre", 2): "2h"}
    assert client.post(siennes, envoi).status_code == 302
    assert Temps.objects.notes().get().minutes == 120
    collegue = fabrique.une_personne(
        roles.ChargeMission.code, operateur=charge.rattachement.operateur
    )
    client.force_login(collegue)
    assert client.get(siennes).status_code == 404
    assert client.post(siennes, envoi).status_code == 404


def test_le_responsable_d_ailleurs_n_ouvre_pas_la_semaine(client, charge, autre_operateur, adresse):
    ailleurs = fabrique.une_personne(roles.Responsable.code, operateur=autre_operateur)
    client.force_login(ailleurs)
    assert client.get(f"{adresse}?personne={charge.pk}").status_code == 404


@pytest.mark.parametrize("du", ["2999-01-01", "0001-01-01", "n'importe quoi", "٢٠٢٦-01-01"])
def test_une_semaine_impossible_donne_la_plus_proche(client, charge, adresse, du):
    client.force_login(charge)
    assert client.get(adresse, {"du": du}).status_code == 200


def test_autant_de_requetes_quel_que_soit_le_nombre_de_lignes(client, charge, adresse):
    client.force_login(charge)
    demandes = [fabrique.un_accompagnement().demande for _ in range(6)]

    def requetes():
        with CaptureQueriesContext(connection) as prises:
            assert client.get(adresse).status_code == 200
        return len(prises)

    un_temps(charge, demande=demandes[0], nature="suivi")
    avec_peu = requetes()
    for demande in demandes:
        un_temps(charge, demande=demande, nature="expertise", minutes=30)
        un_temps(charge, demande=demande, nature="ingenierie", minutes=30, jours=2)
    assert requetes() == avec_peu


def test_un_brouillon_ne_glisse_pas_d_une_ligne_a_l_autre(client, charge, adresse):
    """What was typed on a new row stays on a new row when another has appeared meanwhile."""
    client.force_login(charge)
    page = client.get(adresse)
    saisie = {
        **contenu(page.context["formulaire"]),
        "x0_nature": terme("temps", "animation").pk,
        "x0_j0": "3h",
        "adresse_brouillon": adresse,
        "page_brouillon": page.context["brouillon"]["page"],
    }
    assert client.post(reverse("socle:brouillon_garder"), saisie).status_code == 200
    un_temps(charge, jours=1, minutes=60)
    formulaire = feuille(client, adresse)
    assert formulaire[connue("autre", 2)].value() == "1 h"
    assert formulaire["x0_j0"].value() == "3h"
    assert client.post(adresse, contenu(formulaire)).status_code == 409  # it says what changed
