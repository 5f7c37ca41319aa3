"""The diagnostic partagé as a PDF, to be handed to the structure."""

from django.utils.text import slugify

from accompagnements.diagnostics import sections
from dla_portal.socle import documents


def diagnostic_pdf(diagnostic, destinataire=""):
    """Return (file name, bytes) of the PDF; a third party's name is printed on each page."""
    dossier = diagnostic.accompagnement
    octets = documents.produire(
        "accompagnements/diagnostics/pdf.html",
        {
            "diagnostic": diagnostic,
            "dossier": dossier,
            "sections": [sections.lire(section, diagnostic) for section in sections.SECTIONS],
            "destinataire": destinataire,
            "financeurs": [],
        },
    )
    return f"diagnostic-{slugify(dossier.reference)}.pdf", octets
