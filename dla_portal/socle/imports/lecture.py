"""Reading CSV, XLSX and ODS files whatever their encoding, separator or header mess.

A row is (line number in the source file, {normalised header: text}). Workbooks are read in a
child process with a memory and a time limit: a 5 kB crafted workbook aborts the reading process.
"""

import csv
import io
import json
import re
import resource
import subprocess
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from dla_portal.socle.recherche import normaliser

TAILLE_MAX = 60 * 1024 * 1024  # bytes
MEMOIRE_MAX = 1024 * 1024 * 1024  # bytes for the child that reads a workbook
DELAI_MAX = 60  # seconds for the same child
LIGNES_D_ENTETE = 12  # lines among which the header is looked for
CLASSEURS = {".xlsx", ".xlsm", ".xls", ".ods"}
_FORMULE = re.compile(r'^="?(.*?)"?$', re.DOTALL)


class FichierIllisible(Exception):
    """The file cannot be read at all; the message says why, in French."""


@dataclass
class Tableau:
    """Headers as written, and rows as (line number, {normalised header: text})."""

    entetes: list
    lignes: list = field(default_factory=list)


def lire(chemin, attendues=()):
    """Return the Tableau of a file; `attendues` are the normalised headers that help find it."""
    chemin = Path(chemin)
    if not chemin.is_file():
        raise FichierIllisible(f"Le fichier « {chemin.name} » n'existe pas.")
    taille = chemin.stat().st_size
    if taille == 0:
        raise FichierIllisible(f"Le fichier « {chemin.name} » est vide.")
    if taille > TAILLE_MAX:
        raise FichierIllisible(f"Le fichier « {chemin.name} » dépasse 60 Mo.")
    octets = chemin.read_bytes()
    if octets[:4] == b"PK\x03\x04" or octets[:4] == b"\xd0\xcf\x11\xe0":
        brutes = _lire_classeur(chemin)
    elif chemin.suffix.lower() in CLASSEURS:
        raise FichierIllisible(f"Le fichier « {chemin.name} » n'est pas un classeur lisible.")
    else:
        brutes = _lire_csv(octets)
    return _mettre_en_tableau(brutes, set(attendues), chemin.name)


def _lire_csv(octets):
    """Return [(line number, cells)] of a text file."""
    texte = _decoder(octets)
    if texte.count("\ufffd") + sum(c < " " and c not in "\t\r\n" for c in texte[:4000]) > 200:
        raise FichierIllisible("Ce fichier n'est ni un tableur ni un texte lisible.")
    lignes = []
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=_separateur(texte))
    csv.field_size_limit(10_000_000)
    debut = 1
    try:
        for cellules in lecteur:
            lignes.append((debut, [_cellule(c) for c in cellules]))
            debut = lecteur.line_num + 1
    except csv.Error as erreur:
        raise FichierIllisible(f"Le texte est mal formé après la ligne {debut}.") from erreur
    return lignes


def _decoder(octets):
    """Decode UTF-8, UTF-16 or cp1252, line by line when a file mixes them; NFC, no NUL."""
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):
        texte = octets.decode("utf-16", errors="replace")
    else:
        octets = octets.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"")
        try:
            texte = octets.decode("utf-8")
        except UnicodeDecodeError:
            texte = "".join(_decoder_ligne(ligne) for ligne in octets.splitlines(keepends=True))
    return unicodedata.normalize("NFC", texte)


def _decoder_ligne(ligne):
    try:
        return ligne.decode("utf-8")
    except UnicodeDecodeError:
        return ligne.decode("cp1252", errors="replace")


def _separateur(texte):
    """Return the separator found most often outside quotes in the first lines."""
    debut = re.sub(r'"[^"]*"', "", texte[:20000])
    comptes = {signe: debut.count(signe) for signe in ";,\t|"}
    # A decimal comma fools the count: the semicolon wins as soon as it is regular.
    lignes = [ligne for ligne in debut.splitlines() if ligne.strip()][:30]
    if lignes and sum(";" in ligne for ligne in lignes) >= len(lignes) * 0.8:
        internes = sum(ligne.rstrip(";").count(";") for ligne in lignes)
        if internes >= len(lignes):
            return ";"
    comptes[";"] -= sum(len(ligne) - len(ligne.rstrip(";")) for ligne in debut.splitlines())
    return max(comptes, key=comptes.get)


def _cellule(texte):
    """Trim a cell and unwrap `="60057"`."""
    texte = texte.strip().strip("\ufeff")
    if texte.startswith("="):
        texte = _FORMULE.match(texte).group(1).strip()
    return texte


def _lire_classeur(chemin):
    """Return [(line number, cells)] of the first sheet with data, read by a limited child."""
    try:
        enfant = subprocess.run(
            [sys.executable, "-I", str(Path(__file__).with_name("classeur.py")), str(chemin)],
            capture_output=True,
            timeout=DELAI_MAX,
            preexec_fn=_limiter,
            check=False,
        )
    except subprocess.TimeoutExpired as erreur:
        raise FichierIllisible("Le classeur est trop long à lire.") from erreur
    if enfant.returncode != 0:
        raise FichierIllisible("Le classeur est abîmé, protégé ou démesuré : il n'a pas été lu.")
    return [
        (numero, [_cellule(c) for c in cellules]) for numero, cellules in json.loads(enfant.stdout)
    ]


def _limiter():
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (DELAI_MAX, DELAI_MAX))


def _mettre_en_tableau(brutes, attendues, nom):
    """Find the header line, then key every following row by it."""
    pleines = [(numero, cellules) for numero, cellules in brutes if any(cellules)]
    if not pleines:
        raise FichierIllisible(f"Le fichier « {nom} » ne contient aucune ligne.")
    rang = _ligne_d_entete([cellules for _, cellules in pleines], attendues)
    entetes = [" ".join(c.split()) for c in pleines[rang][1]]
    cles = _cles(entetes)
    tableau = Tableau(entetes)
    for numero, cellules in pleines[rang + 1 :]:
        ligne = dict.fromkeys(cles, "")
        for cle, valeur in zip(cles, cellules, strict=False):
            ligne[cle] = valeur
        tableau.lignes.append((numero, ligne))
    return tableau


def _ligne_d_entete(lignes, attendues):
    """The line with most expected headers; failing that, the first one mostly filled with text."""
    candidates = lignes[:LIGNES_D_ENTETE]
    reconnues = [len(attendues & {normaliser(c) for c in ligne}) for ligne in candidates]
    if max(reconnues, default=0) > 0:
        return reconnues.index(max(reconnues))
    largeur = max(len([c for c in ligne if c]) for ligne in candidates)
    for rang, ligne in enumerate(candidates):
        if len([c for c in ligne if c]) >= largeur * 0.6:
            return rang
    return 0


def _cles(entetes):
    """Normalised headers, made distinct and never empty."""
    cles = []
    for rang, entete in enumerate(entetes):
        cle = normaliser(entete) or f"colonne {rang + 1}"
        cles.append(cle if cle not in cles else f"{cle} {rang + 1}")
    return cles
