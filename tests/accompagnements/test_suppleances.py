"""Suppléance: for some days a colleague also sees the tasks of who is away, and nothing more."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accompagnements.parcours.taches import taches
from dla_portal.comptes import roles, suppleer
from dla_portal.comptes.droits import Refus
from dla_portal.comptes.models import Suppleance
from dla_portal.socle import horloge
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.banc.ensemble import ensemble

pytestmark = pytest.mark.django_db


def jour(ecart):
    return horloge.aujourdhui() + timedelta(days=ecart)


@pytest.fixture
def collegue(operateur):
    return fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)


@pytest.fixture
def responsable(operateur):
    return fabrique.une_personne(roles.Responsable.code, operateur=operateur)


@pytest.fixture
def gestionnaire(operateur):
    return fabrique.une_personne(roles.Gestionnaire.code, operateur=operateur)


def poser(client, qui, **saisie):
    client.force_login(qui)
    page = reverse("comptes:suppleance_nouvelle")
    cle = client.get(page).context["formulaire"]["cle_envoi"].value()
    saisie = {nom: getattr(v, "pk", v) for nom, v in saisie.items()}
    return client.post(page, {"cle_envoi": cle, **saisie})


def test_pendant_la_suppleance_les_taches_sont_aussi_chez_la_suppleante(client, charge, collegue):
    fabrique.une_demande("accueillie", charge=charge)
    sienne = fabrique.une_demande("accueillie", charge=collegue)
    assert [t.pk for t in taches(collegue)] == [sienne.pk]
    reponse = poser(client, charge, suppleant=collegue, du=jour(2), au=jour(4))
    assert reponse.status_code == 302
    for ecart, attendu in ((1, [""]), (2, ["", str(charge)]), (4, ["", str(charge)]), (5, [""])):
        with horloge.voyage(horloge.maintenant() + timedelta(days=ecart)):
            assert sorted(t.pour for t in taches(collegue)) == attendu, ecart
            assert len(taches(charge)) == 1, "la personne absente garde les siennes"
    with horloge.voyage(horloge.maintenant() + timedelta(days=3)):
        client.force_login(collegue)
        contenu = client.get(reverse("accueil")).content.decode()
        assert f"pour {charge}" in contenu
        assert f"Vous suppléez {charge}" in contenu


def test_ce_que_personne_ne_suit_ne_devient_pas_celui_de_l_absente(charge, collegue):
    demande = fabrique.une_demande("accueillie", charge=charge)
    type(demande).objects.filter(pk=demande.pk).update(charge=None)
    fabrique.une_suppleance(charge, collegue)
    assert [t.pour for t in taches(collegue)] == [""]


def test_la_signature_du_responsable_ne_passe_pas(responsable, charge, collegue):
    """The chargé who stands in sees the dossiers, never what only the responsable may sign."""
    suivie = fabrique.une_demande("accueillie", charge=charge)
    type(suivie).objects.filter(pk=suivie.pk).update(charge=responsable)
    fabrique.une_suppleance(responsable, collegue)
    assert [(t.pk, t.pour) for t in taches(collegue)] == [(suivie.pk, str(responsable))]


def test_le_responsable_supplee_la_gestion(responsable, gestionnaire):
    suite.une_enveloppe()
    suite.une_convention()
    repartir = "Répartir le coût entre les financeurs"
    assert repartir not in {t.libelle for t in taches(responsable)}
    fabrique.une_suppleance(gestionnaire, responsable)
    pour = {t.libelle: t.pour for t in taches(responsable)}
    assert pour[repartir] == str(gestionnaire)


def test_aucun_droit_ne_s_ouvre(client, charge, collegue):
    """Who stands in answers for what her own role sees: another operator stays out of reach."""
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    ailleurs = fabrique.un_charge(autre)
    demande = fabrique.une_demande("accueillie", charge=charge)
    assert "suppleant" in refus(charge, charge, ailleurs)
    Suppleance.objects.create(  # even were it there
        operateur=charge.rattachement.operateur,
        absent=charge,
        suppleant=ailleurs,
        du=jour(0),
        au=jour(1),
        posee_par=charge,
    )
    assert taches(ailleurs) == []
    client.force_login(ailleurs)
    assert client.get(demande.get_absolute_url()).status_code == 404


def refus(par, absent, suppleant, du=0, au=5):
    """The fields at fault, by the gesture itself."""
    with pytest.raises(ValidationError) as erreur:
        suppleer.poser(
            par.rattachement.operateur_id,
            par=par,
            absent=absent,
            suppleant=suppleant,
            du=jour(du),
            au=jour(au),
        )
    return erreur.value.message_dict


def test_les_cas_impossibles_sont_refuses_au_bon_champ(client, charge, collegue, responsable):
    tierce = fabrique.une_personne(
        roles.ChargeMission.code, operateur=charge.rattachement.operateur
    )
    fabrique.une_suppleance(charge, collegue, jours=5)
    cas = [
        ({"absent": charge, "suppleant": charge}, "suppleant", "elle-même"),
        ({"absent": charge, "suppleant": tierce, "du": jour(3)}, "du", "supplée déjà"),
        ({"absent": collegue, "suppleant": charge}, "suppleant", "en absence"),
        ({"absent": tierce, "suppleant": charge}, "suppleant", "en absence"),
        ({"absent": collegue, "suppleant": tierce}, "du", "mettez d'abord fin"),
        ({"absent": tierce, "suppleant": collegue, "du": jour(-1)}, "du", "aujourd'hui"),
        ({"absent": tierce, "suppleant": collegue, "du": jour(9), "au": jour(8)}, "au", "précède"),
        ({"absent": tierce, "suppleant": collegue, "au": jour(400)}, "au", "un an"),
        ({"absent": tierce, "suppleant": ""}, "suppleant", "obligatoire"),
    ]
    for saisie, champ, phrase in cas:
        saisie = {"du": jour(0), "au": jour(8), **saisie}
        reponse = poser(client, responsable, **saisie)
        assert reponse.status_code == 422, (champ, phrase)
        erreurs = reponse.context["formulaire"].errors
        assert set(erreurs) == {champ}, (phrase, erreurs)
        assert phrase in " ".join(erreurs[champ])
    assert Suppleance.objects.count() == 1
    assert (
        poser(
            client, responsable, absent=charge, suppleant=tierce, du=jour(6), au=jour(8)
        ).status_code
        == 302
    ), "le lendemain de la première"


def test_la_transition_refuse_comme_le_formulaire(charge, collegue):
    fabrique.une_suppleance(charge, collegue)
    assert set(refus(charge, charge, collegue)) == {"du"}
    assert set(refus(collegue, collegue, charge)) == {"suppleant"}
    assert set(refus(charge, charge, charge)) == {"suppleant"}


def test_le_role_du_suppleant_ouvre_les_gestes_de_l_absent(charge, gestionnaire, responsable):
    assert "n'ouvre pas les gestes" in refus(charge, charge, gestionnaire)["suppleant"][0]
    assert "n'ouvre pas les gestes" in refus(gestionnaire, gestionnaire, charge)["suppleant"][0]
    assert fabrique.une_suppleance(gestionnaire, responsable).pk


def test_chacun_pour_soi_et_le_responsable_pour_tous(client, charge, collegue, responsable):
    client.force_login(charge)
    page = client.get(reverse("comptes:suppleance_nouvelle"))
    assert "absent" not in page.context["formulaire"].fields
    with pytest.raises(Refus):
        suppleer.poser(
            charge.rattachement.operateur_id,
            par=charge,
            absent=collegue,
            suppleant=charge,
            du=jour(0),
            au=jour(1),
        )
    assert (
        poser(
            client, responsable, absent=charge, suppleant=collegue, du=jour(0), au=jour(1)
        ).status_code
        == 302
    )


def test_on_y_met_fin_et_elle_cesse_aussitot(client, charge, collegue, responsable):
    fabrique.une_demande("accueillie", charge=charge)
    suppleance = fabrique.une_suppleance(charge, collegue)
    fin = reverse("comptes:suppleance_finir", args=[suppleance.pk])
    client.force_login(collegue)
    assert client.post(fin).status_code == 403, "qui supplée n'en décide pas"
    client.force_login(charge)
    assert client.post(fin).status_code == 302
    assert taches(collegue) == []
    suppleance.refresh_from_db()
    assert suppleance.retiree_par == charge
    client.force_login(responsable)
    assert client.post(fin).status_code == 302, "une seconde fois ne change rien"
    suppleance.refresh_from_db()
    assert suppleance.retiree_par == charge
    fabrique.une_suppleance(charge, collegue)  # the days are free again


def test_un_autre_operateur_ne_la_trouve_pas(client, charge, collegue):
    suppleance = fabrique.une_suppleance(charge, collegue)
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    client.force_login(fabrique.une_personne(roles.Responsable.code, operateur=autre))
    assert client.post(reverse("comptes:suppleance_finir", args=[suppleance.pk])).status_code == 404
    page = client.get(reverse("comptes:suppleances"))
    assert page.context["suppleances"] == []


def test_qui_quitte_l_operateur_n_est_plus_supplee(charge, collegue):
    fabrique.une_demande("accueillie", charge=charge)
    fabrique.une_suppleance(charge, collegue)
    assert len(taches(collegue)) == 1
    charge.rattachements.update(fin=jour(-1))
    assert taches(collegue) == []


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"soi": True}, "suppleance_par_une_autre_personne"),
        ({"au": -3}, "suppleance_dates_ordonnees"),
        ({"retiree_le": True}, "suppleance_retrait_signe"),
    ],
)
def test_la_base_refuse_une_suppleance_fausse(charge, collegue, champs, contrainte):
    faux = Suppleance(
        operateur=charge.rattachement.operateur,
        absent=charge,
        suppleant=charge if "soi" in champs else collegue,
        du=jour(0),
        au=jour(champs.get("au", 3)),
        posee_par=charge,
        retiree_le=horloge.maintenant() if "retiree_le" in champs else None,
    )
    phrase = {c.name: c.violation_error_message for c in Suppleance._meta.constraints}[contrainte]
    with pytest.raises(ValidationError) as refuse:
        faux.validate_constraints()
    assert phrase in str(refuse.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        faux.save()


@pytest.mark.django_db(transaction=True)
def test_deux_suppleances_croisees_a_la_fois_l_une_est_refusee(transactional_db):
    operateur = fabrique.un_operateur()
    premier = fabrique.un_charge(operateur)
    second = fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)

    rendus = ensemble(
        [
            lambda: fabrique.une_suppleance(premier, second),
            lambda: fabrique.une_suppleance(second, premier),
        ]
    )
    assert Suppleance.objects.count() == 1
    assert sorted(isinstance(rendu, ValidationError) for rendu in rendus) == [False, True]
