"""No test leaves this machine: reaching anything but loopback fails, whatever catches it."""

import ipaddress
import socket

import pytest

NOMS_LOCAUX = {None, "", "localhost", socket.gethostname()}


class ReseauInterdit(RuntimeError):
    """Not an OSError: the code under test must not take it for an outage and carry on."""


def local(hote):
    """Tell whether this host name or address is this machine."""
    hote = hote.decode() if isinstance(hote, bytes) else hote
    if hote in NOMS_LOCAUX:
        return True
    try:
        return ipaddress.ip_address(hote.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def reseau_ferme():
    """Refuse name look-ups and connections outside this machine."""
    vrais = (socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo)

    def refuser(hote):
        raise ReseauInterdit(f"Un essai veut joindre {hote} : rien ne sort pendant les essais.")

    def connecter(vrai):
        def garde(prise, adresse):
            if prise.family in {socket.AF_INET, socket.AF_INET6} and not local(adresse[0]):
                refuser(adresse[0])
            return vrai(prise, adresse)

        return garde

    def resoudre(hote, *args, **options):
        if not local(hote):
            refuser(hote)
        return vrais[2](hote, *args, **options)

    socket.socket.connect, socket.socket.connect_ex = map(connecter, vrais[:2])
    socket.getaddrinfo = resoudre
    yield
    socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = vrais
