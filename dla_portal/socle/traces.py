"""Where an act comes from: the address and the browser, kept as evidence of a signature."""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter

NAVIGATEUR_MAX = 300  # characters kept of what the browser says of itself


@dataclass(frozen=True)
class Trace:
    """Address (the proxies declared by PROXIES are seen through) and browser of a request."""

    adresse_ip: str
    navigateur: str


def trace_de(request):
    """Return the Trace of a request."""
    adaptateur = get_adapter(request)
    return Trace(
        adaptateur.get_client_ip(request),
        adaptateur.get_http_user_agent(request)[:NAVIGATEUR_MAX],
    )
