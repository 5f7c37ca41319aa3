"""Working days of France: deadlines are counted without week-ends nor public holidays."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

_FIXES = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))


def paques(annee):
    """Return Easter Sunday of a year (Gregorian calendar, anonymous computus)."""
    a, (b, c) = annee % 19, divmod(annee, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    decalage = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * decalage) // 433
    mois = (h + decalage - 7 * m + 90) // 25
    return date(annee, mois, (h + decalage - 7 * m + 33 * mois + 19) % 32)


@lru_cache(maxsize=64)
def feries(annee):
    """Return the eleven national public holidays of a year."""
    dimanche = paques(annee)
    mobiles = (dimanche + timedelta(days=jours) for jours in (1, 39, 50))
    return frozenset({*(date(annee, mois, jour) for mois, jour in _FIXES), *mobiles})


def ouvre(jour):
    """Say whether a date is a working day."""
    return jour.weekday() < 5 and jour not in feries(jour.year)


def ajouter_jours_ouvres(jour, nombre):
    """Return the date `nombre` working days after a date (before it when negative)."""
    pas = timedelta(days=1 if nombre >= 0 else -1)
    reste = abs(nombre)
    while reste:
        jour += pas
        if ouvre(jour):
            reste -= 1
    return jour


def plus_mois(jour, mois):
    """Return the date some months later, on the last day of the month when it is shorter."""
    rang = jour.month - 1 + mois
    annee, numero = jour.year + rang // 12, rang % 12 + 1
    return date(annee, numero, min(jour.day, monthrange(annee, numero)[1]))


def ecart_ouvre(debut, fin):
    """Return the signed number of working days from `debut` (excluded) to `fin` (included)."""
    if fin < debut:
        return -ecart_ouvre(fin, debut)
    jours = (debut + timedelta(days=n) for n in range(1, (fin - debut).days + 1))
    return sum(1 for jour in jours if ouvre(jour))
