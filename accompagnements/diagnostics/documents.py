"""The diagnostic partagé as a PDF, to be handed to the structure."""

from django.utils.text import slugify

from dla_portal.socle import documents


def diagnostic_pdf(diagnostic, sections):
    """Return (file name, bytes) of the PDF; `sections` are those of the page."""
    dossier = diagnostic.accompagnement
    octets = documents.produire(
        "accompagnements/diagnostics/pdf.html",
        {
            "diagnostic": diagnostic,
            "dossier": dossier,
            "sections": sections,
            "financeurs": [],
        },
    )
    return f"diagnostic-{slugify(dossier.reference)}.pdf", octets
