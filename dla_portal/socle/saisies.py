"""What an address or a hidden field carries, read without trust."""

import re

ENTIER = re.compile(r"[0-9]{1,10}")  # `str.isdigit` would also take « ² » and « ٣ »
ENTIER_MAX = 2_147_483_646  # one below what an integer column holds: a version grows by one


def entier(brut):
    """Return the whole number written in plain digits (ENTIER_MAX at most), or None."""
    lu = int(brut) if ENTIER.fullmatch(brut or "") else None
    return lu if lu is not None and lu <= ENTIER_MAX else None
