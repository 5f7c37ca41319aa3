"""Sealing: what is deposited before a deadline is ciphertext until the opening.

Fernet (AES-128-CBC + HMAC-SHA-256, library `cryptography`); the keys live in CLES_SCELLES,
outside the database. The first key seals, every key opens: see docs/exploitation.md for rotation.
"""

import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class ScelleRompu(Exception):
    """The sealed bytes were altered, or no configured key opens them."""


def _coffre():
    return MultiFernet([Fernet(cle) for cle in settings.CLES_SCELLES])


def sceller(octets):
    """Return the ciphertext of some bytes."""
    return _coffre().encrypt(octets)


def ouvrir(scelle):
    """Return the bytes of a ciphertext; raise ScelleRompu when it does not verify."""
    try:
        return _coffre().decrypt(bytes(scelle))
    except InvalidToken as erreur:
        raise ScelleRompu("Le dépôt scellé est illisible ou a été altéré.") from erreur


def sceller_json(donnees):
    """Seal a JSON-able value."""
    return sceller(json.dumps(donnees, ensure_ascii=False, sort_keys=True).encode())


def ouvrir_json(scelle):
    """Open a value sealed by `sceller_json`."""
    return json.loads(ouvrir(scelle))
