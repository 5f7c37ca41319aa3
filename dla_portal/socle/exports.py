"""Exports of exactly the rows and columns on screen: CSV streamed, XLSX by xlsxwriter.

Cells are inert: what a spreadsheet would run as a formula is written as text.
"""

import csv
import io
from datetime import date, datetime

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

FORMULE = ("=", "+", "-", "@", "\t", "\r")
TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        for titre, entetes, lignes in feuilles:
            feuille = livre.add_worksheet(titre[:31])
            feuille.write_row(0, 0, entetes, gras)
            feuille.freeze_panes(1, 0)
            largeurs = [len(str(entete)) for entete in entetes]
            for rang, ligne in enumerate(lignes, 1):
                for colonne, valeur in enumerate(ligne):
                    _ecrire(feuille, rang, colonne, valeur, jour)
                    largeurs[colonne] = max(largeurs[colonne], min(len(str(valeur or "")), 48))
            for colonne, largeur in enumerate(largeurs):
                feuille.set_column(colonne, colonne, largeur + 2)
    return tampon.getvalue()


def _ecrire(feuille, rang, colonne, valeur, format_jour):
    if valeur is None:
        return
    if isinstance(valeur, datetime):
        feuille.write_datetime(rang, colonne, timezone.localtime(valeur), format_jour)
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
