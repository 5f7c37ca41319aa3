"""The one client for anything that leaves the machine.

Off by default: only the hosts of SORTIES_AUTORISEES are reached. No redirect is followed, one
mebibyte at most, JSON only; every failure is a sentence, never a traceback. SORTIES_DELAI bounds
the whole call, name look-up included: a server that drips its bytes one by one holds no page.
"""

import http.client
import json
import socket
import threading
from urllib.parse import urlencode, urlsplit

from django.conf import settings

TAILLE_MAX = 1024 * 1024  # bytes
ATTENTE_MAX = 3600  # seconds that a service may ask us to wait
ENTETES = {"Accept": "application/json", "User-Agent": "Portail-DLA"}
# Calls under way in this process, abandoned ones included: a sick network fills no more threads.
_PLACES = threading.BoundedSemaphore(8)


class SortieRefusee(Exception):
    """The address is not one the portal may reach."""


class SortieEnPanne(Exception):
    """The outside service did not answer as expected. `attendre`: seconds that it asked for."""

    def __init__(self, phrase, attendre=0):
        super().__init__(phrase)
        self.attendre = attendre


class _Appel(threading.Thread):
    """One GET in its own thread, which the caller abandons when its time is over."""

    def __init__(self, parties, chemin, delai):
        super().__init__(daemon=True)
        https = parties.scheme == "https"
        genre = http.client.HTTPSConnection if https else http.client.HTTPConnection
        self.connexion = genre(parties.hostname, parties.port, timeout=delai)
        self.chemin, self.abandonne = chemin, False
        self.statut, self.attendre, self.corps, self.erreur = None, "", b"", None

    def run(self):
        try:
            self.connexion.connect()
            if not self.abandonne:
                self._lire()
        except Exception as erreur:  # told to the caller, in its own thread
            self.erreur = erreur
        finally:
            self.connexion.close()
            _PLACES.release()

    def _lire(self):
        self.connexion.request("GET", self.chemin, headers=ENTETES)
        with self.connexion.getresponse() as reponse:
            self.statut = reponse.status
            self.attendre = reponse.getheader("Retry-After") or ""
            if self.statut == 200:
                self.corps = reponse.read(TAILLE_MAX + 1)

    def couper(self):
        """Close the socket under the feet of the thread: its read ends at once."""
        self.abandonne = True
        prise = self.connexion.sock
        if prise is not None:
            try:
                prise.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # already closed
        self.join(0.2)


def permise(adresse):
    """Say whether the portal may reach the host of this address."""
    parties = urlsplit(adresse)
    hotes = settings.SORTIES_AUTORISEES
    return parties.scheme in {"http", "https"} and (parties.hostname or "") in hotes


def obtenir_json(adresse, parametres=None):
    """GET a JSON document from an allowed host, in SORTIES_DELAI seconds at most.

    Raises SortieRefusee when the host is not allowed, SortieEnPanne on any failure.
    """
    parties = urlsplit(adresse)
    hote = parties.hostname or ""
    if not permise(adresse):
        raise SortieRefusee(f"Le portail n'est pas autorisé à joindre « {hote} ».")
    questions = "&".join(filter(None, (parties.query, urlencode(parametres or {}))))
    chemin = f"{parties.path or '/'}{'?' if questions else ''}{questions}"
    if not _PLACES.acquire(blocking=False):
        raise SortieEnPanne(f"« {hote} » a trop d'appels en attente.")
    appel = _Appel(parties, chemin, settings.SORTIES_DELAI)
    appel.start()
    appel.join(settings.SORTIES_DELAI)
    if appel.is_alive():
        appel.couper()
        raise SortieEnPanne(f"« {hote} » ne répond pas.")
    return _comprendre(appel, hote)


def _comprendre(appel, hote):
    if isinstance(appel.erreur, (OSError, http.client.HTTPException)):
        raise SortieEnPanne(f"« {hote} » ne répond pas.") from appel.erreur
    if appel.erreur is not None:
        raise appel.erreur
    if appel.statut != 200:
        attendre = appel.attendre[:5]
        secondes = int(attendre) if attendre.isascii() and attendre.isdigit() else 0
        phrase = f"« {hote} » a répondu {appel.statut}."
        raise SortieEnPanne(phrase, min(secondes, ATTENTE_MAX))
    if len(appel.corps) > TAILLE_MAX:
        raise SortieEnPanne(f"La réponse de « {hote} » est trop longue.")
    try:
        return json.loads(appel.corps)
    except (ValueError, RecursionError) as erreur:
        raise SortieEnPanne(f"La réponse de « {hote} » est illisible.") from erreur
