"""The plan d'accompagnement as a PDF, for the agreement of the structure."""

from django.utils.text import slugify

from accompagnements import marques
from dla_portal.socle import documents


def plan_pdf(plan, actions):
    """Return (file name, bytes) of the PDF of the version in force."""
    dossier = plan.accompagnement
    financeurs, images = marques.de_l_operateur(dossier.operateur, plan.valide_le)
    octets = documents.produire(
        "accompagnements/plans/pdf.html",
        {"plan": plan, "dossier": dossier, "actions": actions, "financeurs": financeurs},
        images,
    )
    return f"plan-{slugify(dossier.reference)}-v{plan.numero}.pdf", octets
