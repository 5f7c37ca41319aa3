"""Who may read the pieces of an activity: those who see it in the register."""

from accompagnements.activites.models import Activite
from dla_portal.socle.fichiers import droit_de_lire


@droit_de_lire("activite")
def activite(utilisateur, fichier):
    """An attendance sheet names people: the team that keeps it and the DLA régional."""
    numero = int(fichier.fil.split(":", 1)[1])
    return Activite.objects.visibles_par(utilisateur).filter(pk=numero).exists()
