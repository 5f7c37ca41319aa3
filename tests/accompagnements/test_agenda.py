"""The agenda and its feeds: what they hold, for whom, until when; never a confidential word."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from accompagnements.activites import agenda, flux, transitions
from accompagnements.comites import transitions as comites
from accompagnements.demandes import transitions as demandes
from accompagnements.restitutions import transitions as restitutions
from dla_portal.comptes import roles
from dla_portal.socle import horloge, jetons
from dla_portal.socle.jetons import Jeton
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_activites import une_activite

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
PAGE = "accompagnements:agenda"


@pytest.fixture(autouse=True)
def sans_memoire(db):
    cache.clear()


def dates(qui, vue=agenda.OPERATEUR, avant=400, apres=800):
    aujourdhui = horloge.aujourdhui()
    return agenda.dates(
        qui, aujourdhui - timedelta(days=avant), aujourdhui + timedelta(days=apres), vue=vue
    )


def genres(qui, vue=agenda.OPERATEUR):
    return [une.genre for une in dates(qui, vue)]


def s_abonner(client, qui, vue=agenda.PERSONNEL):
    """Open a subscription by the page; return its path."""
    client.force_login(qui)
    reponse = client.post(reverse("accompagnements:agenda_abonner"), {"vue": vue})
    assert reponse.status_code == 200
    client.logout()
    return urlsplit(reponse.context["adresse"]).path


def evenements(reponse):
    """The events of an answer, by UID without its host."""
    assert reponse.status_code == 200, reponse.content
    calendrier = Calendar.from_ical(reponse.content)
    return {str(une["uid"]).partition("@")[0]: une for une in calendrier.walk("VEVENT")}


def test_tout_ce_qui_porte_une_date_est_a_l_agenda(charge, operateur):
    seance = fabrique.une_seance(jours=-10)
    demande = fabrique.une_demande("nouvelle")
    demandes.planifier_accueil(
        demande, par=charge, accueil_prevu_le=horloge.aujourdhui() + timedelta(days=3)
    )
    publiee = suite.une_consultation("publiee")
    restitution = suite.une_restitution(tenue=False)
    prevue = horloge.maintenant() + timedelta(days=8)
    restitutions.planifier(restitution, par=charge, prevue_le=prevue, prevue_lieu="Au siège")
    suivi = suite.une_enquete().accompagnement.suivis.get()
    activite = une_activite(charge)
    trouves = {une.cle: une for une in dates(charge)}
    assert {
        f"comite-{seance.pk}",
        f"accueil-{demande.pk}",
        f"consultation-{publiee.pk}",
        f"restitution-{restitution.pk}",
        f"mission-fin-{restitution.mission.pk}",
        f"suivi-{suivi.pk}",
        f"animation-{activite.pk}",
    } <= set(trouves)
    jours = [une.jour for une in dates(charge)]
    assert jours == sorted(jours)
    assert trouves[f"accueil-{demande.pk}"].nom == demande.structure.nom
    assert trouves[f"restitution-{restitution.pk}"].debut == prevue


def test_ce_qui_est_fait_ou_annule_quitte_l_agenda(charge):
    seance = fabrique.une_seance(jours=-10)
    activite = une_activite(charge)
    assert len(dates(charge)) == 2
    comites.annuler(seance, par=charge, motif="Quorum")
    transitions.annuler(activite, par=charge, motif="Reportée")
    assert dates(charge) == []


def test_l_agenda_personnel_ne_tient_que_ce_que_la_personne_suit(charge, operateur):
    collegue = fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)
    suite.une_enquete()
    suite.une_mission()
    une_activite(charge)
    une_activite(collegue)
    assert genres(collegue, agenda.PERSONNEL) == ["Matinale"]
    assert genres(collegue) == genres(charge)
    siens = genres(charge, agenda.PERSONNEL)
    assert sorted([*siens, "Matinale"]) == sorted(genres(charge))
    assert {"Fin de mission", "Suivi à faire au plus tard"} <= set(siens)


def test_rien_d_un_autre_operateur(charge, autre_charge, autre_operateur, c2ra):
    fabrique.une_seance(jours=-3)
    demande = fabrique.une_demande("nouvelle")
    demandes.planifier_accueil(
        demande, par=charge, accueil_prevu_le=horloge.aujourdhui() + timedelta(days=3)
    )
    suite.une_enquete()
    une_activite(charge)
    for vue in flux.VUES:
        assert dates(autre_charge, vue) == []
        assert dates(c2ra, vue) == []  # the DLA régional reads the register, not other agendas
    une_activite(c2ra, nature="cafe")
    assert genres(c2ra) == genres(c2ra, agenda.PERSONNEL) == ["Café des prestataires"]


def test_le_gestionnaire_n_y_lit_pas_les_suivis(gestionnaire, charge):
    suite.une_enquete()
    assert "Suivi à faire au plus tard" in genres(charge)
    assert "Suivi à faire au plus tard" not in genres(gestionnaire)


def test_la_page_montre_un_mois_ou_une_semaine(client, charge):
    activite = une_activite(
        charge, le=date(2027, 3, 4), heure_debut=time(14, 30), heure_fin=time(16)
    )
    client.force_login(charge)
    mois = client.get(reverse(PAGE), {"du": "2027-03-20"})
    assert (mois.context["du"], mois.context["au"]) == (date(2027, 3, 1), date(2027, 3, 31))
    page = mois.content.decode()
    assert activite.titre in page
    assert "14:30" in page
    assert "Jeudi 4 mars 2027" in page
    semaine = client.get(reverse(PAGE), {"du": "2027-03-20", "pas": "semaine"})
    assert (semaine.context["du"], semaine.context["au"]) == (date(2027, 3, 15), date(2027, 3, 21))
    assert "Aucune date sur cette période" in semaine.content.decode()


@pytest.mark.parametrize("du", ["hier", "0001-01-01", "9999-12-31", "2026-13-45", "", "²"])
def test_une_date_impossible_donne_le_mois_courant(client, charge, du):
    client.force_login(charge)
    reponse = client.get(reverse(PAGE), {"du": du, "pas": "autre", "vue": "autre"})
    assert reponse.context["du"] == horloge.aujourdhui().replace(day=1)


def test_une_animation_de_plusieurs_jours_se_voit_des_le_premier_jour_de_la_page(client, charge):
    une_activite(charge, le=date(2027, 2, 26), fin_le=date(2027, 3, 2))
    client.force_login(charge)
    jours = client.get(reverse(PAGE), {"du": "2027-03-01"}).context["jours"]
    assert [jour for jour, _ in jours] == [date(2027, 3, 1)]


def test_la_page_demande_autant_de_requetes_pour_une_et_vingt_dates(client, charge):
    client.force_login(charge)
    adresse = f"{reverse(PAGE)}?du={horloge.aujourdhui()}&vue=operateur"

    def requetes():
        with CaptureQueriesContext(connection) as prises:
            assert client.get(adresse).status_code == 200
        return len(prises)

    def une_de_chaque():
        with fabrique.ilya(0):
            une_activite(charge, jours=0)
        fabrique.une_seance(jours=-1)
        restitution = suite.une_restitution(tenue=False)
        prevue = horloge.maintenant() + timedelta(days=1)
        restitutions.planifier(restitution, par=charge, prevue_le=prevue, prevue_lieu="Ici")

    une_de_chaque()
    avec_peu = requetes()
    for _ in range(3):
        une_de_chaque()
    assert requetes() == avec_peu


def test_le_flux_ne_dit_que_la_nature_la_reference_et_l_adresse(client, charge):
    seance = fabrique.une_seance(jours=-3)
    demande = fabrique.une_demande("nouvelle")
    demandes.planifier_accueil(
        demande, par=charge, accueil_prevu_le=horloge.aujourdhui() + timedelta(days=3)
    )
    activite = une_activite(charge, titre="ZZCONFIDENTIELZZ", lieu="ZZLIEUZZ", notes="ZZNOTEZZ")
    reponse = client.get(s_abonner(client, charge, agenda.OPERATEUR))
    lus = evenements(reponse)
    assert {f"comite-{seance.pk}", f"accueil-{demande.pk}", f"animation-{activite.pk}"} == set(lus)
    assert str(lus[f"animation-{activite.pk}"]["summary"]) == f"Matinale {activite.reference}"
    assert str(lus[f"accueil-{demande.pk}"]["summary"]) == f"Accueil {demande.reference}"
    assert str(lus[f"accueil-{demande.pk}"]["url"]).endswith(demande.get_absolute_url())
    texte = reponse.content.decode()
    for mot in ("ZZ", demande.structure.nom, seance.lieu, charge.email, charge.nom):
        assert mot not in texte
    for une in lus.values():
        assert set(une) <= {
            "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "URL"
        }  # fmt: skip


def test_le_flux_repond_sans_compte_ni_memoire_partagee(client, charge):
    adresse = s_abonner(client, charge)
    reponse = client.get(adresse)
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in reponse["Cache-Control"]
    assert reponse["X-Robots-Tag"] == "noindex, nofollow"
    assert not reponse.cookies
    assert client.post(adresse).status_code == 405
    brut = adresse.rsplit("/", 1)[1].removesuffix(".ics")
    assert not Jeton.objects.filter(empreinte=brut).exists()  # hashed, never the token itself
    assert len(brut) >= 22


def test_un_jeton_inconnu_donne_un_404_sans_page(client, charge):
    for brut in ("inconnu", "x" * 5000, "é", "a%00b"):
        reponse = client.get(f"/agenda/flux/{brut}.ics")
        assert reponse.status_code == 404
        assert reponse["Content-Type"].startswith("text/plain")
        assert b"<" not in reponse.content


def test_un_lien_fait_pour_autre_chose_n_ouvre_aucun_agenda(client, charge):
    brut = jetons.creer("comite", charge.rattachement, charge.email, 10)
    assert client.get(reverse("accompagnements:agenda_flux", args=[brut])).status_code == 404
    adresse = s_abonner(client, charge)
    brut = adresse.rsplit("/", 1)[1].removesuffix(".ics")
    assert client.get(f"/lien/{brut}/").status_code == 404


def test_revoque_ou_renouvele_l_ancienne_adresse_est_morte(client, charge):
    premiere = s_abonner(client, charge)
    de_l_equipe = s_abonner(client, charge, agenda.OPERATEUR)
    seconde = s_abonner(client, charge)
    assert client.get(premiere).status_code == 404
    assert client.get(seconde).status_code == 200
    client.force_login(charge)
    page = client.get(reverse(PAGE)).content.decode()
    assert seconde not in page  # shown once
    revoquer = reverse("accompagnements:agenda_revoquer")
    assert client.get(revoquer).status_code == 405
    assert client.post(revoquer, {"vue": agenda.PERSONNEL}).status_code == 302
    assert client.post(revoquer, {"vue": "autre"}).status_code == 404
    client.logout()
    assert client.get(seconde).status_code == 404
    assert client.get(de_l_equipe).status_code == 200  # each view has its own


def test_s_abonner_deux_fois_ne_laisse_qu_une_adresse(client, charge):
    for _ in range(3):
        s_abonner(client, charge)
    assert Jeton.objects.filter(revoque_le=None).count() == 1


def test_le_flux_meurt_avec_le_compte_ou_le_rattachement(client, charge):
    adresse = s_abonner(client, charge)
    charge.is_active = False
    charge.save()
    assert client.get(adresse).status_code == 404
    charge.is_active = True
    charge.save()
    assert client.get(adresse).status_code == 200
    rattachement = charge.rattachements.get()
    rattachement.fin = horloge.aujourdhui() - timedelta(days=1)
    rattachement.save()
    assert client.get(adresse).status_code == 404


def test_le_flux_expire_de_lui_meme(client, charge):
    adresse = s_abonner(client, charge)
    with horloge.voyage(horloge.maintenant() + timedelta(days=flux.JOURS + 1)):
        assert client.get(adresse).status_code == 404


def test_la_portee_est_redemandee_a_chaque_lecture(client, charge, autre_operateur):
    une_activite(charge)
    adresse = s_abonner(client, charge, agenda.OPERATEUR)
    assert len(evenements(client.get(adresse))) == 1
    rattachement = charge.rattachements.get()
    rattachement.operateur = autre_operateur
    rattachement.save()
    assert evenements(client.get(adresse)) == {}
    rattachement.role = roles.MembreComite.code
    rattachement.save()
    assert client.get(adresse).status_code == 404


def test_le_flux_suit_le_rattachement_pour_lequel_il_est_ouvert(client, charge, autre_operateur):
    """A person of two operators: the feed of one never holds the dates of the other."""
    autre = fabrique.un_charge(autre_operateur)
    une_activite(autre)
    une_activite(charge)
    adresse = s_abonner(client, charge, agenda.OPERATEUR)
    charge.rattachements.create(role=roles.ChargeMission.code, operateur=autre_operateur)
    assert len(evenements(client.get(adresse))) == 1


def test_une_adresse_lue_sans_cesse_est_freinee(client, charge):
    adresse = s_abonner(client, charge)
    statuts = [client.get(adresse).status_code for _ in range(flux.LECTURES_PAR_HEURE + 1)]
    assert statuts == [200] * flux.LECTURES_PAR_HEURE + [429]
    reponse = client.get(adresse)
    assert reponse["Retry-After"] == "3600"
    with horloge.voyage(horloge.maintenant() + timedelta(hours=1)):
        assert client.get(adresse).status_code == 200


def test_la_taille_du_flux_est_bornee(client, charge, monkeypatch):
    monkeypatch.setattr(flux, "DATES_MAX", 3)
    for jours in range(5):
        une_activite(charge, jours=jours)
    assert len(evenements(client.get(s_abonner(client, charge)))) == 3


def test_les_identifiants_sont_stables_et_la_version_croit(client, charge):
    activite = une_activite(charge)
    adresse = s_abonner(client, charge)
    (avant,) = evenements(client.get(adresse)).values()
    activite.le += timedelta(days=1)
    activite.save()
    (apres,) = evenements(client.get(adresse)).values()
    assert str(avant["uid"]) == str(apres["uid"])
    assert apres["sequence"] > avant["sequence"]
    assert apres["dtstart"].dt == avant["dtstart"].dt + timedelta(days=1)


@pytest.mark.parametrize(
    ("le", "debut_utc"),
    [
        (date(2027, 3, 27), 23),
        (date(2027, 3, 28), 22),
        (date(2027, 10, 30), 22),
        (date(2027, 10, 31), 23),
    ],
)
def test_les_nuits_de_changement_d_heure_restent_justes(client, charge, le, debut_utc):
    """Midnight of Paris, before and after each change, and the evening of the change."""
    lendemain = le + timedelta(days=1)
    une_activite(charge, le=lendemain, heure_debut=time(0), heure_fin=time(4), titre="De nuit")
    with horloge.voyage(datetime(2027, 5, 1, 12, tzinfo=PARIS)):
        adresse = s_abonner(client, charge)
        (une,) = evenements(client.get(adresse)).values()
    debut, fin = une["dtstart"].dt, une["dtend"].dt
    assert debut == datetime.combine(lendemain, time(0), PARIS)
    assert debut.astimezone(ZoneInfo("UTC")).hour == debut_utc
    assert fin.astimezone(PARIS).hour == 4


def test_une_journee_entiere_n_a_pas_d_heure(client, charge):
    une_activite(charge, le=date(2027, 10, 31), fin_le=date(2027, 11, 1))
    with horloge.voyage(datetime(2027, 5, 1, 12, tzinfo=PARIS)):
        (une,) = evenements(client.get(s_abonner(client, charge))).values()
    assert (une["dtstart"].dt, une["dtend"].dt) == (date(2027, 10, 31), date(2027, 11, 2))
