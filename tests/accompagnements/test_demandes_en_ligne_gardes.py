"""The public page against abuse and bad luck: what a stranger may send, a link lost, a race, no
operator to answer.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accompagnements.demandes import reception, regles
from accompagnements.models import Contact, Demande, DemandeEnLigne, Structure
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.comptes.models import Rattachement
from dla_portal.socle import horloge
from dla_portal.socle.jetons import Jeton
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from dla_portal.territoires.models import OperateurDLA
from tests.accompagnements import fabrique
from tests.accompagnements.liens import lien_de
from tests.accompagnements.test_demandes_en_ligne import (
    MAIL,
    SIRET,
    STRUCTURE,
    aubagne,
    confirmer,
    envoyer,
    ouvrir,
    saisie,
)

__all__ = ["aubagne"]
pytestmark = pytest.mark.django_db


def test_avant_la_confirmation_rien_de_ce_qui_fut_tape_n_est_cite(client, aubagne):
    """Anybody may type anybody's address: the mail must carry nobody's words but ours."""
    appat = "VOTRE COMPTE EST BLOQUÉ https://escroc.example"
    for champ in ("structure_nom", "objet", "nom", "fonction", "telephone"):
        long = 30 if champ == "telephone" else 120
        envoi = saisie(ouvrir(client), courriel=f"{champ}@essai.example")
        envoi[champ] = appat[:long]
        assert client.post(reverse(STRUCTURE), envoi).status_code == 302
    envoyes = Courriel.objects.all()
    assert envoyes.count() == 5
    for courriel in envoyes:
        assert "escroc" not in courriel.corps + courriel.sujet
        assert "BLOQUÉ" not in courriel.corps + courriel.sujet
        assert "/lien/" in courriel.corps


def test_les_etiquettes_d_une_adresse_ne_font_pas_d_autres_personnes(client, aubagne):
    for rang in range(regles.PAR_COURRIEL):
        etiquetee = MAIL.replace("@", f"+{rang}@")
        assert envoyer(client, structure_nom=f"N° {rang}", courriel=etiquetee).status_code == 302
    for encore in (MAIL, MAIL.replace("@", "+encore@"), MAIL.upper()):
        assert envoyer(client, structure_nom="Une de plus", courriel=encore).status_code == 429
    # Neither the neighbour of the same beginning, nor the same name elsewhere.
    for autre in ("presidence2@essai.example", "presidence@autre.example"):
        assert envoyer(client, structure_nom="Autre", courriel=autre).status_code == 302


@pytest.mark.parametrize(
    ("une", "autre", "memes"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:aaaa:bbbb:cccc", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("pas une adresse", "pas une adresse", True),
    ],
)
def test_une_adresse_ipv6_compte_pour_son_reseau(une, autre, memes):
    assert (reception.empreinte(une) == reception.empreinte(autre)) is memes


def test_mille_adresses_ipv6_n_echappent_pas_a_la_cadence(aubagne):
    for rang in range(regles.PAR_ADRESSE):
        navigateur = Client(REMOTE_ADDR=f"2001:db8::{rang + 1:x}")
        assert envoyer(navigateur, courriel=f"v{rang}@essai.example").status_code == 302
    de_trop = envoyer(Client(REMOTE_ADDR="2001:db8::ffff"), courriel="w@essai.example")
    assert de_trop.status_code == 429
    ailleurs = envoyer(Client(REMOTE_ADDR="2001:db8:1::1"), courriel="w@essai.example")
    assert ailleurs.status_code == 302


def renvoyer(client, courriel=MAIL, minutes=11):
    """Ask again for the link, so many minutes later."""
    with horloge.voyage(horloge.maintenant() + timedelta(minutes=minutes)):
        return client.post(reverse("accompagnements:demande_envoyee"), {"courriel": courriel})


def test_le_lien_perdu_se_redemande_et_les_deux_marchent(client, aubagne):
    envoyer(client)
    premier = lien_de(MAIL)
    avant = DemandeEnLigne.objects.get().expire_le
    reponse = renvoyer(client, MAIL.upper())
    assert reponse.status_code == 302
    page = client.get(reponse["Location"]).content.decode()
    assert "le message repart" in page
    assert Courriel.objects.filter(destinataire=MAIL).count() == 2
    second = lien_de(MAIL)
    assert second != premier
    assert DemandeEnLigne.objects.get().expire_le > avant, "le second lien vaut ce qu'il annonce"
    assert client.get(premier).status_code == client.get(second).status_code == 200
    confirmer(client)
    assert Demande.objects.count() == 1
    assert renvoyer(client, minutes=30).status_code == 302
    assert Courriel.objects.filter(corps__contains="/lien/").count() == 2, "rien n'attend plus"


def test_le_renvoi_est_borne(client, aubagne):
    envoyer(client)
    renvoyer(client, minutes=1)
    assert Courriel.objects.count() == 1, "il vient de partir"
    for rang in range(1, 6):
        renvoyer(client, minutes=11 * rang)
    assert Courriel.objects.count() == regles.LIENS_MAX
    assert Jeton.objects.count() == regles.LIENS_MAX


def test_le_renvoi_ne_dit_pas_qui_attend(client, aubagne):
    envoyer(client)
    pages = [renvoyer(client, mail) for mail in (MAIL, "inconnue@essai.example")]
    assert pages[0].status_code == pages[1].status_code == 302
    assert pages[0]["Location"] == pages[1]["Location"]
    assert not Courriel.objects.filter(destinataire="inconnue@essai.example").exists()
    faux = renvoyer(client, "pas une adresse")
    assert faux.status_code == 422
    assert "pas une adresse" in faux.content.decode()


def test_une_demande_echue_ne_revit_pas(client, aubagne):
    envoyer(client)
    renvoyer(client, minutes=4 * 24 * 60)
    assert Courriel.objects.count() == 1


def test_deux_confirmations_du_meme_siret_nouveau_font_une_structure(client, aubagne, monkeypatch):
    """The second one looked before the first had written: the database refuses, it looks again."""
    envoyer(client, siret=SIRET)
    envoyer(client, siret=SIRET, structure_nom="Les Jardins", courriel="b@essai.example")
    confirmer(client)
    vraie, regards = Structure.toutes.de_siret, []

    def aveugle_une_fois(siret):
        regards.append(siret)
        return None if len(regards) == 1 else vraie(siret)

    monkeypatch.setattr(Structure.toutes, "de_siret", aveugle_une_fois)
    assert confirmer(client, "b@essai.example").status_code == 302
    assert len(regards) > 1
    structure = Structure.objects.get()
    assert Demande.objects.filter(structure=structure).count() == 2
    assert Contact.objects.count() == 1


def test_le_meme_siret_ailleurs_au_meme_instant_n_ouvre_pas_la_fiche(client, aubagne, monkeypatch):
    voisine = fabrique.une_structure(siret=SIRET)
    var = fabrique.un_departement("83", "Var")
    Structure.objects.filter(pk=voisine.pk).update(departement=var, commune=None)
    vraie, regards = Structure.toutes.de_siret, []

    def aveugle_une_fois(siret):
        regards.append(siret)
        return None if len(regards) == 1 else vraie(siret)

    monkeypatch.setattr(Structure.toutes, "de_siret", aveugle_une_fois)
    envoyer(client, siret=SIRET)
    confirmer(client)
    nouvelle = Demande.objects.get().structure
    assert nouvelle != voisine
    assert SIRET in nouvelle.siret_absent


@pytest.fixture
def orpheline(db):
    return fabrique.une_demande_en_ligne("sans_operateur")


@pytest.fixture
def regional(orpheline):
    region = orpheline.departement.region
    return fabrique.une_personne(roles.DlaRegional.code, region=region)


def confier(client, en_ligne, operateur):
    adresse = reverse("accompagnements:en_ligne_geste", args=[en_ligne.pk, "confier"])
    return client.post(
        adresse, {"operateur": getattr(operateur, "pk", operateur), "version_lue": en_ligne.version}
    )


def test_sans_operateur_le_dla_regional_est_prevenu_et_confie(client, operateur, db):
    departement = fabrique.un_departement_ailleurs()
    regional = fabrique.une_personne(roles.DlaRegional.code, region=departement.region)
    partie = fabrique.une_personne(roles.DlaRegional.code, region=departement.region)
    Rattachement.objects.filter(utilisateur=partie).update(fin="2020-01-01", debut="2019-01-01")
    admin = fabrique.une_personne(roles.Administrateur.code)
    en_ligne = fabrique.une_demande_en_ligne("sans_operateur")
    assert en_ligne.etat == "sans_operateur"
    assert en_ligne.responsable == "le DLA régional"
    avis = Courriel.objects.get(destinataire=regional.email)
    assert en_ligne.get_absolute_url() in avis.corps
    assert en_ligne.structure_nom not in avis.corps, "rien de confidentiel dans un courriel"
    assert not Courriel.objects.filter(destinataire__in=[admin.email, partie.email]).exists()
    client.force_login(regional)
    liste = client.get(reverse("accompagnements:en_ligne_liste")).content.decode()
    assert en_ligne.structure_nom in liste
    page = client.get(en_ligne.get_absolute_url()).content.decode()
    assert "Confier à un opérateur" in page
    OperateurDLA.objects.filter(pk=operateur.pk).update(email="accueil@operateur.example")
    assert confier(client, en_ligne, 999_999).status_code == 422
    reponse = confier(client, en_ligne, operateur)
    demande = Demande.objects.get()
    assert reponse["Location"] == demande.get_absolute_url()
    assert client.get(reponse["Location"]).status_code == 200
    assert (demande.operateur, demande.charge) == (operateur, None)
    en_ligne.refresh_from_db()
    assert (en_ligne.etat, list(en_ligne.candidats.all())) == ("transmise", [operateur])
    assert Courriel.objects.filter(
        destinataire=en_ligne.courriel, sujet__contains="prise en charge"
    ).exists()
    assert demande.get_absolute_url() in (
        Courriel.objects.get(destinataire="accueil@operateur.example").corps
    )
    assert confier(client, en_ligne, operateur).status_code in (409, 422), "une fois suffit"
    assert Demande.objects.count() == 1
    charge = fabrique.un_charge(operateur)
    client.force_login(charge)
    assert client.get(demande.get_absolute_url()).status_code == 200
    assert client.get(demande.structure.get_absolute_url()).status_code == 200


def test_sans_dla_regional_l_administrateur_est_prevenu_et_confie(client, operateur, db):
    admin = fabrique.une_personne(roles.Administrateur.code)
    en_ligne = fabrique.une_demande_en_ligne("sans_operateur")
    assert Courriel.objects.filter(destinataire=admin.email).count() == 1
    client.force_login(admin)
    assert confier(client, en_ligne, operateur).status_code == 302
    assert Demande.objects.get().operateur == operateur


def test_une_demande_sans_operateur_ne_se_voit_ni_ne_se_confie_d_ailleurs(
    client, orpheline, charge, c2ra, operateur
):
    for personne in (charge, c2ra):
        client.force_login(personne)
        assert client.get(orpheline.get_absolute_url()).status_code == 404
        assert confier(client, orpheline, operateur).status_code == 404
    with pytest.raises(Refus):
        reception.confier(orpheline, par=charge, operateur=operateur)
    partagee = fabrique.une_demande_en_ligne("a_prendre")
    with pytest.raises(Manques):
        reception.confier(partagee, par=c2ra, operateur=operateur)
    assert not Demande.objects.exists()


def test_les_operateurs_de_la_region_viennent_d_abord(client, orpheline, regional, operateur):
    ici = OperateurDLA.objects.create(nom="Zénith", region=orpheline.departement.region)
    client.force_login(regional)
    adresse = reverse("accompagnements:en_ligne_geste", args=[orpheline.pk, "confier"])
    proposes = list(client.get(adresse).context["formulaire"].fields["operateur"].queryset)
    assert proposes == [ici, operateur]


def test_la_liste_des_demandes_en_ligne_a_la_portee_de_chacun(client, orpheline, regional, charge):
    partagee = fabrique.une_demande_en_ligne("a_prendre", siret=SIRET)
    fabrique.une_demande_en_ligne("a_confirmer")
    lues = {}
    for personne in (charge, regional, fabrique.une_personne(roles.Administrateur.code)):
        client.force_login(personne)
        page = client.get(reverse("accompagnements:en_ligne_liste"))
        lues[personne] = set(page.context["liste"].queryset)
        etat = client.get(reverse("accompagnements:en_ligne_liste"), {"etat": "sans_operateur"})
        assert set(etat.context["liste"].queryset) == lues[personne] & {orpheline}
        q = client.get(reverse("accompagnements:en_ligne_liste"), {"q": "732 829 320 00074"})
        assert set(q.context["liste"].queryset) == lues[personne] & {partagee}
    assert list(lues.values()) == [{partagee}, {orpheline}, {partagee, orpheline}]
