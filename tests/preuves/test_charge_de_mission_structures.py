"""Proofs 3, 4 and 7 of the daily work: the directory in bad moods, one structure, merge and undo."""

import io
import json
import threading
import time
import unicodedata
import uuid
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import models
from django.urls import reverse

from accompagnements.structures import doublons, fusions
from accompagnements.structures.fusions import Fusion
from accompagnements.structures.liens import liens
from accompagnements.structures.models import (
    DonneesAnnuelles,
    Signalement,
    Structure,
    Verification,
)
from accompagnements.structures.salle import PieceStructure
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle import fichiers, horloge, sorties
from dla_portal.socle.imports.moteur import importer
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.test_structures import adresse, saisie

pytestmark = pytest.mark.django_db
SIRET, SIREN = "73282932000074", "732829320"
AUTRE_SIRET = "55210055400013"
DELAI = 0.4  # seconds given to the directory
MARGE = 2.5  # seconds for everything else in a page, on a busy machine


def _pages(client, nom, suite=""):
    return client.get(f"{reverse(f'accompagnements:{nom}')}{suite}")


@pytest.fixture
def departement(db):
    return fabrique.un_departement()


@pytest.fixture
def charge(departement):
    return fabrique.un_charge(fabrique.un_operateur(departement=departement))


@pytest.fixture
def autre_charge(departement):
    """A chargé de mission of an operator of another department."""
    ailleurs = fabrique.un_departement("83", "Var")
    return fabrique.un_charge(fabrique.un_operateur("Var Partagé", ailleurs))


# --- Proof 3 --------------------------------------------------------------------------------------
def une_fiche(siret=SIRET, **champs):
    """What the public directory answers about one association."""
    siege = {
        "siret": siret,
        "adresse": "12 RUE DES LILAS 13400 AUBAGNE",
        "code_postal": "13400",
        "libelle_commune": "AUBAGNE",
        "commune": "13005",
        "departement": "13",
        "activite_principale": "94.99Z",
    }
    fiche = {
        "siren": siret[:9],
        "nom_complet": "LES ATELIERS DU LAC (ADL)",
        "nom_raison_sociale": "LES ATELIERS DU LAC",
        "sigle": "ADL",
        "siege": siege,
        "nature_juridique": "9220",
        "date_creation": "1998-05-04",
        "complements": {"est_association": True, "identifiant_association": "W131001234"},
        "matching_etablissements": [siege],
    }
    return {**fiche, **champs}


def _corps(humeur):
    """(status, bytes) of each mood."""
    bien = json.dumps({"results": [une_fiche()]}).encode()
    types = une_fiche(siege=["pas", "un", "siège"], siren=732829320, nom_raison_sociale={"a": 1})
    return {
        "bien": (200, bien),
        "lent": (200, bien),
        "goutte": (200, bien),
        "429": (429, b"{}"),
        "500": (500, b"<h1>Erreur</h1>"),
        "tronque": (200, bien[: len(bien) // 2]),
        "pas_json": (200, b"<html>Maintenance</html>"),
        "profond": (200, b"[" * 200_000),
        "autre_siret": (200, json.dumps({"results": [une_fiche(AUTRE_SIRET)]}).encode()),
        "types": (200, json.dumps({"results": [types, None, 3, []]}).encode()),
        "pas_d_objet": (200, b"[1, 2, 3]"),
        "enorme": (200, b'{"results": "' + b"x" * (2 * 1024 * 1024) + b'"}'),
        "redirige": (302, b""),
        "balises": (
            200,
            json.dumps(
                {"results": [une_fiche(nom_raison_sociale="<script>a</script>", nom_complet="<b>")]}
            ).encode(),
        ),
        "controles": (
            200,
            json.dumps(
                {"results": [une_fiche(nom_raison_sociale="A\ud800\u0000B" * 400, nom_complet="")]}
            ).encode(),
        ),
    }[humeur]


class _Annuaire(ThreadingHTTPServer):
    daemon_threads = True
    humeur, appels, lenteur = "bien", 0, DELAI * 12

    def handle_error(self, *args):
        """A client that hangs up is part of the game."""


class _Reponses(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.appels += 1
        humeur = self.server.humeur
        statut, corps = _corps(humeur)
        if humeur == "lent":
            time.sleep(self.server.lenteur)
        self.send_response(statut)
        if statut == 302:
            self.send_header("Location", "/search")
        if statut == 429:
            self.send_header("Retry-After", "120")
        self.end_headers()
        if humeur == "goutte":
            for octet in corps[:40]:
                self.wfile.write(bytes([octet]))
                self.wfile.flush()
                time.sleep(DELAI / 3)
        self.wfile.write(corps)

    def log_message(self, *args):
        """Say nothing on the console of the tests."""


@pytest.fixture
def annuaire(settings):
    """A real server on this machine, in the mood of its attribute `humeur`."""
    serveur = _Annuaire(("127.0.0.1", 0), _Reponses)
    fil = threading.Thread(
        target=serveur.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    fil.start()
    settings.SORTIES_AUTORISEES = ["127.0.0.1"]
    settings.SORTIES_DELAI = DELAI
    settings.ANNUAIRE_URL = f"http://127.0.0.1:{serveur.server_port}/search"
    settings.ADRESSES_URL = f"http://127.0.0.1:{serveur.server_port}/search"
    cache.clear()
    yield serveur
    serveur.shutdown()
    serveur.server_close()
    fil.join()
    cache.clear()


HUMEURS = """lent goutte 429 500 tronque pas_json profond autre_siret types pas_d_objet enorme
redirige balises controles injoignable""".split()
# It has answered, well enough to be read, and nothing that can be used about this number.
SANS_REPONSE = ("autre_siret", "types", "balises", "controles")
APRES_L_APPEL = dict.fromkeys(SANS_REPONSE, Verification.INTROUVABLE)


@pytest.mark.parametrize("humeur", HUMEURS)
def test_preuve_3_l_annuaire_de_mauvaise_humeur_ne_bloque_rien(
    client, charge, annuaire, settings, humeur
):
    fabrique.une_commune()
    client.force_login(charge)
    bonne = settings.ANNUAIRE_URL
    if humeur == "injoignable":
        settings.ANNUAIRE_URL = settings.ADRESSES_URL = "http://127.0.0.1:9/search"
    else:
        annuaire.humeur = humeur
    _pages(client, "structure_nouvelle")  # the first page of a run compiles its templates
    # Every page which asks the directory answers in time, and says nothing false.
    for nom, question in (
        ("structure_nouvelle", f"?siret={SIRET}"),
        ("structure_nouvelle", "?annuaire=les+ateliers"),
        ("structure_ressemblantes", f"?siret={SIRET}&nom=Essai"),
        ("structure_adresses", "?adresse=12+rue+des+lilas"),
    ):
        debut = time.monotonic()
        reponse = _pages(client, nom, question)
        assert time.monotonic() - debut < DELAI + MARGE, nom
        assert reponse.status_code == 200
        assert "<script>a" not in reponse.content.decode()
    # The structure is saved as typed, flagged.
    reponse = client.post(adresse("structure_nouvelle"), saisie(nom="Les Ateliers du lac"))
    assert reponse.status_code == 302
    structure = Structure.objects.get()
    assert structure.nom == "Les Ateliers du lac"
    assert structure.verification == Verification.A_VERIFIER
    assert "À vérifier" in client.get(reponse.url).content.decode()
    # The job goes through the bad mood without losing the flag…
    call_command("completer_structures", stdout=io.StringIO())
    structure.refresh_from_db()
    assert structure.verification == APRES_L_APPEL.get(humeur, Verification.A_VERIFIER)
    assert (structure.sigle, structure.rna, structure.adresse) == ("", "", "")
    # … and fills what is missing when the directory is well again, never what was typed.
    annuaire.humeur, settings.ANNUAIRE_URL = "bien", bonne
    with horloge.voyage(horloge.maintenant() + timedelta(days=8)):
        call_command("completer_structures", stdout=io.StringIO())
    structure.refresh_from_db()
    assert structure.verification == Verification.VERIFIEE
    assert structure.nom == "Les Ateliers du lac"
    assert (structure.sigle, structure.rna) == ("ADL", "W131001234")
    assert structure.adresse == "12 RUE DES LILAS"
    assert structure.date_creation.isoformat() == "1998-05-04"


def test_preuve_3_l_annuaire_de_bonne_humeur_preremplit(client, charge, annuaire):
    fabrique.une_commune()
    client.force_login(charge)
    trouvees = _pages(client, "structure_nouvelle", "?annuaire=les+ateliers").content.decode()
    assert f"?siret={SIRET}" in trouvees
    formulaire = _pages(client, "structure_nouvelle", f"?siret={SIRET}").context["formulaire"]
    lus = {nom: formulaire[nom].value() for nom in ("nom", "sigle", "siret", "rna", "commune")}
    assert lus == {
        "nom": "LES ATELIERS DU LAC",
        "sigle": "ADL",
        "siret": SIRET,
        "rna": "W131001234",
        "commune": "13400 AUBAGNE",
    }
    client.post(adresse("structure_nouvelle"), saisie(nom="Les ateliers du lac"))
    structure = Structure.objects.get()
    assert structure.verification == Verification.VERIFIEE
    assert structure.naf == "94.99Z"
    # What was read a moment ago is not asked again.
    assert annuaire.appels == 1


def test_preuve_3_ce_que_l_annuaire_dit_d_autre_se_montre_sans_s_imposer(client, charge, annuaire):
    fabrique.une_commune()
    client.force_login(charge)
    client.post(adresse("structure_nouvelle"), saisie(nom="Tout autre nom", rna="W132000001"))
    call_command("completer_structures", stdout=io.StringIO())
    structure = Structure.objects.get()
    assert structure.verification == Verification.DIVERGENTE
    assert (structure.nom, structure.rna) == ("Tout autre nom", "W132000001")
    page = client.get(structure.get_absolute_url()).content.decode()
    assert "LES ATELIERS DU LAC" in page
    envoi = {"version": structure.version}
    client.post(adresse("structure_confirmer", structure.pk), envoi)
    structure.refresh_from_db()
    assert (structure.verification, structure.verifiee_par) == (Verification.VERIFIEE, charge)


def test_preuve_3_le_travail_de_fond_s_arrete_quand_l_annuaire_le_demande(annuaire, departement):
    for siret in (SIRET, AUTRE_SIRET):
        fabrique.une_structure(siret=siret, verification=Verification.A_VERIFIER)
    annuaire.humeur = "429"
    sortie = io.StringIO()
    call_command("completer_structures", stdout=sortie)
    assert annuaire.appels == 1
    assert "Arrêt avant la fin" in sortie.getvalue()
    essaye = Structure.objects.get(annuaire_essais=1)
    assert essaye.annuaire_apres >= horloge.maintenant() + timedelta(seconds=110)


def test_preuve_3_ferme_par_defaut_rien_ne_sort_et_tout_marche(client, charge, annuaire, settings):
    settings.SORTIES_AUTORISEES = []
    fabrique.une_commune()
    client.force_login(charge)
    assert "Préremplir" not in _pages(client, "structure_nouvelle").content.decode()
    assert _pages(client, "structure_ressemblantes", f"?siret={SIRET}").status_code == 200
    assert client.post(adresse("structure_nouvelle"), saisie()).status_code == 302
    call_command("completer_structures", stdout=io.StringIO())
    assert Structure.objects.get().verification == Verification.A_VERIFIER
    assert annuaire.appels == 0


def test_preuve_3_trop_d_appels_perdus_n_epuisent_pas_les_fils(annuaire, settings):
    settings.SORTIES_DELAI = 0.1
    annuaire.humeur, annuaire.lenteur = "lent", 1
    avant = threading.active_count()
    for _ in range(12):
        with pytest.raises(sorties.SortieEnPanne):
            sorties.obtenir_json(settings.ANNUAIRE_URL)
    # The threads of this side and those of the server end when their time is over.
    limite = time.monotonic() + annuaire.lenteur * 2 + MARGE
    while threading.active_count() > avant and time.monotonic() < limite:
        time.sleep(0.05)
    assert threading.active_count() <= avant


# --- Proof 4 --------------------------------------------------------------------------------------
ECRITURES = [
    SIRET,
    "732 829 320 00074",
    "732\u00a0829\u00a0320\u202f00074",
    " 732.829.320.00074 ",
    "732-829-320-00074",
    "732829320 00074",
    "SIRET : 73282932000074",
    "n° SIRET 732 829 320 00074",
    "73282932000074.0",
    "73 282 932 000 074,00",
    "７３２８２９３２００００７４",
    "\u200b'73282932000074\ufeff",
]
POSTE = "356 000 000 49837"  # an establishment whose key is not that of the others
RNAS = ["w131001234", "RNA : W131 001 234", "W2A1000123", "w2b-1000123", "W9R1001234", "W9G1000017"]


@pytest.mark.parametrize("ecriture", ECRITURES)
def test_preuve_4_douze_ecritures_d_un_siret_une_seule_structure(
    client, charge, departement, tmp_path, ecriture
):
    assert len(ECRITURES) == 12
    fabrique.une_commune()
    client.force_login(charge)
    assert client.post(adresse("structure_nouvelle"), saisie(siret=SIRET)).status_code == 302
    # By the form: refused with a link; by a file: the same one is read; by a link: found.
    reponse = client.post(adresse("structure_nouvelle"), saisie(siret=ecriture, nom="Autre nom"))
    assert reponse.status_code == 422
    assert "déjà celui de" in str(reponse.context["formulaire"].errors["siret"])
    fichier = tmp_path / "structures.csv"
    fichier.write_text(f'siret;nom;sigle\n"{ecriture}";La Fabrique des Alpilles;FDA\n')
    assert importer("structures", fichier).comptes["mis_a_jour"] == 1
    numero = doublons.lire_numero(ecriture)
    trouvee, creee = doublons.trouver_ou_creer(siret=numero, nom="Encore un nom")
    assert not creee
    assert Structure.toutes.get() == trouvee
    assert (trouvee.siret, trouvee.siren, trouvee.sigle) == (SIRET, SIREN, "FDA")


def test_preuve_4_la_poste_la_corse_et_l_outre_mer(client, charge, departement, tmp_path):
    fabrique.une_commune()
    client.force_login(charge)
    envoi = saisie(siret=POSTE, nom="Bureau de poste")
    assert client.post(adresse("structure_nouvelle"), envoi).status_code == 302
    for rang, rna in enumerate(RNAS[1:]):
        sans = {"siret": "", "siret_absent": "Immatriculation en cours"}
        envoi = saisie(nom=f"Réseau {'ABCDEFGH'[rang] * 6}", rna=rna, **sans)
        assert client.post(adresse("structure_nouvelle"), envoi).status_code == 302, rna
        envoi = saisie(nom=f"Tout autre {'TUVWXYZ'[rang] * 6}", rna=f" {rna.upper()} ", **sans)
        reponse = client.post(adresse("structure_nouvelle"), envoi)
        assert "déjà celui de" in str(reponse.context["formulaire"].errors["rna"])
    lus = set(Structure.objects.exclude(rna="").values_list("rna", flat=True))
    assert lus == {"W131001234", "W2A1000123", "W2B1000123", "W9R1001234", "W9G1000017"}
    # The file brings the SIRET of one that had none: it is the same.
    fichier = tmp_path / "structures.csv"
    fichier.write_text(f"siret;nom;rna\n{SIRET};Réseau AAAAAA;{RNAS[0]}\n")
    avant = Structure.objects.count()
    assert importer("structures", fichier).comptes["mis_a_jour"] == 1
    assert Structure.objects.count() == avant
    assert Structure.objects.get(siret=SIRET).rna == "W131001234"


def test_preuve_4_des_accents_decomposes_sont_les_memes(client, charge, departement):
    fabrique.une_commune()
    client.force_login(charge)
    nom = "L'Épicerie solidaire d'Élise"
    sans = {"siret": "", "siret_absent": "Immatriculation en cours"}
    client.post(adresse("structure_nouvelle"), saisie(nom=nom, **sans))
    envoi = saisie(nom=unicodedata.normalize("NFD", nom).upper(), **sans)
    reponse = client.post(adresse("structure_nouvelle"), envoi)
    assert reponse.status_code == 422
    assert Structure.objects.get().get_absolute_url() in str(
        reponse.context["formulaire"].errors["distincte"]
    )
    trouvee, creee = doublons.trouver_ou_creer(
        nom=unicodedata.normalize("NFD", nom), commune=fabrique.une_commune()
    )
    assert (creee, trouvee) == (False, Structure.objects.get())
    # Whoever knows better says so, and is heard.
    envoi["distincte"] = "on"
    assert client.post(adresse("structure_nouvelle"), envoi).status_code == 302
    assert {unicodedata.is_normalized("NFC", s.nom) for s in Structure.objects.all()} == {True}


@pytest.mark.parametrize(
    ("question", "raison"),
    [
        (f"siret={SIRET}", "même SIRET"),
        (f"siret={SIREN}", "même SIREN"),
        (f"siret={SIREN}00082", "même SIREN"),
        ("rna=w131 001 234", "même RNA"),
        ("nom=fabrique+des+alpille&commune=aubagne", "même nom"),
        ("nom=La+Fabrique+des+Alpilles", "même nom"),
    ],
)
def test_preuve_4_les_doublons_se_proposent_pendant_la_saisie(client, charge, question, raison):
    fabrique.une_commune()
    connue = fabrique.une_structure(nom="La Fabrique des Alpilles", siret=SIRET, rna="W131001234")
    fabrique.une_structure(nom="Les Jardins de la Roya")
    client.force_login(charge)
    page = _pages(client, "structure_ressemblantes", f"?{question}").content.decode()
    assert connue.get_absolute_url() in page
    assert raison in page
    assert "Roya" not in page


def test_preuve_4_un_doublon_hors_de_portee_ne_se_montre_pas(client, autre_charge, departement):
    fabrique.une_structure(nom="Nom réservé", siret=SIRET)
    client.force_login(autre_charge)
    page = _pages(client, "structure_ressemblantes", f"?siret={SIRET}&nom=Nom+réservé")
    assert "Nom réservé" not in page.content.decode()


@pytest.mark.navigateur
@pytest.mark.django_db(transaction=True)
def test_preuve_4_la_saisie_montre_le_doublon_et_se_remplit_de_l_annuaire(page, annuaire, settings):
    """In a real browser: what is typed brings the duplicate, then the record of the directory."""
    settings.SORTIES_DELAI = 5
    fabrique.une_commune()
    charge = fabrique.un_charge(fabrique.un_operateur())
    connue = fabrique.une_structure(nom="La Fabrique des Alpilles", siret=AUTRE_SIRET)
    onglet = page(utilisateur=charge)
    onglet.goto(adresse("structure_nouvelle"))
    onglet.fill("#id_siret", "552 100 554 00013")
    onglet.get_by_role("link", name=connue.nom).wait_for()
    onglet.fill("#id_nom", "Un nom à moi")
    onglet.fill("#id_siret", "732 829 320 00074")
    bouton = onglet.get_by_role("button", name="Remplir les champs encore vides")
    bouton.wait_for()
    assert not onglet.get_by_role("link", name=connue.nom).count()
    bouton.focus()
    onglet.keyboard.press("Enter")
    assert onglet.input_value("#id_nom") == "Un nom à moi"  # what was typed stays
    assert onglet.input_value("#id_sigle") == "ADL"
    assert onglet.input_value("#id_date_creation") == "1998-05-04"
    assert onglet.input_value("#id_famille") == "association"
    assert onglet.input_value("#id_commune") == "13400 AUBAGNE"


# --- Proof 7 --------------------------------------------------------------------------------------
# What tells of the gestures themselves, or of the passage of time, is not part of the comparison.
HORS_COMPARAISON = {"evenement", "fusion", "envoi", "session", "logentry", "utilisateur"}


def _octets(client, gens):
    """Every list of the product exported by each person, and every business table, as bytes."""
    exports = []
    for personne in gens:
        client.force_login(personne)
        for nom in ("structures", "demandes", "accompagnements", "consultations", "conventions"):
            reponse = client.get(adresse(nom), {"export": "csv"})
            exports.append(b"".join(reponse.streaming_content))
    for modele in sorted(apps.get_models(include_auto_created=True), key=lambda m: m._meta.label):
        nom = modele._meta.model_name
        if nom in HORS_COMPARAISON or nom.startswith("historical"):
            continue
        champs = [c.attname for c in modele._meta.concrete_fields if c.name != "version"]
        lignes = [
            [bytes(v) if isinstance(v, memoryview) else v for v in ligne]  # PostgreSQL's bytea
            for ligne in modele._base_manager.order_by("pk").values_list(*champs)
        ]
        exports.append(repr((modele._meta.label, champs, lignes)).encode())
    return b"\n".join(exports)


def _deux_fiches(charge):
    """Two records of one organisation; the second one has a row of every kind."""
    commune = fabrique.une_commune()
    gardee = fabrique.une_structure(commune, nom="Les Ateliers du Lac", siret=SIRET, sigle="ADL")
    convention = suite.une_convention()
    absorbee = convention.ingenierie.accompagnements().get().structure
    absorbee.nom, absorbee.siret, absorbee.rna = "Ateliers du lac", AUTRE_SIRET, "W131001234"
    absorbee.adresse = "3 rue Basse"
    absorbee.save()
    fabrique.une_demande("nouvelle", structure=gardee)
    agrements = list(fabrique.Terme.objects.de("agrement")[:3])
    reseau = fabrique.Terme.objects.de("reseau").first() or fabrique.Terme.objects.create(
        liste="reseau", code="essai", libelle="Réseau d'essai"
    )
    for terme in agrements[:2]:
        gardee.agrements.create(terme=terme, numero="A-1", jusqu_au=date(2027, 12, 31))
    for terme in agrements[1:]:
        absorbee.agrements.create(terme=terme)
    # Renewed: two rows of one agrément, which do not collide.
    absorbee.agrements.create(terme=agrements[0], depuis_le=date(2028, 1, 1))
    absorbee.reseaux.add(reseau)
    annee = horloge.aujourdhui().year
    DonneesAnnuelles.objects.create(structure=absorbee, annee=annee - 2, effectif=3)
    absorbee.annees.filter(annee=annee - 1).update(effectif=9, budget=120_000)
    Signalement.objects.create(
        structure=absorbee, nature="tresorerie", constate_le=horloge.aujourdhui(), auteur=charge
    )
    fichier = fichiers.enregistrer(
        "statuts.pdf", b"%PDF-1.4", "application/pdf", fil=absorbee.fil, categorie="essai"
    )
    PieceStructure.objects.create(structure=absorbee, nature="statuts", fichier=fichier)
    assert convention.signatures.filter(structure=absorbee).exists()
    gardee.refresh_from_db()
    absorbee.refresh_from_db()
    return gardee, absorbee


def test_preuve_7_fusionner_garde_tout_puis_defaire_rend_tout(client, charge, departement):
    gardee, absorbee = _deux_fiches(charge)
    region = fabrique.une_personne(roles.DlaRegional.code, region=departement.region)
    gens = [charge, region]
    manquants = [lien.cle for lien in liens() if not lien.lignes(absorbee).exists()]
    assert not manquants, "une relation nouvelle : donnez-lui une ligne dans _deux_fiches"
    avant = _octets(client, gens)
    comptes = {tuple(lien.cle): _nombre(lien, gardee, absorbee) for lien in liens()}
    client.force_login(charge)
    page = client.get(adresse("structure_fusionner", gardee.pk), {"avec": absorbee.pk})
    formulaire = page.context["formulaire"]
    choisis = {champ.label: champ.name for champ in formulaire.comparaisons()}
    annee = horloge.aujourdhui().year - 1
    envoi = {champ.name: "gardee" for champ in formulaire.comparaisons()}
    envoi[choisis["Nom"]] = "absorbee"
    envoi[choisis["SIRET"]] = "absorbee"
    envoi[choisis[f"Données annuelles {annee}"]] = "absorbee"
    envoi |= {nom: formulaire[nom].value() for nom in ("version_gardee", "version_absorbee")}
    envoi["cle_envoi"] = formulaire["cle_envoi"].value()
    assert _octets(client, gens) == avant  # the preview writes nothing
    client.force_login(charge)
    url = f"{adresse('structure_fusionner', gardee.pk)}?avec={absorbee.pk}"
    assert client.post(url, envoi).url == gardee.get_absolute_url()
    assert client.post(url, envoi).url == gardee.get_absolute_url()  # sent twice, done once
    fusion = Fusion.objects.get()
    gardee.refresh_from_db()
    assert (gardee.nom, gardee.siret, gardee.sigle) == ("Ateliers du lac", AUTRE_SIRET, "ADL")
    assert (gardee.rna, gardee.adresse) == ("W131001234", "3 rue Basse")  # blanks filled
    assert gardee.annees.get(annee=annee).effectif == 9
    for lien in liens():
        restes = lien.lignes(absorbee).count()
        perdus = comptes[tuple(lien.cle)] - lien.lignes(gardee).count() - restes
        assert not perdus, lien.cle
        # Only what the kept record already has stays with the absorbed one.
        assert restes == (lien.modele._meta.model_name in ("donneesannuelles", "agrementdetenu"))
    # Every number and every address leads to the one record.
    for siret in (SIRET, AUTRE_SIRET):
        assert Structure.toutes.de_siret(siret) == gardee
    assert list(Structure.objects.all()) == [gardee]
    assert client.get(absorbee.get_absolute_url()).url == gardee.get_absolute_url()
    assert gardee.accompagnements.get().history.first().history_user == charge
    piece = gardee.pieces.get().fichier
    assert b"".join(client.get(reverse("socle:telecharger", args=[piece.pk])))
    fiche = client.get(gardee.get_absolute_url()).content.decode()
    assert reverse("accompagnements:fusion_defaire", args=[fusion.pk]) in fiche
    assert _octets(client, gens) != avant
    client.force_login(charge)
    _defaire(client, fusion)
    assert _octets(client, gens) == avant
    fusion.refresh_from_db()
    assert fusion.defaite_par == charge


def _nombre(lien, *structures):
    return sum(lien.lignes(structure).count() for structure in structures)


def _defaire(client, fusion):
    url = reverse("accompagnements:fusion_defaire", args=[fusion.pk])
    cle = client.get(url).context["formulaire"]["cle_envoi"].value()
    return client.post(url, {"cle_envoi": cle})


def test_preuve_7_une_relation_future_suit_sans_etre_nommee():
    """Whatever foreign key reaches Structure is in the walk, the history and the fusions aside."""
    attendus = {
        (modele._meta.label_lower, champ.name)
        for modele in apps.get_models(include_auto_created=True)
        for champ in modele._meta.concrete_fields
        if isinstance(champ, models.ForeignKey)
        and champ.remote_field.model is Structure
        and not modele._meta.model_name.startswith("historical")
        and champ.name not in ("fusionnee_dans", "gardee", "absorbee")
    }
    assert {tuple(lien.cle) for lien in liens()} == attendus


@pytest.mark.parametrize(
    ("entre_temps", "phrase"),
    [
        (lambda g: Structure.objects.filter(pk=g.pk).update(nom="Autre"), "« nom » a été modifié"),
        (lambda g: g.contacts.last().delete(), "Contacts"),
        (lambda g: fabrique.une_structure(siret="35600000000048"), "fusionnée depuis"),
    ],
    ids=["champ", "ligne", "autre fusion"],
)
def test_preuve_7_ce_qui_a_change_depuis_empeche_de_defaire(
    client, charge, entre_temps, phrase, departement
):
    gardee, absorbee = _deux_fiches(charge)
    fusion = fusions.fusionner(gardee, absorbee, par=charge, repris=["nom"])
    autre = entre_temps(gardee)
    if isinstance(autre, Structure):
        gardee.refresh_from_db()
        fusions.fusionner(autre, gardee, par=charge)
    client.force_login(charge)
    avant = _octets(client, [charge])
    client.force_login(charge)
    assert phrase in _defaire(client, fusion).content.decode()
    assert _octets(client, [charge]) == avant
    fusion.refresh_from_db()
    assert fusion.defaite_le is None


def test_preuve_7_deux_fusions_se_defont_dans_l_ordre(client, charge, departement):
    gardee, absorbee = _deux_fiches(charge)
    derniere = fabrique.une_structure(siret="35600000000048", nom="Encore elle")
    avant = _octets(client, [charge])
    premiere = fusions.fusionner(gardee, absorbee, par=charge)
    seconde = fusions.fusionner(derniere, gardee, par=charge)
    assert Structure.toutes.de_siret(AUTRE_SIRET) == derniere
    with pytest.raises(Manques):
        fusions.defaire(premiere, par=charge)
    fusions.defaire(seconde, par=charge)
    fusions.defaire(premiere, par=charge)
    assert _octets(client, [charge]) == avant


def test_preuve_7_un_dossier_d_ailleurs_ne_se_fusionne_que_par_la_region(
    client, charge, departement
):
    gardee, absorbee = _deux_fiches(charge)
    ailleurs = fabrique.un_operateur("Autre du Treize", departement)
    fabrique.une_demande("nouvelle", operateur=ailleurs, structure=gardee)
    with pytest.raises(Refus):
        fusions.fusionner(gardee, absorbee, par=charge)
    client.force_login(charge)
    url = f"{adresse('structure_fusionner', gardee.pk)}?avec={absorbee.pk}"
    assert client.get(url).status_code == 403
    assert not Fusion.objects.exists()
    region = fabrique.une_personne(roles.DlaRegional.code, region=departement.region)
    assert fusions.fusionner(gardee, absorbee, par=region).faite_par == region


def test_preuve_7_qui_modifiait_une_ligne_deplacee_n_ecrase_rien(charge, departement):
    gardee, absorbee = _deux_fiches(charge)
    lue = absorbee.demandes.get()
    fusions.fusionner(gardee, absorbee, par=charge)
    lue.objet = "Écrit sur l'ancienne fiche"
    with pytest.raises(Exception, match="modifié entre-temps"):
        lue.save()


def test_preuve_7_deux_fois_la_meme_fiche_ou_une_version_perimee(client, charge, departement):
    gardee, absorbee = _deux_fiches(charge)
    client.force_login(charge)
    assert (
        client.get(adresse("structure_fusionner", gardee.pk), {"avec": gardee.pk}).status_code
        == 404
    )
    url = f"{adresse('structure_fusionner', gardee.pk)}?avec={absorbee.pk}"
    formulaire = client.get(url).context["formulaire"]
    envoi = {champ.name: "gardee" for champ in formulaire.comparaisons()}
    envoi |= {nom: formulaire[nom].value() for nom in ("version_gardee", "version_absorbee")}
    envoi["cle_envoi"] = str(uuid.uuid4())
    absorbee.save()
    reponse = client.post(url, envoi)
    assert reponse.status_code == 422
    assert "vient d&#x27;être modifiée" in reponse.content.decode()
    assert not Fusion.objects.exists()
