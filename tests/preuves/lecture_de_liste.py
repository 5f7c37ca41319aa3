"""Reading a list as people do: the table of its page, and the three files it exports."""

import csv
import io
import re
from datetime import date, datetime
from html.parser import HTMLParser

import openpyxl
from python_calamine import CalamineWorkbook

FORMATS = ("csv", "xlsx", "ods")


class _Tableau(HTMLParser):
    """The headers and the cells of the table of a list."""

    def __init__(self):
        super().__init__()
        self.entetes, self.lignes, self.dans, self.cache = [], [], None, 0

    def handle_starttag(self, balise, attributs):
        attributs = dict(attributs)
        if balise == "tr":
            self.lignes.append([])
        elif balise == "td" and "data-label" in attributs:
            self.lignes[-1].append("")
            self.dans = self.lignes[-1]
        elif balise == "th" and "cocher" not in attributs.get("class", ""):
            self.entetes.append("")
            self.dans = self.entetes
        elif balise == "span" and "invisible-a-l-oeil" in attributs.get("class", ""):
            self.cache += 1

    def handle_endtag(self, balise):
        if balise in ("td", "th"):
            self.dans = None
        elif balise == "span" and self.cache:
            self.cache -= 1

    def handle_data(self, texte):
        if self.dans is not None and not self.cache:
            self.dans[-1] += texte


def _canonique(valeur):
    """What a cell says, whatever its dress: text, number, hours or date, on screen or in a file."""
    if isinstance(valeur, datetime):
        return (
            f"{valeur:%d/%m/%Y}"
            if valeur.time() == datetime.min.time()
            else f"{valeur:%d/%m/%Y %H:%M}"
        )
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    texte = " ".join(str("" if valeur is None else valeur).split())
    nu = re.sub(r"[\s\u00a0\u202f€]", "", texte).replace(",", ".")
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", nu) and len(nu) < 14:  # a SIRET is no number
        return f"{float(nu):.2f}"
    if duree := re.fullmatch(r"(?:([0-9]+)h)?(?:([0-9]+)(?:min)?)?", nu):
        heures, minutes = (int(partie or 0) for partie in duree.groups())
        return f"{heures + minutes / 60:.2f}" if nu else ""
    return "" if texte == "—" else texte.removeprefix("'")


def ecran(page):
    """Return (headers, rows) of the table in an HTML answer; ([], []) when it is empty."""
    html = page.content.decode()
    debut = html.find('<table class="tableau en-liste">')
    if debut < 0:
        return [], []
    tableau = _Tableau()
    tableau.feed(html[debut : html.index("</table>", debut)])
    lignes = [[_canonique(c) for c in ligne] for ligne in tableau.lignes if ligne]
    return [" ".join(entete.split()) for entete in tableau.entetes], lignes


def fichier(reponse, format_):
    """Return (headers, rows) of an export."""
    octets = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    if format_ == "csv":
        lignes = list(csv.reader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))
    elif format_ == "xlsx":
        feuille = openpyxl.load_workbook(io.BytesIO(octets)).active
        lignes = [list(ligne) for ligne in feuille.iter_rows(values_only=True)]
    else:
        feuille = CalamineWorkbook.from_filelike(io.BytesIO(octets)).get_sheet_by_index(0)
        lignes = feuille.to_python(skip_empty_area=False)
    entetes, *corps = lignes
    return list(entetes), [[_canonique(c) for c in ligne] for ligne in corps]
