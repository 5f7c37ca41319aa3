"""What an address or a hidden field carries, read without trust."""

import re
from datetime import datetime

from django.core.management.base import CommandError

ENTIER = re.compile(r"[0-9]{1,10}")  # `str.isdigit` would also take « ² » and « ٣ »
ENTIER_MAX = 2_147_483_646  # one below what an integer column holds: a version grows by one


def entier(brut):
    """Return the whole number written in plain digits (ENTIER_MAX at most), or None."""
    lu = int(brut) if ENTIER.fullmatch(brut or "") else None
    return lu if lu is not None and lu <= ENTIER_MAX else None


def date_de_commande(brut):
    """Return the date given to a command, or raise CommandError."""
    for forme in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(brut, forme).date()
        except ValueError:
            continue
    raise CommandError(f"« {brut} » n'est pas une date (JJ/MM/AAAA).")
