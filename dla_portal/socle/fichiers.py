"""Private files: checked by content, stored under a random name, served after the rights check."""

import hashlib
import io
import secrets
import zipfile

import filetype
import pikepdf
from asgiref.local import Local
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from PIL import Image

from dla_portal.socle import horloge, scelles

BUREAUTIQUE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", **BUREAUTIQUE}
ARCHIVE_MAX = 200 * 1024 * 1024  # bytes once inflated
PIXELS_MAX = 60_000_000


def _chemin(fichier, nom):
    return f"{horloge.aujourdhui():%Y/%m}/{secrets.token_hex(20)}"


class Fichier(models.Model):
    """A file kept for an object of the portal. `scelle`: its bytes are ciphertext on the disk."""

    contenu = models.FileField(upload_to=_chemin, max_length=120)
    nom = models.CharField("nom", max_length=180)
    type_mime = models.CharField("type", max_length=100)
    taille = models.PositiveBigIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    categorie = models.CharField("catégorie", max_length=40)
    fil = models.CharField("fil", max_length=60, db_index=True)
    scelle = models.BooleanField("scellé", default=False)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    depose_le = models.DateTimeField("déposé le", default=horloge.maintenant)

    class Meta:
        verbose_name = "fichier"
        ordering = ["-depose_le", "-pk"]

    def __str__(self):
        return self.nom

    def lire(self):
        """Return the bytes of the file in clear; raise ScelleRompu when a seal does not verify."""
        with self.contenu.open("rb") as flux:
            octets = flux.read()
        return scelles.ouvrir(octets) if self.scelle else octets

    @property
    def intact(self):
        """Say whether the stored bytes still have the SHA-256 taken when they were stored."""
        try:
            return hashlib.sha256(self.lire()).hexdigest() == self.sha256
        except (OSError, scelles.ScelleRompu):
            return False


def verifier(nom, octets):
    """Return the MIME type of an upload, or raise ValidationError with a French sentence.

    Extension, magic number and a real parser must agree; sizes in bytes.
    """
    if len(octets) > settings.FICHIER_TAILLE_MAX:
        limite = settings.FICHIER_TAILLE_MAX // (1024 * 1024)
        raise ValidationError(f"Le fichier « {nom} » dépasse {limite} Mo.")
    extension = nom.rsplit(".", 1)[-1].lower().replace("jpeg", "jpg") if "." in nom else ""
    if extension not in TYPES:
        raise ValidationError(
            f"Le fichier « {nom} » n'est pas accepté : envoyez un PDF, une image (PNG, JPEG), "
            "un document Word ou LibreOffice."
        )
    devine = filetype.guess(octets)
    if extension in BUREAUTIQUE:
        lisible = _archive_lisible(octets)
    elif devine is None or devine.mime != TYPES[extension]:
        lisible = False
    else:
        lisible = _pdf_lisible(octets) if extension == "pdf" else _image_lisible(octets)
    if not lisible:
        raise ValidationError(
            f"Le contenu du fichier « {nom} » ne correspond pas à son extension ou il est abîmé."
        )
    return TYPES[extension]


def _pdf_lisible(octets):
    try:
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            return len(pdf.pages) > 0
    except pikepdf.PdfError:
        return False


def _image_lisible(octets):
    try:
        with Image.open(io.BytesIO(octets)) as image:
            if image.width * image.height > PIXELS_MAX:
                return False
            image.verify()
            return True
    except Exception:  # a damaged image breaks the parser in ways its library does not name
        return False


def _archive_lisible(octets):
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            membres = archive.infolist()
            noms = {membre.filename for membre in membres}
            total = sum(membre.file_size for membre in membres)
    except Exception:  # likewise for a damaged archive
        return False
    attendu = "[Content_Types].xml" in noms or "mimetype" in noms
    macros = any(nom.lower().endswith("vbaproject.bin") for nom in noms)
    return attendu and not macros and total <= ARCHIVE_MAX


def deposer(televerse, *, fil, categorie, par=None, scelle=False):
    """Check and store an uploaded file (or any object with `name` and `read()`)."""
    nom, octets, type_mime = controler(televerse)
    return enregistrer(nom, octets, type_mime, fil=fil, categorie=categorie, par=par, scelle=scelle)


def controler(televerse):
    """Read and check an uploaded file: its clean name, its bytes and its MIME type."""
    nom = _nom_propre(televerse.name)
    octets = televerse.read()
    return nom, octets, verifier(nom, octets)


def enregistrer(nom, octets, type_mime, *, fil, categorie, par=None, scelle=False):
    """Store bytes made by the portal itself or already checked."""
    fichier = Fichier(
        nom=nom,
        type_mime=type_mime,
        taille=len(octets),
        sha256=hashlib.sha256(octets).hexdigest(),
        categorie=categorie,
        fil=fil,
        scelle=scelle,
        depose_par=None if isinstance(par, str) else par,
        depose_le=horloge.maintenant(),
    )
    stocke = scelles.sceller(octets) if scelle else octets
    fichier.contenu.save("f", ContentFile(stocke), save=False)
    _ecrits.noms = [*getattr(_ecrits, "noms", ()), fichier.contenu.name]
    fichier.save()
    return fichier


# What this thread has written since its last look: a transaction rolled back leaves no row.
_ecrits = Local()


def effacer_les_orphelins():
    """Delete what was written without its row since the last call; return how many files."""
    noms, _ecrits.noms = getattr(_ecrits, "noms", ()), ()
    return effacer_sans_ligne(noms) if noms else 0


def effacer_sans_ligne(noms):
    """Delete from the storage those of these names that no row bears; return how many."""
    connus = set(Fichier.objects.filter(contenu__in=noms).values_list("contenu", flat=True))
    orphelins = set(noms) - connus
    for nom in orphelins:
        default_storage.delete(nom)
    return len(orphelins)


def _nom_propre(nom):
    """Drop folders, control characters and direction marks from a file name."""
    base = nom.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in base if c.isprintable())[:180] or "fichier"


# Each upper layer says who may read the files of its threads: prefix of `fil` → right function.
DROITS = {}


def droit_de_lire(prefixe):
    """Decorator: register `droit(utilisateur, fichier) -> bool` for the threads `prefixe:…`."""

    def enregistrer_droit(fonction):
        DROITS[prefixe] = fonction
        return fonction

    return enregistrer_droit


def lisible_par(utilisateur, fichier):
    """Say whether the user may read the file; unknown threads and sealed files are refused."""
    droit = DROITS.get(fichier.fil.split(":", 1)[0])
    return bool(droit and not fichier.scelle and droit(utilisateur, fichier))
