"""What the calendar does to plans."""

from accompagnements.plans import courriels
from accompagnements.plans.etats import Etat
from accompagnements.plans.models import Plan
from dla_portal.socle.relances import Relance, inscrire


def _a_accepter(le):
    soumis = Plan.objects.filter(etat=Etat.PARTAGE, soumis_le__lte=le)
    return soumis.select_related("accompagnement__structure", "accompagnement__operateur")


inscrire(
    Relance(
        libelle="Accord sur le plan rappelé à la structure",
        nom="rappel_plan",
        fait="Rappel : le plan attend l'accord de la structure",
        attendus=_a_accepter,
        quand="soumission à la structure",
        arret="la structure donne son accord ou demande une correction, ou la rédaction reprend",
        depart=lambda plan: plan.soumis_le,
        pas=(15, 30),
        ouvres=False,
        ecrire=lambda plan, rappel: courriels.rappel(plan),
        tour=lambda plan: str(plan.soumis_le),
    ),
)
