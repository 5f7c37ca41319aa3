"""Converters: a cell of text becomes a value, or raises Rejet with a French reason."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from dla_portal.socle import identifiants
from dla_portal.socle.recherche import normaliser

_ESPACES = re.compile(r"[\s\u00a0\u202f'’.\-]+")
_SCIENTIFIQUE = re.compile(r"^\d([.,]\d+)?e\+?\d+$", re.IGNORECASE)
_DATE_FR = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2}|\d{4})$")
_DATE_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})([T ].*)?$")
_EXCEL_ZERO = date(1899, 12, 30)


class Rejet(Exception):
    """A row or a cell is refused; the message is the French reason."""


def siret(brut):
    """Return 14 checked digits. Never guesses: a rounded number is refused."""
    if not brut:
        raise Rejet("SIRET absent.")
    sans_decimale = re.sub(r"[.,]0+$", "", brut.strip())
    if _SCIENTIFIQUE.match(_ESPACES.sub("", sans_decimale.replace(".", ","))):
        raise Rejet(f"SIRET arrondi par un tableur (« {brut} ») : le numéro d'origine est perdu.")
    compact = identifiants.compacter(brut)
    if len(compact) == 14 and compact.endswith("00000"):
        raise Rejet(f"SIRET « {brut} » arrondi par un tableur : ses derniers chiffres sont perdus.")
    try:
        return identifiants.lire_siret(brut)
    except ValidationError as erreur:
        raise Rejet(f"SIRET « {brut} » : {erreur.messages[0]}") from erreur


def rna(brut):
    """Return a checked RNA number, "" when blank."""
    if not brut.strip():
        return ""
    try:
        return identifiants.lire_rna(brut)
    except ValidationError as erreur:
        raise Rejet(f"RNA « {brut} » : {erreur.messages[0]}") from erreur


def texte(maximum=250, *, obligatoire="", couper=False):
    """Return a converter to text of at most `maximum` characters."""

    def convertir(brut):
        valeur = " ".join(unicodedata.normalize("NFC", brut).split())
        if obligatoire and not valeur:
            raise Rejet(obligatoire)
        if len(valeur) > maximum:
            if couper:
                return valeur[:maximum]
            raise Rejet(f"« {valeur[:30]}… » dépasse {maximum} caractères.")
        return valeur

    return convertir


def jour(brut):
    """Return a date written JJ/MM/AAAA, ISO, or as a spreadsheet's serial number; None if empty."""
    brut = brut.strip()
    if not brut:
        return None
    try:
        if trouve := _DATE_ISO.match(brut):
            return date(int(trouve[1]), int(trouve[2]), int(trouve[3]))
        if trouve := _DATE_FR.match(brut):
            annee = int(trouve[3])
            return date(annee + 2000 if annee < 100 else annee, int(trouve[2]), int(trouve[1]))
        if re.fullmatch(r"\d{5}(\.0)?", brut):
            return _EXCEL_ZERO + timedelta(days=int(float(brut)))
    except ValueError as erreur:
        raise Rejet(f"La date « {brut} » n'existe pas.") from erreur
    raise Rejet(f"« {brut} » n'est pas une date (JJ/MM/AAAA ou AAAA-MM-JJ).")


def decimal(brut):
    """Return a Decimal ≥ 0 written with comma or dot, spaces and € allowed; None if empty."""
    compact = "".join(c for c in brut if c not in " \u00a0\u202f€\t")
    if compact in {"", "-", "—"}:
        return None
    if "," in compact and "." in compact:
        compact = compact.replace("." if compact.rfind(",") > compact.rfind(".") else ",", "")
    try:
        nombre = Decimal(compact.replace(",", "."))
    except InvalidOperation as erreur:
        raise Rejet(f"« {brut} » n'est pas un nombre.") from erreur
    if not nombre.is_finite() or abs(nombre) >= Decimal(10) ** 10:
        raise Rejet(f"« {brut} » n'est pas un nombre admis.")
    if nombre < 0:
        raise Rejet(f"« {brut} » est négatif.")
    return nombre.quantize(Decimal("0.01"))


def entier(brut):
    """Return an integer ≥ 0, or None if empty."""
    nombre = decimal(brut)
    if nombre is None:
        return None
    if nombre != int(nombre):
        raise Rejet(f"« {brut} » n'est pas un nombre entier.")
    return int(nombre)


def choix(valeurs, *, nom):
    """Return a converter to a code; `valeurs` maps codes to labels, both are accepted."""
    table = {normaliser(str(code)): code for code in valeurs}
    table |= {normaliser(str(libelle)): code for code, libelle in valeurs.items()}

    def convertir(brut):
        if not brut.strip():
            return ""
        code = table.get(normaliser(brut))
        if code is None:
            raise Rejet(f"{nom} « {brut} » inconnu.")
        return code

    return convertir


def liste(brut):
    """Return the non-empty values separated by `|`."""
    return [valeur.strip() for valeur in brut.split("|") if valeur.strip()]
