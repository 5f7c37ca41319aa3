"""Who may read the private files of the register: those who read the register."""

from dla_portal.socle.fichiers import droit_de_lire
from prestataires.models import Prestataire


@droit_de_lire("prestataire")
def prestataire(utilisateur, fichier):
    """Attestations de vigilance: each team which may engage or pay the prestataire."""
    numero = int(fichier.fil.split(":", 1)[1])
    return Prestataire.objects.visibles_par(utilisateur).filter(pk=numero).exists()
