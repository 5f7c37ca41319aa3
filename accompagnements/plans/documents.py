"""The plan d'accompagnement as a PDF, for the agreement of the structure."""

from django.utils.text import slugify

from dla_portal.socle import documents


def plan_pdf(plan, actions):
    """Return (file name, bytes) of the PDF of the version in force."""
    dossier = plan.accompagnement
    octets = documents.produire(
        "accompagnements/plans/pdf.html",
        {"plan": plan, "dossier": dossier, "actions": actions, "financeurs": []},
    )
    return f"plan-{slugify(dossier.reference)}-v{plan.numero}.pdf", octets
