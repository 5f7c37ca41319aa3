"""What each role may do in the register of prestataires."""

from dla_portal.comptes import roles
from dla_portal.comptes.droits import repondre
from prestataires.etats import Etat

CANDIDATENT = {*roles.INSTRUCTEURS, roles.DlaRegional.code}


def tient_le_registre(utilisateur, prestataire):
    """The DLA régional keeps the register of its region."""
    du_registre = utilisateur.role == roles.DlaRegional.code and prestataire.region_id in (
        None,
        utilisateur.rattachement.region_id,
    )
    return repondre(du_registre, "Le registre est tenu par le DLA régional de la région.")


def peut_candidater(utilisateur):
    """Operators and the DLA régional propose prestataires to the register."""
    return repondre(
        utilisateur.role in CANDIDATENT, "Votre rôle ne permet pas de proposer un prestataire."
    )


def modifie(utilisateur, prestataire):
    """The keeper of the register at any time, an operator while the candidacy is examined."""
    if tient_le_registre(utilisateur, prestataire):
        return tient_le_registre(utilisateur, prestataire)
    return repondre(
        utilisateur.role in roles.INSTRUCTEURS and prestataire.etat == Etat.CANDIDAT,
        "Une fiche référencée se modifie au DLA régional.",
    )
