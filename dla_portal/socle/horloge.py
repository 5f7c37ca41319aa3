"""The only clock of the product: the server's, read in Europe/Paris.

`voyage` freezes it, so that the demonstration and the tests replay the past through the real
transitions instead of writing dates by hand.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_instant = ContextVar("instant_fige", default=None)


def maintenant():
    """Return the current aware datetime (UTC inside, shown in Europe/Paris)."""
    return _instant.get() or timezone.now()


def aujourdhui():
    """Return the current date in Europe/Paris."""
    return timezone.localdate(maintenant())


@contextmanager
def voyage(quand):
    """Freeze the clock at the aware datetime `quand` for the duration of the block."""
    jeton = _instant.set(quand)
    try:
        yield quand
    finally:
        _instant.reset(jeton)
