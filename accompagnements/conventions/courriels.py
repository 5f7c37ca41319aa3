"""Mails of the convention: it awaits a signature."""

from accompagnements.conventions.models import Signature
from dla_portal.socle.courriels import deposer


def destinataire(signature):
    """Address of the party who signs."""
    if signature.partie == Signature.Partie.STRUCTURE:
        return signature.structure.courriel_principal()
    if signature.partie == Signature.Partie.PRESTATAIRE:
        return signature.convention.prestataire.email
    return signature.convention.ingenierie.operateur.email


def a_signer(convention):
    """Tell each party that the convention awaits its signature."""
    for signature in convention.signatures.filter(signee_le=None).select_related("structure"):
        ecrire(signature, "Convention à signer", "a_signer")


def ecrire(signature, sujet, gabarit):
    """Write to the party of one expected signature."""
    convention = signature.convention
    return deposer(
        destinataire(signature),
        f"{sujet} — {convention.reference}",
        f"accompagnements/conventions/courriels/{gabarit}",
        {
            "convention": convention,
            "operateur": convention.ingenierie.operateur,
            "partie": signature.partie,
        },
        fil=convention.fil,
    )
