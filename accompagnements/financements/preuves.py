"""FSE+ evidence of a mission as one zip (domaine.md §7.2): its files, its index, what is missing.

Every readable file of the engineering and of its dossiers is in it, once; the cahier des charges,
the minutes of the choice and the convention are made again when they were never stored. Nothing
is held in memory but one file at a time: the zip grows in a temporary file.
"""

import tempfile
import unicodedata
import zipfile
from dataclasses import dataclass

from accompagnements.consultations import documents as documents_consultation
from accompagnements.conventions import documents as documents_convention
from accompagnements.financements.controle import controle
from accompagnements.financements.index import index
from dla_portal.socle.fichiers import Fichier
from dla_portal.socle.regles import exiger_aucun_manque

TAILLE_MAX = 500 * 1024 * 1024  # bytes of stored files in one evidence file
NOM_MAX = 100  # characters kept of the name that somebody gave to a file
INTERDITS = set('\\/:*?"<>|')  # what a file system reads as a path or refuses
LIBELLES = {"facture": "Facture", "rapport": "Rapport final", "convention": "Convention"}


@dataclass(frozen=True)
class Piece:
    """One entry of the zip, for its index. `absente`: recorded, but its bytes cannot be read."""

    nom: str
    origine: str
    depose_le: object = None
    taille: int = 0
    sha256: str = ""
    absente: bool = False


def fils(mission):
    """Threads whose files are evidence: the engineering, the dossiers and demandes of its operator."""
    dossiers = mission.convention.ingenierie.accompagnements().filter(
        operateur=mission.operateur_id
    )
    siens = [
        (f"accompagnement:{pk}", f"demande:{demande}")
        for pk, demande in dossiers.values_list("pk", "demande")
    ]
    return [mission.fil, *(fil for couple in siens for fil in couple)]


def fichiers(mission):
    """Files of the dossier, oldest first. A sealed deposit left is one replaced or out of time."""
    siens = Fichier.objects.filter(fil__in=fils(mission), scelle=False)
    return list(siens.order_by("depose_le", "pk"))


def manques_de_l_archive(mission):
    """The whole stays within what a browser can download at once."""
    total = sum(fichier.taille for fichier in fichiers(mission))
    if total <= TAILLE_MAX:
        return []
    limite = TAILLE_MAX // (1024 * 1024)
    return [
        f"Les pièces pèsent {total // (1024 * 1024)} Mo : au-delà de {limite} Mo, "
        "téléchargez-les une à une depuis le dossier."
    ]


def nom_inerte(nom):
    """Return a file name without any path, control or direction character; never empty."""
    compose = unicodedata.normalize("NFC", nom)
    lettres = ["_" if c in INTERDITS or not c.isprintable() else c for c in compose]
    propre = "".join(lettres).strip(" .")
    if len(propre) <= NOM_MAX:
        return propre or "sans nom"
    racine, point, extension = propre.rpartition(".")
    if not point or len(extension) > 5:
        return propre[:NOM_MAX]
    return f"{racine[: NOM_MAX - len(extension) - 1]}.{extension}"


def archive(mission):
    """Return the zip as an open temporary file, at its beginning; the caller closes it.

    Raises Manques when the files are too heavy together.
    """
    exiger_aucun_manque(manques_de_l_archive(mission))
    flux = tempfile.TemporaryFile()  # noqa: SIM115 (handed over to the answer, which closes it)
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as zip_:
        pieces = _deposees(zip_, mission)
        pieces += _produites(zip_, mission, len(pieces))
        zip_.writestr("00 - Index et contrôle.xlsx", index(mission, pieces, controle(mission)))
    flux.seek(0)
    return flux


def _deposees(zip_, mission):
    """Write every stored file under a readable name; return their pieces."""
    pieces = []
    for rang, fichier in enumerate(fichiers(mission), 1):
        genre = LIBELLES.get(fichier.categorie, fichier.categorie.capitalize() or "Pièce")
        nom = f"{rang:02d} - {nom_inerte(genre)} - {nom_inerte(fichier.nom)}"
        try:
            zip_.writestr(nom, fichier.lire())
            absente = False
        except OSError:  # its bytes are gone from the storage: said in the index, not hidden
            absente = True
        pieces.append(
            Piece(nom, "déposée", fichier.depose_le, fichier.taille, fichier.sha256, absente)
        )
    return pieces


def _produites(zip_, mission, deja):
    """Write the documents that the portal makes and has not stored."""
    convention = mission.convention
    a_produire = []
    if convention.consultation is not None:
        a_produire += [
            ("Cahier des charges", documents_consultation.cahier_des_charges),
            ("Procès-verbal de choix", documents_consultation.pv_de_choix),
        ]
    pieces = []
    for libelle, produire in a_produire:
        pieces.append(_produire(zip_, libelle, lambda p=produire: p(convention.consultation), deja))
        deja += 1
    if convention.document_id is None and convention.proposition_id:
        pieces.append(
            _produire(
                zip_,
                "Convention tripartite",
                lambda: documents_convention.convention(convention),
                deja,
            )
        )
    return pieces


def _produire(zip_, libelle, faire, deja):
    nom = f"{deja + 1:02d} - {libelle}.pdf"
    octets = faire()
    zip_.writestr(nom, octets)
    return Piece(nom, "établie par le portail", None, len(octets))
