"""Proofs 2, 3 and 5 of the consultation: seals, clock, once, links."""

import hashlib
import io
import logging
import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.models import Consultation, Depot, Proposition
from dla_portal.comptes import roles
from dla_portal.comptes.models import Utilisateur
from dla_portal.socle import horloge, jetons
from dla_portal.socle.models import Courriel, Evenement, Jeton
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_ingenierie import DEPOT, le_charge
from tests.accompagnements.liens import confirmer, lien_de
from tests.accompagnements.test_relances import PDF
from tests.banc.exploration import explorer

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
SECONDE = timedelta(seconds=1)
MARQUE = "QZXMARQUE"
MONTANT_HT, MONTANT_TTC = Decimal("4327.19"), Decimal("5192.63")
# The marks as any screen, export or dump might write them.
TRACES = [MARQUE, *(f"{a}{s}{b}" for a in ("4327", "5192") for s in ".," for b in ("19", "63"))]
PRESTATAIRE = "cabinet0@essai.example"
LISTES = (
    "demandes accompagnements structures seances consultations conventions missions suivis"
).split()


@pytest.fixture
def publiee():
    """A consultation whose deadline is in ten days."""
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=10)
    return consultations.publier(
        consultation, par=le_charge(consultation), date_limite=limite, justification_delai="Essai"
    )


def deposer_par_lien(client, *, fichier=None, attendu=200, **changements):
    """Deposit as the prestataire does: his link, his code, his form; he is answered a receipt."""
    adresse = lien_de(PRESTATAIRE)
    confirmer(client, adresse, PRESTATAIRE)
    saisie = {
        "action": "deposer",
        "montant_ht": str(MONTANT_HT),
        "version_lue": "1",
        "tva": str(MONTANT_TTC - MONTANT_HT),
        "jours": "5",
        "intervenants": f"Deux personnes {MARQUE}",
        "methode": f"Trois ateliers {MARQUE}",
        **changements,
    }
    saisie["fichier"] = SimpleUploadedFile(f"{MARQUE}.pdf", fichier or PDF)
    reponse = client.post(adresse, saisie)
    assert reponse.status_code == attendu, reponse.content.decode()
    return Depot.objects.order_by("-pk").first()


def sans_trace(texte, ou):
    """None of the marks is in a text; spaces inside figures do not hide one."""
    colle = re.sub(r"(?<=\d)[\s\u00a0\u202f]+(?=\d)", "", texte)
    for trace in TRACES:
        assert trace not in colle, f"{trace} se lit : {ou}"


def tous_les_roles(operateur):
    """One signed-in client per role, and a superuser without a second factor to ask."""
    portees = {"operateur": {"operateur": operateur}, "region": {"region": operateur.region}}
    portees["territoire"] = portees["region"]
    for code, role in roles.ROLES.items():
        personne = fabrique.une_personne(code, **portees.get(role.portee, {}))
        personne.is_staff = personne.is_superuser = code == roles.Administrateur.code
        personne.save()
        client = Client()
        client.force_login(personne)
        yield code, client


# --- Proof 2: sealed means sealed ---------------------------------------------------------------


def test_preuve_2_aucune_page_ne_dit_rien_du_depot(publiee, client, caplog):
    caplog.set_level(logging.DEBUG)
    deposer_par_lien(client, fichier=PDF.replace(b"%%EOF", MARQUE.encode() + b"\n%%EOF"))
    exports = [
        f"{reverse(f'accompagnements:{nom}')}?export={genre}"
        for nom in LISTES
        for genre in ("xlsx", "csv")
    ]
    lues = {}
    for code, connecte in tous_les_roles(publiee.ingenierie.operateur):
        departs = ["/", publiee.get_absolute_url(), *exports]
        if code == roles.Administrateur.code:
            departs += _pages_d_administration()
        lues[code] = 0
        for adresse, statut, texte in explorer(connecte, departs):
            assert statut < 500, adresse
            sans_trace(texte, f"{code} à {adresse}")
            lues[code] += statut == 200
    assert lues["charge_mission"] > 40, lues  # the crawl did go through the product
    assert lues[roles.Administrateur.code] > 80, lues
    for enregistrement in caplog.records:
        sans_trace(enregistrement.getMessage(), f"journal {enregistrement.name}")


def _pages_d_administration():
    """Change list and change page of every row of every model about a consultation."""
    pages = ["/administration/"]
    for nom in ("consultation", "sollicitation", "depot"):
        pages.append(f"/administration/accompagnements/{nom}/?q={MARQUE[:3]}")
        for pk in (
            ContentType.objects.get_by_natural_key("accompagnements", nom)
            .get_all_objects_for_this_type()
            .values_list("pk", flat=True)
        ):
            pages.append(f"/administration/accompagnements/{nom}/{pk}/change/")
            pages.append(f"/administration/accompagnements/{nom}/{pk}/history/")
    return pages


def test_preuve_2_ni_base_ni_courriel_ni_commande_ni_recherche(publiee, client, tmp_path, capsys):
    depot = deposer_par_lien(client, fichier=PDF)
    sauvegarde = tmp_path / "base.json"
    call_command("dumpdata", output=str(sauvegarde))  # histories and outbox included
    sans_trace(sauvegarde.read_text(), "dumpdata")
    for commande in (["indicateurs", "--annee", str(horloge.aujourdhui().year)], ["relances"]):
        call_command(*commande)
    sans_trace(capsys.readouterr().out, "commandes")
    for courriel in Courriel.objects.all():
        sans_trace(f"{courriel.sujet} {courriel.corps}", courriel.sujet)
    for evenement in Evenement.objects.all():
        sans_trace(f"{evenement.libelle} {evenement.motif}", "journal")
    client.force_login(le_charge(publiee))
    for nom in LISTES:
        page = client.get(reverse(f"accompagnements:{nom}"), {"q": MARQUE})
        assert page.context["liste"].page.paginator.count == 0, nom
    assert client.get(publiee.get_absolute_url()).context["deposees"] == 1
    assert MARQUE.encode() not in bytes(depot.scelle)
    with depot.fichier.contenu.open("rb") as sur_disque:
        assert PDF not in sur_disque.read()


def test_preuve_2_le_recepisse_porte_l_empreinte_de_ce_qui_s_ouvre(publiee, client):
    depot = deposer_par_lien(client, fichier=PDF)
    recepisse = Courriel.objects.filter(destinataire=PRESTATAIRE, sujet__contains="écépissé").get()
    empreintes = re.findall(r"[0-9a-f]{64}", recepisse.corps)
    with horloge.voyage(publiee.date_limite):
        consultations.ouvrir(publiee, par=le_charge(publiee))
    proposition = Proposition.objects.get()
    assert empreintes == [depot.empreinte, hashlib.sha256(PDF).hexdigest()]
    assert proposition.fichier.lire() == PDF
    assert (proposition.montant_ht, proposition.montant_ttc) == (MONTANT_HT, MONTANT_TTC)


def test_preuve_2_l_empreinte_ne_se_devine_pas(publiee):
    """Two equal contents have two hashes: trying all the amounts teaches nothing."""
    depots = [
        consultations.deposer(s, par="Par son lien", **DEPOT) for s in publiee.sollicitations.all()
    ]
    assert len({depot.empreinte for depot in depots}) == 2


@pytest.mark.parametrize("cible", ["contenu", "fichier"])
def test_preuve_2_un_bit_change_se_voit_a_l_ouverture(publiee, client, cible):
    depot = deposer_par_lien(client, fichier=PDF)
    if cible == "contenu":
        octets = bytearray(depot.scelle)
        octets[60] ^= 1
        Depot.objects.update(scelle=bytes(octets))
    else:
        with depot.fichier.contenu.open("rb") as lu:
            octets = bytearray(lu.read())
        octets[60] ^= 1
        depot.fichier.contenu.storage.delete(depot.fichier.contenu.name)
        depot.fichier.contenu.storage.save(depot.fichier.contenu.name, io.BytesIO(bytes(octets)))
    with horloge.voyage(publiee.date_limite), pytest.raises(Manques, match="Cabinet 0"):
        consultations.ouvrir(publiee, par=le_charge(publiee))
    assert Consultation.objects.get(pk=publiee.pk).etat == "publiee"
    assert not Proposition.objects.exists()


# --- Proof 3: the deadline is the server's ------------------------------------------------------

LIMITES = [
    datetime(2027, 2, 10, 17, tzinfo=PARIS),
    datetime(2027, 3, 28, 1, 59, 59, tzinfo=PARIS),  # the last second before the clocks go forward
    datetime(2027, 3, 28, 3, tzinfo=PARIS),  # the same instant, one second later
    datetime(2027, 10, 31, 2, 30, tzinfo=PARIS),  # 02:30 of summer time
    datetime(2027, 10, 31, 2, 30, fold=1, tzinfo=PARIS),  # 02:30 of winter time, an hour later
]


@pytest.mark.parametrize("limite", LIMITES, ids=lambda limite: limite.isoformat())
def test_preuve_3_la_limite_est_a_la_seconde(limite):
    with horloge.voyage(limite - timedelta(days=10)):
        consultation = suite.une_consultation("validee")
        consultations.publier(
            consultation,
            par=le_charge(consultation),
            date_limite=limite,
            justification_delai="Essai",
        )
    consultation.refresh_from_db()
    premiere, seconde = consultation.sollicitations.all()
    instant = limite.timestamp()
    with horloge.voyage(datetime.fromtimestamp(instant - 1, PARIS)):
        assert not consultations.deposer(premiere, par="Par son lien", **DEPOT).hors_delai
    for retard in (0, 1):
        quand = datetime.fromtimestamp(instant + retard, PARIS)
        with horloge.voyage(quand), pytest.raises(Manques, match="est passée"):
            consultations.deposer(seconde, par="Par son lien", **DEPOT)
    tardifs = Depot.objects.filter(sollicitation=seconde)
    assert [(d.hors_delai, d.scelle) for d in tardifs] == [(True, None), (True, None)]


@pytest.mark.parametrize("heure", ["2027-03-28T02:30", "2027-10-31T02:30"])
def test_preuve_3_une_heure_qui_n_existe_pas_ou_deux_fois_est_refusee(heure, client):
    consultation = suite.une_consultation("validee")
    client.force_login(le_charge(consultation))
    adresse = reverse("accompagnements:consultation_geste", args=[consultation.pk, "publier"])
    reponse = client.post(
        adresse,
        {"date_limite": heure, "jours_questions": "3", "version_lue": str(consultation.version)},
    )
    assert reponse.status_code == 422
    assert "fuseau horaire" in reponse.content.decode()
    assert heure in reponse.content.decode()  # what was typed is still there


def test_preuve_3_un_televersement_fini_apres_la_limite_est_tardif(publiee, client):
    """The form was opened in time, its file arrived late: the clock is read at the end."""
    client.get(lien_de(PRESTATAIRE))
    with horloge.voyage(publiee.date_limite + SECONDE):
        depot = deposer_par_lien(client, fichier=PDF, attendu=422)
    assert (depot.hors_delai, depot.fichier, depot.scelle) == (True, None, None)


def test_preuve_3_dix_envois_d_affilee_font_une_fois(publiee, client):
    """Each creating gesture repeated by an impatient hand: one object, one mail."""
    adresse = lien_de(PRESTATAIRE)
    confirmer(client, adresse, PRESTATAIRE)
    avant = Courriel.objects.count()
    for _ in range(10):
        client.post(adresse, {"action": "annoncer", "version_lue": "1"})
        client.post(adresse, {"action": "questionner", "question-texte": "Combien d'ateliers ?"})
    sollicitation = publiee.sollicitations.get(prestataire__email=PRESTATAIRE)
    assert sollicitation.questions.count() == 1
    assert sollicitation.etat == "annoncee"
    assert Courriel.objects.count() - avant <= 1  # the chargé is told once of the question


# --- Proof 5: a link is not a login -------------------------------------------------------------


def _liens_vivants():
    """The personal links of the consultation, by holder."""
    consultation = suite.une_consultation("en_analyse")
    consultations.demander_grille(consultation, par=le_charge(consultation))
    structure = consultation.ingenierie.accompagnements().get().structure
    return {"grille": structure.courriel_principal(), "consultation": PRESTATAIRE}


def lien_ouvert():
    """The same prestataire is consulted again: his latest link is that of an open consultation."""
    consultation = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=10)
    consultations.publier(
        consultation, par=le_charge(consultation), date_limite=limite, justification_delai="Essai"
    )


@pytest.mark.parametrize("usage", ["grille", "consultation"])
def test_preuve_5_un_robot_de_messagerie_ne_change_rien(usage, client):
    destinataire = _liens_vivants()[usage]
    adresse = lien_de(destinataire)

    def etat():
        return (
            list(Evenement.objects.values_list("pk", flat=True)),
            list(Courriel.objects.values_list("pk", flat=True)),
            list(Consultation.objects.values()),
            list(Depot.objects.values()),
        )

    avant = etat()
    for _ in range(20):
        assert client.get(adresse).status_code == 200
        assert client.head(adresse).status_code == 200
    assert etat() == avant


@pytest.mark.parametrize("usage", ["grille", "consultation"])
def test_preuve_5_cinq_codes_faux_arretent(usage, client):
    destinataire = _liens_vivants()[usage]
    if usage == "consultation":  # nothing asks for a code any more on the page of a closed one
        lien_ouvert()
    adresse = lien_de(destinataire)
    client.post(adresse, {"action": "recevoir-code"})
    for _ in range(5):
        client.post(adresse, {"action": "confirmer-code", "code": "000000"})
    courriel = Courriel.objects.filter(destinataire=destinataire, sujet__startswith="Votre code")
    bon = re.search(r"confirmation : (\d{6})", courriel.first().corps)[1]
    reponse = client.post(adresse, {"action": "confirmer-code", "code": bon}, follow=True)
    assert "plus valable" in reponse.content.decode()


@pytest.mark.parametrize("usage", ["grille", "consultation"])
@pytest.mark.parametrize("defaut", ["expire", "revoque", "etranger", "tronque"])
def test_preuve_5_un_lien_mort_donne_une_page_qui_aide(usage, defaut, client):
    adresse = lien_de(_liens_vivants()[usage])
    if defaut == "expire":
        Jeton.objects.update(expire_le=horloge.maintenant())
    elif defaut == "revoque":
        for jeton in Jeton.objects.all():
            jetons.revoquer(jeton.objet)
    elif defaut == "etranger":
        adresse = f"/lien/{'A' * 32}/"
    else:
        adresse = f"{adresse[:-3]}/"
    for reponse in (client.get(adresse), client.post(adresse, {"action": "recevoir-code"})):
        assert reponse.status_code == 404
        assert "plus valable" in reponse.content.decode()
    assert not Utilisateur.objects.filter(email=PRESTATAIRE).exists()
