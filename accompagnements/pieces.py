"""Who may read the private files of the chain: those who see the object of their thread."""

from accompagnements import droits
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.plans.models import Ingenierie
from accompagnements.structures.models import Structure
from accompagnements.structures.salle import lit_les_pieces
from dla_portal.comptes import roles
from dla_portal.socle.fichiers import droit_de_lire


def _numero(fichier):
    return int(fichier.fil.split(":", 1)[1])


def _de_l_equipe(utilisateur):
    """Files are for those who lead or handle dossiers, not for a whole region."""
    if utilisateur.role == roles.DlaRegional.code:
        return droits.operateur_de(utilisateur) is not None
    return utilisateur.role in {*roles.EQUIPE_OPERATEUR, roles.Administrateur.code}


@droit_de_lire("ingenierie")
def ingenierie(utilisateur, fichier):
    """Proposition opened, convention, report, invoice: the team that sees the engineering."""
    visibles = Ingenierie.objects.visibles_par(utilisateur)
    if utilisateur.role == roles.DlaRegional.code:
        visibles = visibles.filter(operateur=droits.operateur_de(utilisateur))
    return _de_l_equipe(utilisateur) and visibles.filter(pk=_numero(fichier)).exists()


@droit_de_lire("accompagnement")
def accompagnement(utilisateur, fichier):
    """Pieces of a dossier: the team of its operator."""
    dossiers = droits.portee(utilisateur, Accompagnement.objects.all())
    return _de_l_equipe(utilisateur) and dossiers.filter(pk=_numero(fichier)).exists()


@droit_de_lire("demande")
def demande(utilisateur, fichier):
    """Pieces of a demande: the team of its operator."""
    demandes = droits.portee(utilisateur, Demande.objects.all())
    return _de_l_equipe(utilisateur) and demandes.filter(pk=_numero(fichier)).exists()


@droit_de_lire("structure")
def structure(utilisateur, fichier):
    """Documents of a structure: the team of an operator that follows it, and who gave them."""
    visibles = Structure.toutes.visibles_par(utilisateur)
    deposante = visibles.filter(pk=_numero(fichier)).first()
    if deposante is None:
        return False
    actuelle = Structure.toutes.de_pk(deposante.pk)
    return fichier.depose_par_id == utilisateur.pk or bool(lit_les_pieces(utilisateur, actuelle))
