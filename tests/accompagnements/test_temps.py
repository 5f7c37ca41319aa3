"""Time: rights, limits of a day, corrections and withdrawals traced, totals, the slot of a dossier."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accompagnements.activites import comptes, regles, transitions
from accompagnements.activites.models import Temps
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique_activites import terme, un_temps, une_activite

pytestmark = pytest.mark.django_db
NOUVEAU = "accompagnements:temps_nouveau"


@pytest.fixture
def collegue(operateur, charge):
    return fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)


@pytest.fixture
def demande(charge):
    return fabrique.un_accompagnement().demande


def saisie(client, adresse, **champs):
    """Post the form of a line as it is shown, with what is typed."""
    formulaire = client.get(adresse).context["formulaire"]
    envoi = {
        "cle_envoi": formulaire["cle_envoi"].value(),
        "le": horloge.aujourdhui().isoformat(),
        "nature": terme("temps", "autre").pk,
    }
    return client.post(adresse, {**envoi, **champs})


def test_on_note_son_temps_depuis_le_dossier_et_on_y_revient(client, charge, demande):
    client.force_login(charge)
    adresse = f"{reverse(NOUVEAU)}?dossier={demande.pk}"
    reponse = saisie(
        client, adresse, demande=demande.pk, nature=terme("temps", "diagnostic").pk, duree="1h30"
    )
    assert reponse["Location"] == demande.accompagnement.get_absolute_url()
    temps = Temps.objects.get()
    assert (temps.minutes, temps.personne, temps.demande) == (90, charge, demande)
    page = client.get(reponse["Location"]).content.decode()
    assert "1 h 30 (0,2 jour)" in page
    assert "Diagnostic partagé" in page


def test_la_saisie_rapide_du_dossier_suffit(client, charge, demande):
    """The little form of the side column, sent as it stands."""
    client.force_login(charge)
    page = client.get(demande.accompagnement.get_absolute_url())
    rapide = page.context["temps"]["saisie"]
    envoi = {
        "cle_envoi": rapide["cle_envoi"],
        "le": rapide["le"].isoformat(),
        "demande": rapide["demande"],
        "nature": rapide["natures"][0].pk,
        "duree": "0,5 j",
    }
    for _ in range(3):
        assert client.post(rapide["adresse"], envoi).status_code == 302
    assert [temps.minutes for temps in Temps.objects.all()] == [210]
    envoi |= {"cle_envoi": "", "duree": "trop"}
    reponse = client.post(rapide["adresse"], envoi)
    assert reponse.status_code == 422
    assert "trop" in reponse.content.decode()


def test_le_temps_d_un_autre_dossier_n_est_pas_a_noter(client, autre_charge, demande):
    client.force_login(autre_charge)
    assert client.get(f"{reverse(NOUVEAU)}?dossier={demande.pk}").status_code == 404
    reponse = saisie(client, reverse(NOUVEAU), demande=demande.pk, duree="1h")
    assert reponse.status_code == 422
    assert not Temps.objects.exists()
    with pytest.raises(Manques, match="autre opérateur"):
        un_temps(autre_charge, demande=demande, nature="accueil")


def test_une_nature_de_dossier_demande_son_dossier(client, charge):
    client.force_login(charge)
    nature = terme("temps", "expertise")
    reponse = saisie(client, reverse(NOUVEAU), nature=nature.pk, duree="1h")
    assert "indiquez lequel" in reponse.context["formulaire"].errors["demande"][0]
    with pytest.raises(Manques, match="indiquez lequel"):
        un_temps(charge, nature="expertise")


@pytest.mark.parametrize(("jours", "phrase"), [(-1, "futur"), (93, "trop ancienne")])
def test_le_temps_se_note_au_passe_et_pas_trop_tard(client, charge, jours, phrase):
    with pytest.raises(Manques, match=phrase):
        un_temps(charge, jours=jours)
    client.force_login(charge)
    le = horloge.aujourdhui() - timedelta(days=jours)
    reponse = saisie(client, reverse(NOUVEAU), duree="1h", le=le.isoformat())
    assert phrase in reponse.context["formulaire"].errors["le"][0]
    assert un_temps(charge, jours=92).pk


def test_le_responsable_note_pour_un_collegue_et_plus_loin(client, responsable, charge, collegue):
    temps = un_temps(collegue, jours=200, par=responsable)
    assert temps.journal().get().auteur == responsable
    with pytest.raises(Refus):
        un_temps(collegue, par=charge)
    client.force_login(responsable)
    reponse = saisie(client, reverse(NOUVEAU), duree="1h", personne=collegue.pk)
    assert reponse.status_code == 302
    assert Temps.objects.filter(personne=collegue).count() == 2


def test_un_charge_ne_choisit_pas_la_personne(client, charge, collegue):
    client.force_login(charge)
    assert saisie(client, reverse(NOUVEAU), duree="1h", personne=collegue.pk).status_code == 302
    assert Temps.objects.get().personne == charge


def test_qui_n_etait_pas_de_l_equipe_n_y_a_pas_passe_de_temps(responsable, autre_charge, operateur):
    with pytest.raises(Manques, match="n'était pas de l'équipe"):
        un_temps(autre_charge, par=responsable, operateur=operateur)


def test_une_journee_a_vingt_quatre_heures(client, charge):
    un_temps(charge, minutes=23 * 60)
    with pytest.raises(Manques, match="24 heures"):
        un_temps(charge, minutes=61)
    un_temps(charge, minutes=60)
    client.force_login(charge)
    hier = (horloge.aujourdhui() - timedelta(days=1)).isoformat()
    reponse = saisie(client, reverse(NOUVEAU), duree="1 min", le=hier)
    assert "24 h y sont déjà notées" in reponse.context["formulaire"].errors["duree"][0]


def test_une_longue_journee_avertit_sans_refuser(client, charge):
    client.force_login(charge)
    reponse = saisie(client, reverse(NOUVEAU), duree="10h30")
    page = client.get(reponse["Location"]).content.decode()
    assert page.count("compte 10 h 30") == 2  # the message, then the page of the line
    assert regles.longue_journee(charge, horloge.aujourdhui() - timedelta(days=1)) == ""


def test_on_corrige_ses_lignes_sous_verrou(client, charge):
    temps = un_temps(charge)
    client.force_login(charge)
    adresse = reverse("accompagnements:temps_modifier", args=[temps.pk])
    envoi = {
        "version": temps.version,
        "nature": temps.nature_id,
        "le": temps.le.isoformat(),
        "duree": "2h",
        "commentaire": "Relu",
    }
    assert client.post(adresse, envoi).status_code == 302
    temps.refresh_from_db()
    assert (temps.minutes, temps.commentaire) == (120, "Relu")
    reponse = client.post(adresse, {**envoi, "duree": "3h"})  # the version read is now stale
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert "2 h" in page
    assert "3h" in page
    temps.refresh_from_db()
    assert temps.minutes == 120
    assert temps.history.count() == 2


def test_une_ligne_retiree_reste_lisible_et_ne_compte_plus(client, charge):
    temps = un_temps(charge)
    client.force_login(charge)
    adresse = reverse("accompagnements:temps_geste", args=[temps.pk, "retirer"])
    assert client.post(adresse, {"version_lue": temps.version}).status_code == 422
    envoi = {"version_lue": temps.version, "motif": "Notée deux fois"}
    assert client.post(adresse, envoi).status_code == 302
    assert Temps.objects.minutes() == 90
    assert Temps.objects.notes().minutes() == 0
    page = client.get(temps.get_absolute_url()).content.decode()
    assert "Notée deux fois" in page
    assert "Retiré" in page
    assert client.get(adresse.replace("retirer", "modifier")).status_code == 409
    assert client.post(adresse, envoi).status_code in (409, 422)


def test_une_ligne_trop_ancienne_ne_bouge_plus(charge, responsable):
    temps = un_temps(charge, jours=92)
    with horloge.voyage(horloge.maintenant() + timedelta(days=10)):
        with pytest.raises(Manques, match="trop ancienne"):
            transitions.retirer(temps, par=charge, motif="Trop tard")
        assert transitions.retirer(temps, par=responsable, motif="Erreur").etat == "retire"


def test_chacun_lit_ses_lignes_le_responsable_celles_de_l_equipe(
    charge, collegue, responsable, gestionnaire, autre_charge, c2ra
):
    un_temps(charge)
    un_temps(collegue)
    un_temps(autre_charge)
    vues = {
        qui: Temps.objects.visibles_par(qui).count()
        for qui in (charge, collegue, responsable, gestionnaire, autre_charge, c2ra)
    }
    assert list(vues.values()) == [1, 1, 2, 2, 1, 0]


def test_le_dossier_montre_le_total_de_l_equipe_sans_nom(client, charge, collegue, demande):
    un_temps(charge, demande=demande, nature="accueil", minutes=60)
    un_temps(collegue, demande=demande, nature="accueil", minutes=30)
    un_temps(collegue, demande=demande, nature="suivi", minutes=15)
    retire = un_temps(collegue, demande=demande, nature="suivi", minutes=45)
    transitions.retirer(retire, par=collegue, motif="Erreur")
    total = comptes.du_dossier(charge, demande)
    assert total["somme"] == 105
    assert total["par_nature"] == [("Accueil, orientation", 90), ("Suivi et consolidation", 15)]
    client.force_login(charge)
    page = client.get(demande.accompagnement.get_absolute_url()).content.decode()
    assert "1 h 45 (0,2 jour)" in page


def test_le_temps_du_diagnostic_est_montre_a_cote_jamais_ajoute(client, charge):
    diagnostic = fabrique.un_diagnostic("en_cours")
    diagnostic.temps_passe = 3
    diagnostic.save()
    demande = diagnostic.accompagnement.demande
    un_temps(charge, demande=demande, nature="diagnostic", minutes=420)
    assert comptes.du_dossier(charge, demande, diagnostic)["somme"] == 420
    client.force_login(charge)
    page = client.get(diagnostic.accompagnement.get_absolute_url()).content.decode()
    assert "7 h (1 jour)" in page
    assert "déclare par ailleurs 3 jours" in page
    assert "les deux ne s'additionnent pas" in page
    gestion = fabrique.une_personne(
        roles.Gestionnaire.code, operateur=diagnostic.accompagnement.operateur
    )
    client.force_login(gestion)  # who does not read the diagnostic does not read its days
    page = client.get(diagnostic.accompagnement.get_absolute_url()).content.decode()
    assert "7 h (1 jour)" in page
    assert "déclare par ailleurs" not in page


def test_le_temps_d_une_animation_va_au_registre_pas_a_un_dossier(client, charge, demande):
    activite = une_activite(charge, jours=-2)
    client.force_login(charge)
    adresse = f"{reverse(NOUVEAU)}?activite={activite.pk}"
    reponse = saisie(client, adresse, duree="3h", demande=demande.pk)
    assert reponse["Location"] == activite.get_absolute_url()
    temps = Temps.objects.get()
    assert (temps.activite, temps.demande, temps.nature.code) == (activite, None, "animation")
    assert "3 h (0,4 jour)" in client.get(activite.get_absolute_url()).content.decode()
    with pytest.raises(Manques, match="du temps d'animation"):
        un_temps(charge, activite=activite, nature="autre")


def test_la_liste_additionne_ce_que_gardent_les_filtres(client, responsable, charge, demande):
    un_temps(charge, minutes=60)
    un_temps(charge, minutes=30, demande=demande, nature="suivi")
    un_temps(responsable, minutes=45)
    client.force_login(responsable)
    adresse = reverse("accompagnements:temps")
    liste = client.get(adresse).context["liste"]
    assert liste.page.paginator.count == 3
    totaux = liste.totaux
    assert totaux["somme"] == 135
    assert totaux["par_nature"] == [
        ("Gestion, formation, autre", 105),
        ("Suivi et consolidation", 30),
    ]
    assert dict(totaux["par_personne"]) == {str(charge): 90, str(responsable): 45}
    assert totaux["par_dossier"][0][1] == 30
    filtree = client.get(f"{adresse}?personne={charge.pk}&q={demande.structure.nom}")
    assert filtree.context["liste"].totaux["somme"] == 30
    export = b"".join(client.get(f"{adresse}?export=csv").streaming_content).decode("utf-8-sig")
    assert len(export.strip().splitlines()) == 4


def test_la_liste_demande_autant_de_requetes_pour_une_et_vingt_lignes(client, responsable, charge):
    client.force_login(responsable)
    adresse = reverse("accompagnements:temps")
    demandes = [fabrique.un_accompagnement().demande for _ in range(3)]

    def requetes():
        with CaptureQueriesContext(
            connection,
        ) as prises:
            assert client.get(adresse).status_code == 200
        return len(prises)

    un_temps(charge, demande=demandes[0], nature="suivi")
    un_temps(responsable)
    avec_peu = requetes()
    for rang in range(20):
        un_temps(charge, demande=demandes[rang % 3], nature="suivi", jours=rang + 1)
    assert requetes() == avec_peu


def test_deux_corrections_a_la_fois_n_ecrasent_rien(charge):
    temps = un_temps(charge)
    autre = Temps.objects.get(pk=temps.pk)
    temps.minutes = 100
    transitions.corriger(temps, par=charge)
    autre.minutes = 200
    with pytest.raises(VersionPerimee):
        transitions.corriger(autre, par=charge)
    assert Temps.objects.get().minutes == 100


@pytest.mark.parametrize(
    ("contrainte", "champs"),
    [
        ("temps_duree_possible", {"minutes": 0}),
        ("temps_duree_possible", {"minutes": 1441}),
        ("temps_dossier_ou_animation", {"dossier_et_animation": True}),
    ],
)
def test_la_base_refuse(charge, demande, contrainte, champs):
    temps = un_temps(charge)
    if champs.pop("dossier_et_animation", False):
        champs = {"demande": demande, "activite": une_activite(charge)}
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        Temps.objects.filter(pk=temps.pk).update(**champs)
    (voulue,) = [c for c in Temps._meta.constraints if c.name == contrainte]
    assert voulue.violation_error_message.endswith(".")
