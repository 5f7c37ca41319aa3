"""The entries of the side rail: each app registers its own, the context processor walks them."""

from dataclasses import dataclass, field
from typing import Callable

from django.urls import reverse


@dataclass(frozen=True)
class Entree:
    """One entry. `roles` empty means everybody signed in; `compteur(user)` may return None."""

    rang: int
    libelle: str
    nom_url: str
    icone: str
    roles: frozenset = field(default_factory=frozenset)
    compteur: Callable | None = None


ENTREES = []


def inscrire(*entrees):
    """Register entries; called from `AppConfig.ready()`."""
    for entree in entrees:
        if entree not in ENTREES:
            ENTREES.append(entree)
    ENTREES.sort(key=lambda e: e.rang)


def pour(request):
    """Return the entries open to the user of the request, as dictionaries for the template."""
    utilisateur = request.user
    if not utilisateur.is_authenticated:
        return []
    ouvertes = [e for e in ENTREES if not e.roles or utilisateur.role in e.roles]
    liens = []
    for entree in ouvertes:
        url = reverse(entree.nom_url)
        actif = request.path == url or (url != "/" and request.path.startswith(url))
        compteur = entree.compteur(utilisateur) if entree.compteur else None
        liens.append(
            {
                "libelle": entree.libelle,
                "url": url,
                "icone": entree.icone,
                "actif": actif,
                "compteur": compteur or None,
            }
        )
    return liens
