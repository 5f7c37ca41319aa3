"""News of the tasks by mail: one a day at most by default, nothing confidential, nothing twice."""

from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accompagnements.demandes import transitions as demandes
from accompagnements.parcours import reports
from accompagnements.parcours.taches import taches
from dla_portal.comptes import resumes, roles
from dla_portal.comptes.models import Annonce, PreferencesCourriel
from dla_portal.comptes.resumes import Ligne, TypeDeCourriel
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ajouter_jours_ouvres, ouvre
from dla_portal.socle.models import Courriel
from tests.accompagnements import fabrique
from tests.banc.ensemble import ensemble

pytestmark = pytest.mark.django_db
TYPES = ("taches_en_retard", "taches_du_jour", "taches_nouvelles", "mentions")


def a(jour, heure):
    return horloge.voyage(timezone.make_aware(datetime.combine(jour, time(heure))))


@pytest.fixture
def mardi(charge):
    """A working day after another, so that both sides of the deadlines are there."""
    jour = horloge.aujourdhui() + timedelta(days=1)
    while not (ouvre(jour) and jour.weekday() == 1 and ouvre(jour - timedelta(days=1))):
        jour += timedelta(days=1)
    return jour


def lancer(jour, heure=8, **options):
    """Run the command at an hour of a day; return the mails that it put."""
    avant = set(Courriel.objects.values_list("pk", flat=True))
    with a(jour, heure):
        call_command("resumes", stdout=StringIO(), **options)
    return list(Courriel.objects.exclude(pk__in=avant).order_by("pk"))


def choisir(personne, **rythmes):
    PreferencesCourriel.objects.update_or_create(
        utilisateur=personne, defaults={"rythmes": rythmes}
    )


def test_par_defaut_un_seul_courriel_par_jour(charge, mardi):
    """However often the command runs and whatever happens meanwhile."""
    fabrique.une_demande("accueillie")
    (courriel,) = lancer(mardi)
    assert courriel.destinataire == charge.email
    assert courriel.sujet == "Portail DLA : 1 tâche en retard"
    fabrique.une_demande("accueillie")
    for heure in (8, 9, 12, 23):
        assert lancer(mardi, heure) == []
    (lendemain,) = lancer(ajouter_jours_ouvres(mardi, 1))
    assert lendemain.sujet == "Portail DLA : 2 tâches en retard"
    assert Courriel.objects.filter(sujet__startswith="Portail DLA").count() == 2


def test_rien_a_dire_rien_ne_part(charge, mardi):
    assert lancer(mardi) == []
    fabrique.une_demande("accueillie")
    assert lancer(mardi, 15) == [], "le résumé du jour est passé"
    assert len(lancer(ajouter_jours_ouvres(mardi, 1))) == 1


def test_ni_avant_sept_heures_ni_un_jour_chome(charge, mardi):
    fabrique.une_demande("accueillie")
    assert lancer(mardi, 6) == []
    samedi = mardi + timedelta(days=4)
    assert lancer(samedi) == []
    assert lancer(date(mardi.year, 12, 25)) == []
    assert len(lancer(mardi, 7)) == 1


def test_rejouer_une_date_ne_redit_rien(charge, mardi):
    fabrique.une_demande("accueillie")
    assert len(lancer(mardi, 3, date=f"{mardi:%d/%m/%Y}")) == 1
    assert lancer(mardi, 9, date=f"{mardi:%d/%m/%Y}") == []
    assert lancer(mardi, 9) == []
    veille = mardi - timedelta(days=1)
    assert lancer(mardi, 9, date=f"{veille:%Y-%m-%d}") == [], "ni un jour d'avant"
    with pytest.raises(CommandError, match="n'est pas une date"):
        call_command("resumes", date="demain")


def test_rien_de_confidentiel_dans_le_corps(charge, mardi):
    demande = fabrique.une_demande("accueillie")
    fabrique.une_demande("accueil_planifie", jours=3)
    (courriel,) = lancer(mardi)
    corps = courriel.corps
    structures = [demande.structure.nom, demande.structure.siret, demande.objet]
    assert not any(texte and texte in corps for texte in structures)
    assert "Les Ateliers" not in corps
    assert f"http://localhost{demande.get_absolute_url()}" in corps
    assert f"http://localhost{reverse('comptes:courriels')}" in corps
    assert "Décider de la suite, échéance le" in corps


def test_une_nouvelle_tache_se_dit_une_fois(charge, mardi):
    fabrique.une_demande("accueil_planifie", jours=1)
    choisir(charge, taches_en_retard="jamais", taches_du_jour="jamais")
    jour = horloge.aujourdhui()
    while not ouvre(jour):
        jour += timedelta(days=1)
    (courriel,) = lancer(jour)
    assert courriel.sujet == "Portail DLA : 1 nouvelle tâche"
    assert lancer(ajouter_jours_ouvres(jour, 1)) == []


def test_au_plus_vite_part_a_la_prochaine_commande_et_une_fois(charge, mardi):
    choisir(charge, taches_nouvelles="immediat", taches_en_retard="jamais", taches_du_jour="jamais")
    dimanche = mardi + timedelta(days=5)
    assert lancer(dimanche, 3) == []
    fabrique.une_demande("accueillie")
    assert [c.sujet for c in lancer(dimanche, 3)] == ["Portail DLA : 1 nouvelle tâche"]
    assert lancer(dimanche, 4) == []
    fabrique.une_demande("accueillie")
    assert len(lancer(dimanche, 5)) == 1
    assert lancer(ajouter_jours_ouvres(mardi, 5), 8) == []


def test_une_tache_qui_devient_en_retard_se_dit_au_plus_vite(charge, mardi):
    fabrique.une_demande("accueillie")
    choisir(charge, taches_en_retard="immediat", taches_nouvelles="jamais", taches_du_jour="jamais")
    assert len(lancer(mardi, 3)) == 1
    assert lancer(mardi, 8) == []
    assert lancer(ajouter_jours_ouvres(mardi, 1), 8) == [], "une fois, pas chaque jour"


def test_jamais_veut_dire_jamais(charge, mardi):
    fabrique.une_demande("accueillie")
    choisir(charge, **dict.fromkeys(TYPES, "jamais"))
    assert lancer(mardi) == []


def test_les_taches_reportees_et_faites_ne_se_disent_plus(charge, mardi):
    demande = fabrique.une_demande("accueillie")
    autre = fabrique.une_demande("accueillie")
    reportee = next(t for t in taches(charge) if t.pk == demande.pk)
    reports.reporter(reportee, par=charge, jusquau=reports.dernier_jour(), motif="Congés")
    (courriel,) = lancer(mardi)
    assert courriel.sujet == "Portail DLA : 1 tâche en retard"
    demandes.classer(autre, par=charge, motif="Sans nouvelles")
    assert lancer(ajouter_jours_ouvres(mardi, 1)) == []
    assert not Annonce.objects.exists(), "ce qui n'est plus vrai ne laisse pas de trace"


def test_la_suppleante_recoit_aussi_le_resume(charge, operateur, mardi):
    collegue = fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)
    fabrique.une_demande("accueillie", charge=charge)
    fabrique.une_suppleance(charge, collegue, jours=30)
    courriels = {c.destinataire: c for c in lancer(mardi)}
    assert set(courriels) == {charge.email, collegue.email}
    assert "(suppléance)" in courriels[collegue.email].corps
    assert "(suppléance)" not in courriels[charge.email].corps


def test_deux_rattachements_un_seul_courriel(charge, operateur, mardi):
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    fabrique.une_demande("accueillie", charge=charge)
    charge.rattachement = charge.rattachements.create(
        role=roles.ChargeMission.code,
        operateur=autre,
        debut=horloge.aujourdhui() - timedelta(days=365),
    )
    fabrique.une_demande("accueillie", operateur=autre, charge=charge)
    (courriel,) = lancer(mardi)
    assert courriel.sujet == "Portail DLA : 2 tâches en retard"


def test_un_compte_ferme_ou_sans_tache_ne_recoit_rien(charge, mardi):
    fabrique.une_personne(roles.National.code)
    fabrique.une_demande("accueillie")
    charge.is_active = False
    charge.save()
    assert lancer(mardi) == []


def test_une_longue_liste_se_compte(charge, mardi):
    for _ in range(resumes.LIGNES_MAX + 3):
        fabrique.une_demande("accueillie")
    (courriel,) = lancer(mardi)
    assert courriel.corps.count("Décider de la suite") == resumes.LIGNES_MAX
    assert "et 3 de plus." in courriel.corps


def test_une_panne_n_arrete_pas_les_autres(charge, operateur, mardi, monkeypatch):
    collegue = fabrique.une_personne(roles.ChargeMission.code, operateur=operateur)
    fabrique.une_demande("accueillie", charge=charge)
    fabrique.une_demande("accueillie", charge=collegue)

    def lire(utilisateur):
        if utilisateur.pk == charge.pk:
            raise ZeroDivisionError
        return [Ligne("un", "Une mention", "/")]

    essais = TypeDeCourriel("essais", "Essais", "", "essai", "essais", roles.EQUIPE_OPERATEUR, lire)
    monkeypatch.setattr(resumes, "TYPES", [essais, *resumes.TYPES])
    with pytest.raises(CommandError, match="1 compte"):
        lancer(mardi)
    (courriel,) = Courriel.objects.filter(sujet__startswith="Portail DLA")
    assert courriel.sujet == "Portail DLA : 1 essai, 1 tâche en retard"
    assert PreferencesCourriel.objects.filter(utilisateur=charge).count() == 0, "rien à moitié"


def test_la_page_des_courriels_garde_les_choix(client, charge):
    client.force_login(charge)
    adresse = reverse("comptes:courriels")
    formulaire = client.get(adresse).context["formulaire"]
    assert {c: formulaire[c].value() for c in TYPES} == dict.fromkeys(TYPES, "quotidien")
    choix = {**dict.fromkeys(TYPES, "jamais"), "taches_nouvelles": "immediat"}
    assert client.post(adresse, {"version": 0, **choix}).status_code == 302
    assert PreferencesCourriel.objects.get(utilisateur=charge).rythmes == choix
    assert client.post(adresse, {"version": 0, **choix}).status_code == 302
    reponse = client.post(adresse, {"version": 0, **choix, "taches_du_jour": "quotidien"})
    assert reponse.status_code == 409, "la version lue n'est plus la bonne"
    assert client.post(adresse, {"version": 1, **choix, "taches_du_jour": "x"}).status_code == 422
    assert PreferencesCourriel.objects.get(utilisateur=charge).rythmes == choix


def test_regler_ses_courriels_ne_fait_pas_repartir_le_resume(client, charge, mardi):
    fabrique.une_demande("accueillie")
    lancer(mardi)
    client.force_login(charge)
    adresse = reverse("comptes:courriels")
    version = client.get(adresse).context["formulaire"]["version"].value()
    client.post(adresse, {"version": version, **dict.fromkeys(TYPES, "quotidien")})
    assert lancer(mardi, 10) == []


def test_un_role_sans_nouvelles_le_lit(client):
    client.force_login(fabrique.une_personne(roles.National.code))
    assert "Rien à régler" in client.get(reverse("comptes:courriels")).content.decode()


def test_la_base_refuse_deux_fois_la_meme_annonce(charge):
    """annonce_unique"""
    valeurs = {"utilisateur": charge, "type_de_courriel": "taches_nouvelles", "cle": "a:1|"}
    Annonce.objects.create(**valeurs)
    assert "annonce_unique" in {c.name for c in Annonce._meta.constraints}
    with pytest.raises(IntegrityError), transaction.atomic():
        Annonce.objects.create(**valeurs)


@pytest.mark.django_db(transaction=True)
def test_deux_commandes_a_la_fois_n_envoient_qu_un_courriel(transactional_db):
    charge = fabrique.un_charge()
    fabrique.une_demande("accueillie")
    jour = horloge.aujourdhui()
    while not ouvre(jour):
        jour += timedelta(days=1)

    def deposer():
        with a(jour, 8):
            return resumes.deposer(jour)

    rendus = ensemble([deposer, deposer, deposer])
    assert sorted(rendus) == [(0, []), (0, []), (1, [])]
    assert Courriel.objects.filter(destinataire=charge.email).count() == 1
    assert Annonce.objects.filter(type_de_courriel="taches_en_retard").count() == 1
