"""Mails of the mission to the prestataire and to the operator."""

from dla_portal.socle.courriels import deposer


def _ecrire(mission, destinataire, sujet, gabarit):
    convention = mission.convention
    return deposer(
        destinataire,
        f"{sujet} — {convention.reference}",
        f"accompagnements/missions/courriels/{gabarit}",
        {
            "mission": mission,
            "convention": convention,
            "operateur": convention.ingenierie.operateur,
        },
        fil=mission.fil,
    )


def lancement(mission):
    """Confirm the launch to the prestataire, with the date of the mid-term note."""
    return _ecrire(mission, mission.convention.prestataire.email, "Mission lancée", "lancement")


def alerte(mission):
    """Tell the operator that an alert awaits its decision; nothing of its content."""
    operateur = mission.convention.ingenierie.operateur
    return _ecrire(mission, operateur.email, "Alerte sur une mission", "alerte")


def note_attendue(mission):
    """Ask the prestataire for the mid-term note."""
    prestataire = mission.convention.prestataire
    return _ecrire(mission, prestataire.email, "Note à mi-parcours attendue", "note_attendue")
