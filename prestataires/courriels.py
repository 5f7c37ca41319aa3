"""Mails of the register to the prestataire."""

from dla_portal.socle.courriels import deposer


def _ecrire(prestataire, sujet, gabarit, **contexte):
    return deposer(
        prestataire.email,
        sujet,
        f"prestataires/courriels/{gabarit}",
        {"prestataire": prestataire, **contexte},
        fil=prestataire.fil,
    )


def reference(prestataire):
    """Tell that the firm is referenced, and until when."""
    return _ecrire(prestataire, "Vous êtes référencé au registre DLA", "reference")


def refus(prestataire, motif):
    """Tell the refusal and its motive."""
    return _ecrire(prestataire, "Votre candidature au registre DLA", "refus", motif=motif)


def mise_a_jour(prestataire):
    """Ask for the yearly update of the fiche."""
    return _ecrire(prestataire, "Votre fiche du registre DLA est à mettre à jour", "mise_a_jour")


def vigilance(prestataire):
    """Ask for a new attestation de vigilance before the one known ends."""
    return _ecrire(prestataire, "Votre attestation de vigilance est à renouveler", "vigilance")


def suspension(prestataire, motif):
    """Tell the suspension and its motive."""
    return _ecrire(prestataire, "Suspension au registre DLA", "suspension", motif=motif)
