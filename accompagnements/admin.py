"""Admin of the chain, one line per stage."""

from accompagnements.activites import admin as activites
from accompagnements.comites import admin as comites
from accompagnements.consultations import admin as consultations
from accompagnements.conventions import admin as conventions
from accompagnements.demandes import admin as demandes
from accompagnements.diagnostics import admin as diagnostics
from accompagnements.financements import admin as financements
from accompagnements.missions import admin as missions
from accompagnements.parcours import admin as parcours
from accompagnements.plans import admin as plans
from accompagnements.restitutions import admin as restitutions
from accompagnements.structures import admin as structures
from accompagnements.suites import admin as suites

__all__ = [
    "activites",
    "comites",
    "consultations",
    "conventions",
    "demandes",
    "diagnostics",
    "financements",
    "missions",
    "parcours",
    "plans",
    "restitutions",
    "structures",
    "suites",
]
