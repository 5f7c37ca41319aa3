"""The shared mechanisms, each on its own: lock, outbox, links, uploads, outside client, imports."""

import io
import json
import socket
import threading
import time
import zipfile
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import openpyxl
import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import ValidationError
from django.http import Http404
from PIL import Image

from accompagnements.models import Structure
from dla_portal.socle import calendrier, courriels, fichiers, horloge, jetons, sorties
from dla_portal.socle.courriels import Courriel, envoyer_en_attente
from dla_portal.socle.exports import inerte
from dla_portal.socle.imports import champs
from dla_portal.socle.imports.lecture import FichierIllisible, lire
from dla_portal.socle.imports.moteur import importer
from dla_portal.socle.recherche import normaliser
from dla_portal.socle.verrou import VersionPerimee
from tests.accompagnements import fabrique

base = pytest.mark.django_db


@base
def test_la_version_perimee_n_ecrase_rien():
    structure = fabrique.une_structure()
    copie = Structure.objects.get(pk=structure.pk)
    structure.sigle = "PREMIER"
    structure.save()
    copie.sigle = "SECOND"
    with pytest.raises(VersionPerimee):
        copie.save()
    assert Structure.objects.get(pk=structure.pk).sigle == "PREMIER"


class Boite:
    """An SMTP handler which keeps what it receives."""

    def __init__(self):
        self.recus = []

    async def handle_DATA(self, server, session, envelope):
        self.recus.append(envelope)
        return "250 OK"


@base
def test_le_courriel_attend_le_retour_du_serveur_et_ne_part_qu_une_fois(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    boite = Boite()
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = prise.getsockname()[1]
    courriel = Courriel.objects.create(
        destinataire="a@essai.example", sujet="Essai", corps="Lien : /lien/" + "a" * 32 + "/"
    )
    assert envoyer_en_attente() == (0, 1)
    panne = next(r for r in caplog.records if r.name == "dla_portal.socle.courriels")
    assert (panne.levelname, "Traceback" in panne.getMessage()) == ("WARNING", False)
    courriel.refresh_from_db()
    assert courriel.envoye_le is None
    assert courriel.erreur
    assert envoyer_en_attente() == (0, 0)  # not before its delay
    serveur = Controller(boite, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    serveur.start()
    try:
        with horloge.voyage(horloge.maintenant() + timedelta(hours=1)):
            assert envoyer_en_attente() == (1, 0)
            assert envoyer_en_attente() == (0, 0)
    finally:
        serveur.stop()
    assert len(boite.recus) == 1
    courriel.refresh_from_db()
    assert "a" * 32 not in courriel.corps


@base
def test_un_courriel_sans_destinataire_n_est_pas_depose():
    assert courriels.deposer("", "Essai", "inutile", {}) is None
    assert not Courriel.objects.exists()


@base
def test_un_lien_est_garde_hache_expire_et_se_revoque():
    structure = fabrique.une_structure()
    brut = jetons.creer("essai", structure, "a@essai.example", jours=2)
    jeton = jetons.lire(brut, "essai")
    assert brut not in jeton.empreinte
    assert jeton.objet == structure
    with pytest.raises(Http404):
        jetons.lire(brut, "autre usage")
    with horloge.voyage(horloge.maintenant() + timedelta(days=3)), pytest.raises(Http404):
        jetons.lire(brut)
    assert jetons.revoquer(structure) == 1
    with pytest.raises(Http404):
        jetons.lire(brut)


def _image(genre="PNG"):
    tampon = io.BytesIO()
    Image.new("RGB", (4, 4)).save(tampon, genre)
    return tampon.getvalue()


def _archive(**membres):
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in membres.items():
            archive.writestr(nom.replace("__", "/"), contenu)
    return tampon.getvalue()


HOSTILES = [
    ("script.exe", b"MZ" + b"0" * 100),
    ("page.html", b"<script>alert(1)</script>"),
    ("page.pdf", b"<script>alert(1)</script>"),
    ("vide.pdf", b""),
    ("faux.pdf", b"%PDF-1.7 et rien d'autre"),
    ("image.png", _image("JPEG")),
    ("image.jpg", b"GIF89a" + b"0" * 40),
    ("dessin.svg", b"<svg onload='alert(1)'/>"),
    ("sans_extension", _image()),
    ("double.pdf.exe", b"MZ"),
    ("document.docx", _archive(autre=b"rien")),
    ("macros.docx", _archive(**{"[Content_Types].xml": b"x", "word__vbaProject.bin": b"x"})),
    ("bombe.xlsx", _archive(**{"[Content_Types].xml": b"\0" * (210 * 1024 * 1024)})),
]


@pytest.mark.parametrize(("nom", "octets"), HOSTILES, ids=[nom for nom, _ in HOSTILES])
def test_un_fichier_hostile_est_refuse(nom, octets):
    with pytest.raises(ValidationError):
        fichiers.verifier(nom, octets)


def test_un_fichier_trop_lourd_est_refuse(settings):
    settings.FICHIER_TAILLE_MAX = 10
    with pytest.raises(ValidationError, match="dépasse"):
        fichiers.verifier("image.png", _image())


def test_une_vraie_image_passe():
    assert fichiers.verifier("photo.JPEG", _image("JPEG")) == "image/jpeg"


@pytest.fixture
def annuaire(settings):
    """A local server in the mood asked by its path."""

    class Reponses(BaseHTTPRequestHandler):
        def do_GET(self):
            humeur = self.path.strip("/").split("?")[0]
            if humeur == "lent":
                time.sleep(1.5)
            statut = {"refus": 429, "panne": 500, "ailleurs": 302}.get(humeur, 200)
            corps = {"ment": b"<html>", "long": b"[" + b"1," * 800_000 + b"1]"}.get(
                humeur, json.dumps({"nom": "Essai"}).encode()
            )
            self.send_response(statut)
            if statut == 302:
                self.send_header("Location", "/ok")
            self.end_headers()
            self.wfile.write(corps)

        def log_message(self, *args):
            """Say nothing on the console of the tests."""

    serveur = HTTPServer(("127.0.0.1", 0), Reponses)
    fil = threading.Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    settings.SORTIES_AUTORISEES = ["127.0.0.1"]
    yield f"http://127.0.0.1:{serveur.server_port}"
    serveur.shutdown()
    serveur.server_close()
    fil.join()


def test_le_client_lit_un_hote_permis(annuaire):
    assert sorties.obtenir_json(f"{annuaire}/ok") == {"nom": "Essai"}


@pytest.mark.parametrize("humeur", ["refus", "panne", "ailleurs", "ment", "long", "lent"])
def test_le_client_dit_chaque_panne(annuaire, humeur, settings):
    settings.SORTIES_DELAI = 0.3
    with pytest.raises(sorties.SortieEnPanne):
        sorties.obtenir_json(f"{annuaire}/{humeur}")


def test_rien_ne_sort_sans_permission(settings):
    settings.SORTIES_AUTORISEES = []
    for adresse in ("https://exemple.fr/x", "http://127.0.0.1/x", "file:///etc/passwd"):
        with pytest.raises(sorties.SortieRefusee):
            sorties.obtenir_json(adresse)


@pytest.mark.parametrize("brut", ["=1+1", "+33", "-2", "@x", "\tx", "\rx"])
def test_une_cellule_exportee_n_est_jamais_une_formule(brut):
    assert inerte(brut) == f"'{brut}"


def test_la_recherche_ignore_accents_ligatures_et_tirets():
    assert normaliser("L'Œuvre-École  Été") == "l oeuvre ecole ete"


def test_les_jours_ouvres_sautent_feries_et_fins_de_semaine():
    vendredi = horloge.aujourdhui().replace(year=2026, month=4, day=3)
    # Easter Monday is 6 April 2026.
    assert calendrier.ajouter_jours_ouvres(vendredi, 1).isoformat() == "2026-04-07"
    assert calendrier.ecart_ouvre(vendredi, vendredi.replace(day=8)) == 2


@pytest.mark.parametrize(
    "brut", ["73282932000074", "732 829 320 00074", "73282932000074.0", "732 829 320 00074'"]
)
def test_un_siret_se_lit_sous_ses_ecritures(brut):
    assert champs.siret(brut) == "73282932000074"


@pytest.mark.parametrize(
    ("brut", "motif"),
    [
        ("", "absent"),
        ("7,32829E+13", "arrondi"),
        ("73282900000000", "arrondi"),
        ("7328293200007", "saisi 13"),
        ("73282932000075", "NIC"),
        ("73282933000074", "SIREN"),
        ("ABC", "que des chiffres"),
    ],
)
def test_un_siret_faux_est_rejete_avec_son_motif(brut, motif):
    with pytest.raises(champs.Rejet, match=motif):
        champs.siret(brut)


def test_les_dates_et_les_nombres_des_tableurs():
    assert champs.jour("03/04/2024") == champs.jour("2024-04-03") == champs.jour("45385")
    assert champs.decimal("1 234,50 €") == champs.decimal("1234.5")
    with pytest.raises(champs.Rejet, match="n'existe pas"):
        champs.jour("29/02/2023")
    with pytest.raises(champs.Rejet, match="négatif"):
        champs.decimal("-5")


def ecrire(dossier, octets, nom="fichier.csv"):
    chemin = dossier / nom
    chemin.write_bytes(octets)
    return chemin


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_les_encodages_se_reconnaissent(tmp_path, encodage):
    fichier = ecrire(tmp_path, "Siret;Nom\n1;Été à l'œuvre\n".encode(encodage))
    tableau = lire(fichier, {"siret"})
    assert tableau.lignes == [(2, {"siret": "1", "nom": "Été à l'œuvre"})]


def test_un_classeur_qui_abat_la_lecture_est_refuse(tmp_path):
    livre = openpyxl.Workbook()
    livre.active["A1"], livre.active["XFD1048576"] = "x", "y"
    livre.save(tmp_path / "bombe.xlsx")
    with pytest.raises(FichierIllisible, match="classeur"):
        lire(tmp_path / "bombe.xlsx")


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04 rien", b"\n\n;;\n"])
def test_un_fichier_illisible_le_dit(tmp_path, octets):
    with pytest.raises(FichierIllisible):
        lire(ecrire(tmp_path, octets, "x.xlsx" if octets.startswith(b"PK") else "x.csv"))


@base
def test_a_blanc_et_tout_ou_rien_n_ecrivent_rien(tmp_path):
    fichier = ecrire(tmp_path, b"siret;nom\n73282932000074;Bonne\n1;Mauvaise\n")
    a_blanc = importer("structures", fichier, a_blanc=True)
    assert str(a_blanc) == "lus=2 crees=1 mis_a_jour=0 ignores=0 rejetes=1"
    tout = importer("structures", fichier, tout_ou_rien=True)
    assert str(tout) == "lus=2 crees=0 mis_a_jour=0 ignores=1 rejetes=1"
    assert not Structure.objects.exists()
    rejets = tmp_path / "rejets.csv"
    tout.ecrire_rejets(rejets)
    assert "3;" in rejets.read_text(encoding="utf-8-sig")


@pytest.mark.django_db
def test_un_courriel_impossible_a_ecrire_n_en_retient_aucun_autre(settings, caplog):
    """Its failure is counted and kept with its reason, and told where; the next one leaves."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    fautif = Courriel.objects.create(destinataire="a@x.example", sujet="A\nBcc: c@x", corps="A")
    bon = Courriel.objects.create(destinataire="b@x.example", sujet="B", corps="B")
    assert envoyer_en_attente() == (1, 1)
    fautif.refresh_from_db()
    bon.refresh_from_db()
    assert (fautif.essais, fautif.envoye_le, bool(fautif.erreur)) == (1, None, True)
    assert bon.envoye_le is not None
    ligne = next(r for r in caplog.records if r.name == "dla_portal.socle.courriels")
    assert ligne.levelname == "ERROR", "une faute de notre code, pas du serveur"
    assert "BadHeaderError" in ligne.getMessage()
    assert 'courriels.py", line' in ligne.getMessage()
    assert "a@x.example" not in caplog.text
