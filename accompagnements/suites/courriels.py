"""Mails of the survey: invitation with a personal link, reminders."""

from dla_portal.socle import jetons
from dla_portal.socle.courriels import deposer

USAGE = "enquete"
VALIDITE = 120  # days


def _ecrire(enquete, sujet, gabarit, **contexte):
    accompagnement = enquete.accompagnement
    return deposer(
        enquete.destinataire,
        f"{sujet} — {accompagnement.reference}",
        f"accompagnements/suites/courriels/{gabarit}",
        {"enquete": enquete, "operateur": accompagnement.operateur, **contexte},
        fil=enquete.fil,
    )


def enquete(enquete):
    """Invite the structure to answer."""
    brut = jetons.creer(USAGE, enquete, enquete.destinataire, VALIDITE)
    return _ecrire(enquete, "Votre avis sur l'accompagnement", "enquete", lien=jetons.adresse(brut))


def relance(enquete):
    """Remind once more, with a fresh link."""
    jetons.revoquer(enquete, USAGE)
    brut = jetons.creer(USAGE, enquete, enquete.destinataire, VALIDITE)
    return _ecrire(enquete, "Rappel : votre avis", "relance", lien=jetons.adresse(brut))
