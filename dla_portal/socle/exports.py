"""Exports of exactly the rows and columns on screen: CSV streamed, XLSX by xlsxwriter, ODS.

Cells are inert: what a spreadsheet would run as a formula is written as text. The ODS is written
row after row by hand: the library for it holds the whole document in memory.
"""

import csv
import io
import re
import tempfile
import zipfile
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

FORMULE = ("=", "+", "-", "@", "\t", "\r")
TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPE_ODS = "application/vnd.oasis.opendocument.spreadsheet"
EN_MEMOIRE = 2_000_000  # bytes of an ODS kept in memory; beyond, on the disk
LOT_ODS = 200  # rows written at once
_HORS_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def inerte(valeur):
    """Return the value as text that no spreadsheet runs."""
    if valeur is None:
        return ""
    if isinstance(valeur, datetime):
        return f"{timezone.localtime(valeur):%d/%m/%Y %H:%M}"
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    if isinstance(valeur, str) and valeur.startswith(FORMULE):
        return f"'{valeur}"
    return valeur


class _Echo:
    """A file-like object that hands back what is written, so that csv can stream."""

    def write(self, ligne):
        return ligne


def csv_en_flux(nom, entetes, lignes):
    """Stream a CSV (UTF-8 with BOM, semicolons, as French spreadsheets expect)."""
    ecrivain = csv.writer(_Echo(), delimiter=";")

    def flux():
        yield "\ufeff" + ecrivain.writerow(entetes)
        for ligne in lignes:
            yield ecrivain.writerow([_decimal(inerte(cellule)) for cellule in ligne])

    reponse = StreamingHttpResponse(flux(), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.csv"'
    return reponse


def _decimal(valeur):
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, (int, str)):
        return valeur
    return str(valeur).replace(".", ",")


def classeur(feuilles):
    """Return the bytes of an XLSX; `feuilles` is a list of (title, headers, rows)."""
    tampon = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(tampon, options) as livre:
        gras = livre.add_format({"bold": True, "bottom": 1})
        jour = livre.add_format({"num_format": "dd/mm/yyyy"})
        moment = livre.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for titre, entetes, lignes in feuilles:
            feuille = livre.add_worksheet(_nom_de_feuille(titre))
            feuille.write_row(0, 0, entetes, gras)
            feuille.freeze_panes(1, 0)
            largeurs = [len(str(entete)) for entete in entetes]
            for rang, ligne in enumerate(lignes, 1):
                for colonne, valeur in enumerate(ligne):
                    _ecrire(feuille, rang, colonne, valeur, jour, moment)
                    largeurs[colonne] = max(largeurs[colonne], min(len(str(valeur or "")), 48))
            for colonne, largeur in enumerate(largeurs):
                feuille.set_column(colonne, colonne, largeur + 2)
    return tampon.getvalue()


def _nom_de_feuille(titre):
    """The title without what spreadsheets refuse in the name of a sheet."""
    return re.sub(r"[\[\]*?:/\\']", " ", titre)[:31]


def _ecrire(feuille, rang, colonne, valeur, format_jour, format_moment):
    if valeur is None:
        return
    if isinstance(valeur, datetime):
        feuille.write_datetime(rang, colonne, timezone.localtime(valeur), format_moment)
    elif isinstance(valeur, date):
        feuille.write_datetime(rang, colonne, valeur, format_jour)
    elif isinstance(valeur, bool):
        feuille.write_string(rang, colonne, "oui" if valeur else "non")
    elif isinstance(valeur, str):
        feuille.write_string(rang, colonne, valeur)
    else:
        feuille.write_number(rang, colonne, valeur)


def reponse_xlsx(nom, feuilles):
    """Return the HTTP answer that downloads an XLSX."""
    return FileResponse(
        io.BytesIO(classeur(feuilles)),
        as_attachment=True,
        filename=f"{nom}.xlsx",
        content_type=TYPE_XLSX,
    )


_ESPACES = " ".join(
    f'xmlns:{nom}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for nom, urn in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "number": "datastyle",
        "fo": "xsl-fo-compatible",
        "manifest": "manifest",
    }.items()
)
_DEUX_CHIFFRES = "".join(
    f'<number:{part} number:style="long"/>{suite}'
    for part, suite in (
        ("day", "<number:text>/</number:text>"),
        ("month", "<number:text>/</number:text>"),
        ("year", ""),
    )
)
_HEURE = (
    '<number:text> </number:text><number:hours number:style="long"/>'
    '<number:text>:</number:text><number:minutes number:style="long"/>'
)
_STYLES = (
    f'<number:date-style style:name="j">{_DEUX_CHIFFRES}</number:date-style>'
    f'<number:date-style style:name="jh">{_DEUX_CHIFFRES}{_HEURE}</number:date-style>'
    '<style:style style:name="jour" style:family="table-cell" style:data-style-name="j"/>'
    '<style:style style:name="moment" style:family="table-cell" style:data-style-name="jh"/>'
    '<style:style style:name="entete" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)
_MANIFESTE = (
    f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest {_ESPACES} manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPE_ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def _cellule_ods(valeur, style=""):
    """One cell: a typed number or date, else text that nothing runs."""
    if valeur is None or valeur == "":
        return "<table:table-cell/>"
    if isinstance(valeur, bool):
        valeur = "oui" if valeur else "non"
    texte, attributs = str(valeur), 'office:value-type="string"'
    if isinstance(valeur, date):  # a datetime is a date
        moment = isinstance(valeur, datetime)
        style, texte = "moment" if moment else "jour", inerte(valeur)
        local = timezone.localtime(valeur).replace(tzinfo=None, microsecond=0) if moment else valeur
        attributs = f'office:value-type="date" office:date-value="{local.isoformat()}"'
    elif isinstance(valeur, int | float | Decimal):
        texte = str(_decimal(valeur))
        attributs = f'office:value-type="float" office:value="{valeur}"'
    if style:
        attributs += f" table:style-name={quoteattr(style)}"
    contenu = escape(_HORS_XML.sub("", texte)).replace("\n", "</text:p><text:p>")
    return f"<table:table-cell {attributs}><text:p>{contenu}</text:p></table:table-cell>"


def ecrire_ods(fichier, titre, entetes, lignes):
    """Write one sheet as an ODS into an open binary file; memory stays flat."""
    nom = quoteattr(_nom_de_feuille(titre))
    with zipfile.ZipFile(fichier, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr("mimetype", TYPE_ODS, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFESTE)
        with archive.open("content.xml", "w", force_zip64=True) as contenu:
            contenu.write(
                f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ESPACES} '
                f'office:version="1.3"><office:automatic-styles>{_STYLES}</office:automatic-styles>'
                f"<office:body><office:spreadsheet><table:table table:name={nom}>"
                f'<table:table-column table:number-columns-repeated="{len(entetes)}"/>'.encode()
            )
            tampon = [_rangee(entetes, "entete")]
            for ligne in lignes:
                tampon.append(_rangee(ligne))
                if len(tampon) >= LOT_ODS:
                    contenu.write("".join(tampon).encode())
                    tampon = []
            tampon.append("</table:table></office:spreadsheet></office:body>")
            contenu.write(f"{''.join(tampon)}</office:document-content>".encode())


def _rangee(valeurs, style=""):
    cellules = "".join(_cellule_ods(valeur, style) for valeur in valeurs)
    return f"<table:table-row>{cellules}</table:table-row>"


def reponse_ods(nom, titre, entetes, lignes):
    """Return the HTTP answer that downloads an ODS."""
    fichier = tempfile.SpooledTemporaryFile(EN_MEMOIRE)  # noqa: SIM115 — closed by the answer
    ecrire_ods(fichier, titre, entetes, lignes)
    fichier.seek(0)
    return FileResponse(fichier, as_attachment=True, filename=f"{nom}.ods", content_type=TYPE_ODS)
