"""The plan d'accompagnement as a PDF, for the agreement of the structure."""

from django.utils.text import slugify

from accompagnements import marques
from accompagnements.plans import tableau
from accompagnements.plans.etats import StatutAction
from dla_portal.socle import documents


def plan_pdf(plan):
    """Return (file name, bytes) of the PDF of the version in force."""
    dossier = plan.accompagnement
    financeurs, images = marques.de_l_operateur(dossier.operateur, plan.valide_le)
    actions = [a for a in tableau.actions_de(plan) if a.statut != StatutAction.ABANDONNEE]
    octets = documents.produire(
        "accompagnements/plans/pdf.html",
        {
            "plan": plan,
            "dossier": dossier,
            "diagnostic": tableau.diagnostic_de(plan),
            "actions": actions,
            "totaux": tableau.totaux(actions),
            "contributions": tableau.contributions_de(plan),
            "revues": list(plan.revues.all()),
            "versions": list(plan.versions.order_by("numero")),
            "financeurs": financeurs,
        },
        images,
    )
    return f"plan-{slugify(dossier.reference)}-v{plan.numero}.pdf", octets
