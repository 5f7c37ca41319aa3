"""Durations: kept in whole minutes, typed as people write them, shown in hours or in days."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django import forms
from django.core.exceptions import ValidationError

MINUTES_PAR_JOUR = 7 * 60  # a working day: seven hours, the legal week over five days
MINUTES_MAX = 24 * 60
SAISIE_MAX = 20  # characters

_NOMBRE = r"([0-9]{1,4}(?:[.,][0-9]{1,3})?|[.,][0-9]{1,3})"
_HEURES_ET_MINUTES = re.compile(r"([0-9]{1,3})(?:h|heures?|:)([0-9]{1,2})(?:m|mn|min|minutes?)?")
_UNITES = [
    (re.compile(rf"{_NOMBRE}(?:h|heures?)"), 60),
    (re.compile(rf"{_NOMBRE}(?:j|jours?|journées?)"), MINUTES_PAR_JOUR),
    (re.compile(rf"{_NOMBRE}(?:m|mn|min|minutes?|['’′])"), 1),
]
_SEUL = re.compile(_NOMBRE)
HEURES_SEULES_MAX = 24  # a number without unit means hours up to there
INVALIDE = "Indiquez une durée, par exemple 1h30, 1,5 h, 90 min ou 0,5 j."
SANS_UNITE = "Précisez l'unité : « {0} h », « {0} min » ou « {0} j »."


def lire(texte):
    """Return the whole minutes of a duration typed by a person; raise ValidationError otherwise.

    « 1h30 », « 1 h 30 », « 1:30 », « 1,5 h », « 90 min », « 0,5 j » (a day is seven hours); a
    number alone means hours.
    """
    compact = re.sub(r"[\s\u00a0\u202f]+", "", str(texte)).lower()
    if len(compact) > SAISIE_MAX or not compact.isprintable():
        raise ValidationError(INVALIDE, code="invalid")
    exacte = _HEURES_ET_MINUTES.fullmatch(compact)
    if exacte:
        heures, minutes = int(exacte[1]), int(exacte[2])
        if minutes >= 60:
            raise ValidationError("Les minutes vont de 0 à 59.", code="invalid")
        return heures * 60 + minutes
    for forme, minutes in _UNITES:
        lue = forme.fullmatch(compact)
        if lue:
            return _arrondir(_decimal(lue[1]) * minutes)
    if _SEUL.fullmatch(compact):
        if _decimal(compact) > HEURES_SEULES_MAX:
            raise ValidationError(SANS_UNITE.format(compact), code="invalid")
        return _arrondir(_decimal(compact) * 60)
    raise ValidationError(INVALIDE, code="invalid")


def _decimal(texte):
    return Decimal(texte.replace(",", "."))


def _arrondir(minutes):
    return int(minutes.quantize(Decimal(1), ROUND_HALF_UP))


def en_mots(minutes):
    """90 → « 1 h 30 », 45 → « 45 min », 120 → « 2 h »; nothing known is an em dash."""
    if minutes is None or minutes == "":
        return "—"
    heures, reste = divmod(int(minutes), 60)
    if not heures:
        return f"{reste} min"
    milliers = f"{heures:,}".replace(",", "\u202f")
    return f"{milliers} h {reste:02d}" if reste else f"{milliers} h"


def en_heures(minutes):
    """Decimal hours with two decimals, for the exports; None stays None."""
    return None if minutes is None else round(Decimal(minutes) / 60, 2)


def en_jours(minutes):
    """Decimal days of seven hours with two decimals; None counts for nothing."""
    return round(Decimal(minutes or 0) / MINUTES_PAR_JOUR, 2)


def total_en_mots(minutes):
    """« 3 h 30 (0,5 jour) »: hours, and the days of seven hours beside."""
    jours = f"{en_jours(minutes):.1f}"
    s = "s" if Decimal(jours) >= 2 else ""
    return f"{en_mots(minutes)} ({jours.replace('.', ',').removesuffix(',0')} jour{s})"


class ChampDuree(forms.CharField):
    """A duration typed as people do; the cleaned value is in whole minutes, None when empty."""

    def __init__(self, **options):
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        options.setdefault("help_text", "Par exemple 1h30, 1,5 h, 90 min ou 0,5 j (7 h par jour).")
        super().__init__(**options)

    def clean(self, value):
        texte = super().clean(value)
        if texte in (None, ""):
            return None
        minutes = lire(texte)
        if not 1 <= minutes <= MINUTES_MAX:
            raise ValidationError("Une durée va d'une minute à 24 heures.", code="invalid")
        return minutes

    def prepare_value(self, value):
        return en_mots(value) if isinstance(value, int) else value

    def has_changed(self, initial, data):
        """Two ways of writing the same duration are the same."""
        try:
            return (lire(data) if data else None) != (initial or None)
        except ValidationError:
            return True
