"""Mails of the restitution stage: an invoice is rejected."""

from dla_portal.socle.courriels import deposer


def rejet(facture):
    """Tell the prestataire why an invoice is rejected, and that another one is awaited."""
    convention = facture.mission.convention
    if convention.prestataire is None:
        return None  # a convention taken over without its prestataire: nobody to write to
    return deposer(
        convention.prestataire.email,
        f"Facture {facture.numero} rejetée — {convention.reference}",
        "accompagnements/restitutions/courriels/rejet",
        {
            "facture": facture,
            "convention": convention,
            "operateur": convention.ingenierie.operateur,
        },
        fil=facture.fil,
    )
