"""Mails of the accueil: the structure learns the date, the orientation or the refusal."""

from dla_portal.socle.courriels import deposer


def _ecrire(demande, sujet, gabarit):
    return deposer(
        demande.structure.courriel_principal(),
        f"{sujet} — {demande.reference}",
        f"accompagnements/demandes/courriels/{gabarit}",
        {"demande": demande},
        fil=demande.fil,
    )


def accueil_planifie(demande):
    """Tell the structure the date of its accueil."""
    return _ecrire(demande, "Votre rendez-vous d'accueil DLA", "accueil_planifie")


def orientation(demande):
    """Tell the structure towards whom it is sent, and why."""
    return _ecrire(demande, "Votre demande d'accompagnement DLA", "orientation")


def refus(demande):
    """Tell the structure that its request is not eligible, and why."""
    return _ecrire(demande, "Votre demande d'accompagnement DLA", "refus")
