"""Tables of the chain, one line per stage."""

from accompagnements.comites.models import AvisMembre, Convocation, Passage, Seance
from accompagnements.consultations.cahier import CahierDesCharges, Critere
from accompagnements.consultations.grilles import CritereType, GrilleType
from accompagnements.consultations.models import (
    Consultation,
    Depot,
    Note,
    Proposition,
    Sollicitation,
)
from accompagnements.consultations.notation import Fiche
from accompagnements.consultations.questions import Question
from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.marques import MarqueFinanceur
from accompagnements.conventions.models import Convention
from accompagnements.conventions.signatures import Signature
from accompagnements.conventions.trames import Trame
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.missions.hors_cadre import HorsCadre
from accompagnements.missions.journees import Journee
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
    "Avenant",
    "AvisMembre",
    "CahierDesCharges",
    "Consultation",
    "Contact",
    "Convention",
    "Convocation",
    "Critere",
    "CritereType",
    "Demande",
    "Depot",
    "Diagnostic",
    "DonneesAnnuelles",
    "Enquete",
    "Enveloppe",
    "Facture",
    "Fiche",
    "GrilleType",
    "HorsCadre",
    "Imputation",
    "Ingenierie",
    "Journee",
    "MarqueFinanceur",
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
    "Trame",
    "VersionPlan",
]
