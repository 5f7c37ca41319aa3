"""Tasks put off: until a day, with a reason, for oneself; never hidden from the responsable."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accompagnements.demandes import transitions as demandes
from accompagnements.models import TacheReportee
from accompagnements.parcours import reports
from accompagnements.parcours.taches import TOUTES, taches, trier
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ajouter_jours_ouvres, ouvre
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db
MOTIF = "La présidente rentre lundi"


def la_tache(charge):
    (tache,) = taches(charge)
    return tache


def adresse(tache, geste="reporter"):
    return reverse(f"accompagnements:tache_{geste}", args=[tache.pk, tache.source])


def reporter(client, tache, **saisie):
    cle = client.get(adresse(tache)).context["formulaire"]["cle_envoi"].value()
    return client.post(adresse(tache), {"cle_envoi": cle, "motif": MOTIF, "delai": "3", **saisie})


def montrees(reponse):
    return [li["tache"].cle for groupe in reponse.context["groupes"] for li in groupe["lignes"]]


def test_chaque_source_a_sa_cle():
    cles = [source.cle for source in TOUTES]
    assert len(cles) == len(set(cles)) > 30
    assert all(0 < len(cle) < 80 for cle in cles)


def test_reporter_cache_la_tache_jusqu_au_jour_choisi(client, charge):
    demande = fabrique.une_demande("accueillie")
    tache = la_tache(charge)
    assert tache.cle == f"decider-de-la-suite:{demande.pk}"
    client.force_login(charge)
    reponse = reporter(client, tache)
    assert reponse.status_code == 302
    page = client.get(reponse["Location"])
    assert montrees(page) == []
    ((_, report),) = page.context["reportees"]
    jour = ajouter_jours_ouvres(horloge.aujourdhui(), 3)
    assert (report.jusquau, report.motif, report.utilisateur) == (jour, MOTIF, charge)
    assert MOTIF in page.content.decode()
    veille = horloge.maintenant() + (jour - horloge.aujourdhui()) - timedelta(days=1)
    with horloge.voyage(veille):
        assert trier(charge, taches(charge))[0] == []
    with horloge.voyage(veille + timedelta(days=1)):
        assert [t.cle for t in trier(charge, taches(charge))[0]] == [tache.cle]


def test_reprendre_la_rend_tout_de_suite(client, charge):
    fabrique.une_demande("accueillie")
    tache = la_tache(charge)
    reports.reporter(tache, par=charge, jusquau=reports.dernier_jour(), motif=MOTIF)
    client.force_login(charge)
    assert client.get(adresse(tache, "reprendre")).status_code == 405
    page = client.post(adresse(tache, "reprendre"), follow=True)
    assert montrees(page) == [tache.cle]
    assert client.post(adresse(tache, "reprendre")).status_code == 302, "deux fois ne casse rien"


def test_la_tache_qui_change_revient(charge):
    """Another deadline of the same task, or another state of its object."""
    demande = fabrique.une_demande("accueil_planifie", jours=10)
    tache = la_tache(charge)
    reports.reporter(tache, par=charge, jusquau=reports.dernier_jour(), motif=MOTIF)
    assert trier(charge, taches(charge))[0] == []
    type(demande).objects.filter(pk=demande.pk).update(
        accueil_prevu_le=horloge.aujourdhui() + timedelta(days=1)
    )
    assert [t.cle for t in trier(charge, taches(charge))[0]] == [tache.cle]


def test_un_autre_etat_est_une_autre_tache(charge):
    demande = fabrique.une_demande("nouvelle", jours=10)
    reports.reporter(la_tache(charge), par=charge, jusquau=reports.dernier_jour(), motif=MOTIF)
    demandes.planifier_accueil(
        demande, par=charge, accueil_prevu_le=horloge.aujourdhui() + timedelta(days=2)
    )
    assert [t.source for t in trier(charge, taches(charge))[0]] == ["tenir-laccueil"]


def test_l_echeance_de_chaque_jour_ne_defait_pas_le_report(charge):
    """A task due each day anew is the same task the day after."""
    source = next(s for s in TOUTES if s.libelle == "Décider de l'alerte")

    class Mission:
        etat = "en_alerte"

    demain = horloge.maintenant() + timedelta(days=1)
    avant = source.cycle_de(Mission, source.echeance(Mission))
    with horloge.voyage(demain):
        assert source.cycle_de(Mission, source.echeance(Mission)) == avant


@pytest.mark.parametrize(
    ("saisie", "champ"),
    [
        ({"delai": "autre", "jusquau": ""}, "jusquau"),
        ({"delai": "autre", "jusquau": -1}, "jusquau"),
        ({"delai": "autre", "jusquau": 0}, "jusquau"),
        ({"delai": "autre", "jusquau": 60}, "jusquau"),
        ({"delai": "7"}, "delai"),
        ({"delai": ""}, "delai"),
        ({"motif": "   "}, "motif"),
        ({"motif": "x" * 301}, "motif"),
    ],
)
def test_un_report_sans_jour_ni_motif_est_refuse_au_bon_champ(client, charge, saisie, champ):
    fabrique.une_demande("accueillie")
    client.force_login(charge)
    jour = saisie.get("jusquau")
    if isinstance(jour, int):
        saisie = {**saisie, "jusquau": str(horloge.aujourdhui() + timedelta(days=jour))}
    reponse = reporter(client, la_tache(charge), **saisie)
    assert reponse.status_code == 422
    assert set(reponse.context["formulaire"].errors) == {champ}
    assert not TacheReportee.objects.exists()


def test_les_jours_proposes_sont_ouvres_et_a_venir(client, charge):
    fabrique.une_demande("accueillie")
    client.force_login(charge)
    page = client.get(adresse(la_tache(charge)))
    choix = [valeur for valeur, _ in page.context["formulaire"].fields["delai"].choices]
    assert choix == ["1", "3", "5", "10", "autre"]
    for jours in reports.PROPOSES:
        jour = ajouter_jours_ouvres(horloge.aujourdhui(), jours)
        assert ouvre(jour)
        assert horloge.aujourdhui() < jour <= reports.dernier_jour()


def test_reporter_de_nouveau_remplace(client, charge):
    fabrique.une_demande("accueillie")
    tache = la_tache(charge)
    client.force_login(charge)
    reporter(client, tache)
    reporter(client, tache, delai="5", motif="Autre raison")
    report = TacheReportee.objects.get()
    assert report.motif == "Autre raison"
    assert report.jusquau == ajouter_jours_ouvres(horloge.aujourdhui(), 5)


def test_on_ne_reporte_que_les_siennes(client, charge, operateur):
    fabrique.une_demande("accueillie")
    tache = la_tache(charge)
    collegue = fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)
    client.force_login(collegue)
    assert client.get(adresse(tache)).status_code == 404
    assert client.post(adresse(tache), {"delai": "3", "motif": MOTIF}).status_code == 404
    assert (
        client.get(reverse("accompagnements:tache_reporter", args=[1, "rien"])).status_code == 404
    )
    reports.reporter(tache, par=charge, jusquau=reports.dernier_jour(), motif=MOTIF)
    client.post(adresse(tache, "reprendre"))
    assert TacheReportee.objects.count() == 1, "celle d'une autre ne se reprend pas"


def test_le_report_est_a_soi_et_le_responsable_le_lit(client, charge, operateur):
    """It hides the lateness neither from the colleagues nor from the responsable, who reads why."""
    fabrique.une_demande("accueillie")
    tache = la_tache(charge)
    assert tache.groupe == "retard"
    reports.reporter(tache, par=charge, jusquau=reports.dernier_jour(), motif=MOTIF)
    responsable = fabrique.une_personne(roles.Responsable.code, operateur=operateur)
    client.force_login(responsable)
    page = client.get(reverse("accueil"))
    assert montrees(page) == [tache.cle]
    assert page.context["pressantes"] == 1
    assert f"Reportée par {charge}" in page.content.decode()
    assert MOTIF in page.content.decode()
    client.force_login(fabrique.une_personne(roles.ChargeMission.code, operateur=operateur))
    page = client.get(reverse("accueil"), {"vue": "equipe"})
    assert montrees(page) == [tache.cle]
    assert MOTIF not in page.content.decode()


def test_un_report_ne_se_lit_pas_chez_un_autre_operateur(charge):
    fabrique.une_demande("accueillie")
    reports.reporter(la_tache(charge), par=charge, jusquau=reports.dernier_jour(), motif=MOTIF)
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    ailleurs = fabrique.une_personne(roles.Responsable.code, operateur=autre)
    assert TacheReportee.objects.visibles_par(charge).count() == 1
    assert TacheReportee.objects.visibles_par(ailleurs).count() == 0


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"motif": ""}, "tache_reportee_motif"),
        ({"jusquau": "2020-01-01"}, "tache_reportee_plus_tard"),
        ({}, "tache_reportee_une_fois"),
    ],
)
def test_la_base_refuse_un_report_faux(charge, operateur, champs, contrainte):
    demain = horloge.aujourdhui() + timedelta(days=1)
    valeurs = {"utilisateur": charge, "operateur": operateur, "cle": "a:1", "jusquau": demain}
    if not champs:
        TacheReportee.objects.create(**valeurs, motif=MOTIF)
    else:
        TacheReportee.objects.create(**{**valeurs, "cle": "b:1"}, motif=MOTIF)
    nom = {c.name for c in TacheReportee._meta.constraints}
    assert contrainte in nom
    faux = TacheReportee(**{**valeurs, "motif": MOTIF, **champs})
    with pytest.raises(ValidationError) as refus:
        faux.validate_constraints()
    phrase = next(c for c in TacheReportee._meta.constraints if c.name == contrainte)
    assert phrase.violation_error_message in str(refus.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        faux.save()


def test_autant_de_requetes_pour_une_tache_que_pour_vingt(client, charge, operateur):
    responsable = fabrique.une_personne(roles.Responsable.code, operateur=operateur)

    def releve(qui, vue):
        client.force_login(qui)
        client.get(reverse("accueil"))
        with CaptureQueriesContext(connection) as requetes:
            client.get(reverse("accueil"), {"vue": vue})
        return len(requetes)

    def reporter_la_premiere():
        tache = taches(charge)[0]
        reports.reporter(tache, par=charge, jusquau=reports.dernier_jour(), motif=MOTIF)

    fabrique.une_demande("accueillie")
    fabrique.un_diagnostic("en_cours")
    fabrique.une_ingenierie()
    reporter_la_premiere()
    avant = [releve(charge, "miennes"), releve(responsable, "equipe")]
    for _ in range(6):
        fabrique.une_demande("accueillie")
        fabrique.un_diagnostic("en_cours")
        fabrique.une_ingenierie()
        reporter_la_premiere()
    assert [releve(charge, "miennes"), releve(responsable, "equipe")] == avant
