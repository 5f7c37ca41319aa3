"""The number beside "Aujourd'hui" in the rail: what is late or due today on the page it opens."""

from accompagnements.parcours.taches import PRESSANTS, taches, trier
from dla_portal.comptes import roles

NOM = "accueil"  # name of the address of the page, and of the counter kept for it


def vue_initiale(utilisateur):
    """What the page shows first: the team to its responsable, one's own tasks to the others."""
    return "equipe" if utilisateur.role == roles.Responsable.code else "miennes"


def pressantes(liste):
    """How many of these tasks are late or due today."""
    return sum(tache.groupe in PRESSANTS for tache in liste)


def compter(utilisateur):
    """Count what is late or due today on the first view of the page."""
    if vue_initiale(utilisateur) == "equipe":
        return pressantes(taches(utilisateur, personnelles=False))
    return pressantes(trier(utilisateur, taches(utilisateur))[0])
