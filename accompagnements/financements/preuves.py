"""FSE+ evidence of a mission as one zip (domaine.md §7.2): its files, its index, what is missing.

Every readable file of the engineering and of its dossiers is in it, once; what the portal never
stored is made again (see `inventaire`). Nothing is held in memory but one file at a time: the zip
grows in a temporary file.
"""

import hashlib
import tempfile
import zipfile
from dataclasses import dataclass

from accompagnements.financements.controle import controle
from accompagnements.financements.index import index
from accompagnements.financements.inventaire import INDEX, inventaire
from dla_portal.socle.regles import exiger_aucun_manque

TAILLE_MAX = 500 * 1024 * 1024  # bytes of stored files in one evidence file


@dataclass(frozen=True)
class Piece:
    """One entry of the zip, for its index. `absente`: recorded, but its bytes cannot be read."""

    nom: str
    origine: str
    depose_le: object = None
    taille: int = 0
    sha256: str = ""
    absente: bool = False


def manques_de_l_archive(entrees):
    """The whole stays within what a browser can download at once."""
    total = sum(entree.fichier.taille for entree in entrees if entree.fichier)
    if total <= TAILLE_MAX:
        return []
    limite = TAILLE_MAX // (1024 * 1024)
    return [
        f"Les pièces pèsent {total // (1024 * 1024)} Mo : au-delà de {limite} Mo, "
        "téléchargez-les une à une depuis le dossier."
    ]


def lisibles(entrees):
    """Return key → name in the zip of what can be read, without reading it."""
    return {entree.cle: entree.nom for entree in entrees if _se_lit(entree.fichier)}


def _se_lit(fichier):
    return fichier is None or fichier.contenu.storage.exists(fichier.contenu.name)


def archive(mission):
    """Return the zip as an open temporary file, at its beginning; the caller closes it.

    Raises Manques when the files are too heavy together.
    """
    entrees = inventaire(mission)
    exiger_aucun_manque(manques_de_l_archive(entrees))
    flux = tempfile.TemporaryFile()  # noqa: SIM115 (handed over to the answer, which closes it)
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as zip_:
        pieces = {entree.cle: _ecrire(zip_, entree) for entree in entrees}
        ecrites = {cle: piece.nom for cle, piece in pieces.items() if not piece.absente}
        zip_.writestr(INDEX, index(mission, pieces.values(), controle(mission, ecrites)))
    flux.seek(0)
    return flux


def _ecrire(zip_, entree):
    """Write one entry; a stored file whose bytes are gone is said in the index, not hidden."""
    fichier = entree.fichier
    try:
        octets = entree.octets()
    except OSError:
        if fichier is None:
            raise
        depot = (fichier.depose_le, fichier.taille, fichier.sha256)
        return Piece(entree.nom, "déposée", *depot, absente=True)
    zip_.writestr(entree.nom, octets)
    if fichier is None:
        empreinte = hashlib.sha256(octets).hexdigest()
        return Piece(entree.nom, "établie par le portail", None, len(octets), empreinte)
    return Piece(entree.nom, "déposée", fichier.depose_le, fichier.taille, fichier.sha256)
