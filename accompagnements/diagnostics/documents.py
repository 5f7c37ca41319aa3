"""The diagnostic partagé as a PDF, to be handed to the structure."""

from django.utils.text import slugify

from accompagnements import marques
from accompagnements.diagnostics import sections
from dla_portal.socle import documents


def diagnostic_pdf(diagnostic, destinataire=""):
    """Return (file name, bytes) of the PDF; a third party's name is printed on each page."""
    dossier = diagnostic.accompagnement
    financeurs, images = marques.de_l_operateur(dossier.operateur, diagnostic.valide_le)
    octets = documents.produire(
        "accompagnements/diagnostics/pdf.html",
        {
            "diagnostic": diagnostic,
            "dossier": dossier,
            "sections": sections.lire_ce_qui_est_dit(diagnostic, tiers=bool(destinataire)),
            "destinataire": destinataire,
            "financeurs": financeurs,
        },
        images,
    )
    return f"diagnostic-{slugify(dossier.reference)}.pdf", octets
