"""Tables of the chain, one line per stage."""

from accompagnements.comites.models import AvisMembre, Convocation, Passage, Seance
from accompagnements.consultations.cahier import CahierDesCharges, Critere
from accompagnements.consultations.models import (
    Consultation,
    Depot,
    Note,
    Proposition,
    Sollicitation,
)
from accompagnements.consultations.notation import Fiche
from accompagnements.consultations.questions import Question
from accompagnements.conventions.models import Convention, Signature
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.financements.models import Enveloppe, Imputation, Repartition
from accompagnements.missions.models import Alerte, Mission, NoteMiParcours
from accompagnements.plans.models import Action, Ingenierie, Plan, VersionPlan
from accompagnements.restitutions.models import Facture, Restitution
from accompagnements.structures.models import Contact, DonneesAnnuelles, Structure
from accompagnements.suites.models import Enquete, Suivi

__all__ = [
    "Accompagnement",
    "Action",
    "Alerte",
    "AvisMembre",
    "CahierDesCharges",
    "Consultation",
    "Contact",
    "Convention",
    "Convocation",
    "Critere",
    "Demande",
    "Depot",
    "Diagnostic",
    "DonneesAnnuelles",
    "Enquete",
    "Enveloppe",
    "Facture",
    "Fiche",
    "Imputation",
    "Ingenierie",
    "Mission",
    "Note",
    "NoteMiParcours",
    "Passage",
    "Plan",
    "Proposition",
    "Question",
    "Repartition",
    "Restitution",
    "Seance",
    "Signature",
    "Sollicitation",
    "Structure",
    "Suivi",
    "VersionPlan",
]
