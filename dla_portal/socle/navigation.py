"""The entries of the side rail: each app registers its own, the context processor walks them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from dla_portal.socle import compteurs


@dataclass(frozen=True)
class Entree:
    """One entry. `roles` empty means everybody signed in.

    `compteur(user)` counts what waits there; `compteurs` keeps the number between two gestures.
    """

    rang: int
    libelle: str
    nom_url: str
    icone: str
    roles: frozenset = field(default_factory=frozenset)
    compteur: Callable | None = None


ENTREES = []
BOUTONS = []  # (name of the URL, roles): the creating button of the top bar


def inscrire(*entrees):
    """Register entries; called from `AppConfig.ready()`."""
    for entree in entrees:
        if entree not in ENTREES:
            ENTREES.append(entree)
    ENTREES.sort(key=lambda e: e.rang)


def inscrire_bouton(nom_url, codes_roles):
    """Register the creating button of the top bar for some roles."""
    if (nom_url, codes_roles) not in BOUTONS:
        BOUTONS.append((nom_url, codes_roles))


def bouton_pour(utilisateur):
    """Return the address of the creating button open to the user, or ""."""
    for nom_url, codes_roles in BOUTONS:
        if utilisateur.role in codes_roles:
            return reverse(nom_url)
    return ""


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
        compteur = None
        if entree.compteur:
            compteur = compteurs.lire(request, entree.nom_url, entree.compteur)
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
