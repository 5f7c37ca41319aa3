"""Tasks of "Aujourd'hui" born of the plan: an agreement to remind of, a review to hold."""

from datetime import timedelta

from accompagnements import acteurs
from accompagnements.parcours.sources_communes import RELANCER, Source, apres
from accompagnements.plans.etats import Etat
from accompagnements.plans.models import Plan
from dla_portal.socle import horloge

PREVENIR = timedelta(days=15)  # before the date of a review


def _plans(u, **champs):
    lignes = Plan.objects.visibles_par(u).filter(accompagnement__etat="ouvert", **champs)
    return lignes.select_related("accompagnement__structure")


def _a_accepter(u):
    return _plans(u, etat=Etat.PARTAGE)


def _a_revoir(u):
    return _plans(u, etat=Etat.VALIDE, revue_le__lte=horloge.aujourdhui() + PREVENIR)


def _structure(plan):
    return str(plan.accompagnement.structure)


SOURCES_PLANS = [
    Source(
        "Relancer la structure : plan à accepter",
        acteurs.CHARGE,
        _a_accepter,
        apres("soumis_le", RELANCER),
        _structure,
        si_echue=True,
    ),
    Source(
        "Tenir la revue du plan",
        acteurs.CHARGE,
        _a_revoir,
        lambda plan: plan.revue_le,
        _structure,
        geste="plan_revues",
    ),
]
