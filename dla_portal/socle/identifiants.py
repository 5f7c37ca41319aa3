"""SIRET, SIREN and RNA as people write them: one reading for the forms, the imports, the links.

Only what cannot be mistaken is repaired (spaces, punctuation, a label typed before the number);
everything else is refused with a French sentence. Raises ValidationError.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from stdnum.fr import siren as _siren
from stdnum.fr import siret as _siret

# « SIRET : », « n° SIREN », « RNA n° »… before the number.
_ETIQUETTE = re.compile(r"^(N[°Oº]?|NUMERO|SIRET|SIREN|RNA|WALDEC|DE|LE|:|=|\s)+(?=[\dW])")
_DECIMALES = re.compile(r"[.,]0+$")  # what a spreadsheet adds to a number
# Corsica writes 2A or 2B, overseas 9 and a letter (W9R1…), where others write their department.
LONGUEUR_MAX = 100  # characters looked at
COMPLETS = (9, 13, 14)  # digits of a SIREN, of a SIRET which lost its zero, of a SIRET
_RNA = re.compile(r"^W\d[0-9A-Z]\d{7}$")


def compacter(texte):
    """Fold full-width digits and capitals, drop the label, the spaces and the punctuation."""
    plie = unicodedata.normalize("NFKC", str(texte)[:LONGUEUR_MAX]).upper().strip()
    sans_etiquette = _ETIQUETTE.sub("", plie)
    entier = "".join(c for c in _DECIMALES.sub("", sans_etiquette) if c.isalnum())
    if len(entier) in COMPLETS:
        return entier
    return "".join(c for c in sans_etiquette if c.isalnum())


def lire_siret(texte):
    """Return the 14 checked digits of a SIRET (La Poste's exception included)."""
    chiffres = compacter(texte)
    if not (chiffres.isascii() and chiffres.isdigit()):
        raise ValidationError("Un SIRET ne contient que des chiffres.")
    if len(chiffres) == 13 and _siret.is_valid(f"0{chiffres}"):
        chiffres = f"0{chiffres}"  # the leading zero lost by a spreadsheet, proven by the key
    if len(chiffres) != 14:
        raise ValidationError(f"Un SIRET compte 14 chiffres ; vous en avez saisi {len(chiffres)}.")
    if not _siren.is_valid(chiffres[:9]):
        raise ValidationError("Les 9 premiers chiffres (SIREN) contiennent une erreur de saisie.")
    if not _siret.is_valid(chiffres):
        raise ValidationError("Les 5 derniers chiffres (NIC) contiennent une erreur de saisie.")
    return chiffres


def lire_siren(texte):
    """Return the 9 checked digits of a SIREN."""
    chiffres = compacter(texte)
    if not (len(chiffres) == 9 and _siren.is_valid(chiffres)):
        raise ValidationError("Un SIREN compte 9 chiffres ; l'un de ceux-ci est faux.")
    return chiffres


def lire_rna(texte):
    """Return an RNA number: W and nine digits, « W2A… » in Corsica, « W9R… » and the like overseas."""
    numero = compacter(texte)
    if not (numero.isascii() and _RNA.match(numero)):
        raise ValidationError(
            "Un numéro RNA s'écrit W suivi de 9 caractères, par exemple W131001234, W2B1000123 "
            "ou W9R1001234."
        )
    return numero


def reconnaitre(texte):
    """Return ("siret" | "siren" | "rna", its value), or ("", "") when the text is none of them."""
    compact = compacter(texte)
    lecteurs = {9: ("siren", lire_siren), 13: ("siret", lire_siret), 14: ("siret", lire_siret)}
    genre, lire = (
        ("rna", lire_rna) if compact[:1] == "W" else lecteurs.get(len(compact), ("", None))
    )
    if lire is None:
        return "", ""
    try:
        return genre, lire(texte)
    except ValidationError:
        return "", ""
