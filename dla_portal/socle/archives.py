"""Archives: PDF/A-3 files put together from PDFs already made, without rendering them again.

The pages of the first file are kept as they are; those of the second one come after, with their
tags; other files are embedded with their relationship, the exact bytes of each.
"""

import io
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, AttachedFileSpec, Name


@dataclass(frozen=True)
class Piece:
    """A file embedded in an archive; `relation` is one of those of PDF/A-3 (Source, Data…)."""

    nom: str
    octets: bytes
    type_mime: str
    description: str
    relation: str


def assembler(octets, suite, pieces=()):
    """Return one tagged PDF: the pages of `octets`, then those of `suite`, with the pieces.

    Both are tagged PDFs made by `documents.produire(…, archive=True)`.
    """
    with pikepdf.open(io.BytesIO(octets)) as base, pikepdf.open(io.BytesIO(suite)) as ajout:
        _ajouter_pages(base, ajout)
        for piece in pieces:
            _joindre(base, piece)
        sortie = io.BytesIO()
        base.save(sortie, deterministic_id=True)
        return sortie.getvalue()


def _ajouter_pages(base, ajout):
    """Append the pages and graft their structure tree: without it the tags would be orphans."""
    arbre = base.Root.StructTreeRoot
    nombres = arbre.ParentTree.Nums
    decalage = 1 + max((int(cle) for cle in list(nombres)[::2]), default=-1)
    # Pages first: `copy_foreign` then finds them when it follows the /Pg of each element.
    base.pages.extend(ajout.pages)
    copie = base.copy_foreign(ajout.Root.StructTreeRoot)
    for page in list(base.pages)[-len(ajout.pages) :]:
        page.obj.StructParents = int(page.obj.StructParents) + decalage
        for annotation in page.obj.get("/Annots", []):
            if "/StructParent" in annotation:
                annotation.StructParent = int(annotation.StructParent) + decalage
    ajoutes = list(copie.ParentTree.Nums)
    for cle, valeur in zip(ajoutes[::2], ajoutes[1::2], strict=True):
        nombres.append(int(cle) + decalage)
        nombres.append(valeur)
    for document in copie.K:
        document.P = arbre
        arbre.K.append(document)


def _joindre(base, piece):
    """Embed a file and list it among the associated files of the document."""
    fichier = AttachedFileSpec(
        base,
        piece.octets,
        filename=piece.nom,
        description=piece.description,
        mime_type=piece.type_mime,
        relationship=Name(f"/{piece.relation}"),
    )
    base.attachments[piece.nom] = fichier
    if "/AF" not in base.Root:
        base.Root.AF = Array()
    base.Root.AF.append(fichier.obj)


def pieces_jointes(octets):
    """Return the embedded files of a PDF, bytes by name."""
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        return {nom: fichier.get_file().read_bytes() for nom, fichier in pdf.attachments.items()}
