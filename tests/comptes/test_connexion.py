"""Signing in: one door for all, rate limited, second factor for staff where it is required."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from dla_portal.comptes import roles
from dla_portal.comptes.middleware import CLE_OUVERTURE
from dla_portal.comptes.models import Rattachement
from dla_portal.socle import horloge
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db
MOT_DE_PASSE = "mot de passe d'essai"


@pytest.fixture(autouse=True)
def _compteurs_a_zero():
    cache.clear()


def connecter(client, email, mot_de_passe=MOT_DE_PASSE):
    return client.post(reverse("account_login"), {"login": email, "password": mot_de_passe})


def test_un_compte_ouvre_sa_premiere_page(client):
    charge = fabrique.un_charge()
    reponse = connecter(client, charge.email.upper())
    assert reponse.status_code == 302
    assert client.get(reverse("accueil")).status_code == 200


def test_meme_reponse_pour_un_courriel_connu_ou_inconnu(client):
    charge = fabrique.un_charge()
    connu = connecter(client, charge.email, "faux mot de passe")
    inconnu = connecter(client, "personne@essai.example", "faux mot de passe")
    assert connu.status_code == inconnu.status_code == 200
    erreurs = [r.context["form"].non_field_errors() for r in (connu, inconnu)]
    assert erreurs[0] == erreurs[1]


def test_apres_cinq_echecs_le_bon_mot_de_passe_attend_et_les_autres_passent(client):
    charge = fabrique.un_charge()
    autre = fabrique.une_personne(roles.National.code)
    for _ in range(5):
        connecter(client, charge.email, "faux mot de passe")
    assert connecter(client, charge.email).status_code != 302
    assert connecter(client, autre.email).status_code == 302


def test_l_administration_passe_par_la_meme_porte(client):
    reponse = client.get("/administration/login/", follow=False)
    assert reponse.status_code == 302
    assert reponse["Location"].startswith(reverse("account_login"))


def test_un_compte_de_l_administration_ajoute_d_abord_un_second_facteur(client, settings):
    settings.SECOND_FACTEUR_EXIGE = True
    admin = fabrique.une_personne(roles.Administrateur.code)
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client.force_login(admin)
    assert client.get("/administration/")["Location"] == reverse("mfa_index")
    settings.SECOND_FACTEUR_EXIGE = False
    assert client.get("/administration/").status_code == 200


def test_une_session_finit_douze_heures_apres_son_ouverture(client):
    client.force_login(fabrique.un_charge())
    assert client.get(reverse("accueil")).status_code == 200
    session = client.session
    session[CLE_OUVERTURE] = (timezone.now() - timedelta(hours=12, minutes=1)).timestamp()
    session.save()
    assert client.get(reverse("accueil"))["Location"] == reverse("account_login")


def test_un_compte_desactive_s_arrete_a_sa_prochaine_demande(client):
    charge = fabrique.un_charge()
    client.force_login(charge)
    charge.is_active = False
    charge.save()
    assert client.get(reverse("accueil")).status_code == 302


def test_on_change_de_rattachement_parmi_les_siens(client):
    charge = fabrique.un_charge()
    region = fabrique.un_departement().region
    autre = Rattachement.objects.create(
        utilisateur=charge, role=roles.Pilote.code, region=region, debut=horloge.aujourdhui()
    )
    etranger = fabrique.une_personne(roles.National.code).rattachements.get()
    client.force_login(charge)
    adresse = reverse("comptes:changer_rattachement")
    assert client.post(adresse, {"rattachement": etranger.pk}).status_code == 404
    assert client.post(adresse, {"rattachement": autre.pk}).status_code == 302
    assert client.get(reverse("accueil"))["Location"] == reverse("pilotage:tableau")


def test_un_rattachement_termine_ne_donne_plus_rien(client):
    charge = fabrique.un_charge()
    charge.rattachements.update(fin=horloge.aujourdhui() - timedelta(days=1))
    client.force_login(charge)
    assert client.get(reverse("accueil")).status_code == 403


def test_les_neuf_roles_sont_documentes():
    assert len(roles.ROLES) == 9
    for code, role in roles.ROLES.items():
        assert role.code == code
        assert role.__doc__
        assert role.libelle
        assert role.description
