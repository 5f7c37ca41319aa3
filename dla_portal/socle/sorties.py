"""The one client for anything that leaves the machine.

Off by default: only the hosts of SORTIES_AUTORISEES are reached. No redirect is followed, five
seconds at most, one mebibyte at most, JSON only; every failure is a sentence, never a traceback.
"""

import json
from urllib.parse import urlsplit

import requests
from django.conf import settings

DELAI = 5  # seconds, for the connection and for each read
TAILLE_MAX = 1024 * 1024  # bytes


class SortieRefusee(Exception):
    """The address is not one the portal may reach."""


class SortieEnPanne(Exception):
    """The outside service did not answer as expected."""


def obtenir_json(adresse, parametres=None):
    """GET a JSON document from an allowed host.

    Raises SortieRefusee when the host is not allowed, SortieEnPanne on any failure.
    """
    parties = urlsplit(adresse)
    hote = parties.hostname or ""
    if parties.scheme not in {"http", "https"} or hote not in settings.SORTIES_AUTORISEES:
        raise SortieRefusee(f"Le portail n'est pas autorisé à joindre « {hote} ».")
    try:
        with requests.Session() as session:
            session.trust_env = False
            with session.get(
                adresse, params=parametres, timeout=DELAI, allow_redirects=False, stream=True
            ) as reponse:
                return _lire(reponse, hote)
    except requests.RequestException as erreur:
        raise SortieEnPanne(f"« {hote} » ne répond pas.") from erreur


def _lire(reponse, hote):
    if reponse.status_code != 200:
        raise SortieEnPanne(f"« {hote} » a répondu {reponse.status_code}.")
    corps = b""
    for morceau in reponse.iter_content(65536):
        corps += morceau
        if len(corps) > TAILLE_MAX:
            raise SortieEnPanne(f"La réponse de « {hote} » est trop longue.")
    try:
        return json.loads(corps)
    except ValueError as erreur:
        raise SortieEnPanne(f"La réponse de « {hote} » est illisible.") from erreur
