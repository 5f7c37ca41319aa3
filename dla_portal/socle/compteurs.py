"""Counters of the rail, kept in the session: shown on every page, they cost none a query.

A counter is taken when the person signs in, after each of her gestures and once it is older than
`VIE`; what somebody else did meanwhile may be missing from it for that long. The page that counts
anyway hands its number over (`garder`), so that both always say the same.
"""

from django.utils import timezone

CLE = "compteurs"
VIE = 300  # seconds


def ouvrir(session):
    """Let the next page count: at sign-in, and whenever what was kept may be false."""
    session[CLE] = {}


def perimer(request):
    """Forget what was kept: the person is about to change something."""
    if request.session.get(CLE):
        ouvrir(request.session)


def garder(request, nom, nombre):
    """Keep a number that has just been counted."""
    maintenant = timezone.now().timestamp()
    request.session[CLE] = {**request.session.get(CLE, {}), nom: [nombre, maintenant]}


def lire(request, nom, compter):
    """Return a counter, counted again by `compter(user)` when needed.

    None in a session that never signed in at the door nor opened the page of the counter.
    """
    gardes = request.session.get(CLE)
    if gardes is None:
        return None
    nombre, le = gardes.get(nom, (None, 0))
    if nombre is None or timezone.now().timestamp() - le > VIE:
        nombre = compter(request.user)
        garder(request, nom, nombre)
    return nombre
