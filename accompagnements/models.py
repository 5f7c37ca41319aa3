"""Tables of the chain, one line per stage."""

from accompagnements.activites.models import Activite, Temps
from accompagnements.comites.models import AvisMembre, Convocation, Deport, Passage, Seance
from accompagnements.consultations.cahier import CahierDesCharges, Critere
from accompagnements.consultations.grilles import CritereType, GrilleType
from accompagnements.consultations.models import (
    Consultation,
    Depot,
    Proposition,
    Sollicitation,
)
from accompagnements.consultations.notation import Fiche, Note
from accompagnements.consultations.questions import Question
from accompagnements.conventions.avenants import Avenant
from accompagnements.marques import MarqueFinanceur
from accompagnements.conventions.models import Convention
from accompagnements.conventions.signatures import Signature
from accompagnements.conventions.trames import Trame
from accompagnements.demandes.commentaires import CommentaireDossier, Mention
from accompagnements.demandes.eligibilite import GrilleEligibilite
from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.diagnostics.lignes import (
    Axe,
    ChiffresAnnuels,
    PersonneRencontree,
    Preconisation,
)
from accompagnements.demandes.partenaires import Partenaire
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.diagnostics.relectures import Autorisation, Commentaire, Relecture
from accompagnements.missions.hors_cadre import HorsCadre
from accompagnements.missions.journees import Journee
from accompagnements.financements.models import Enveloppe, Imputation, Repartition
from accompagnements.missions.models import Alerte, Mission, NoteMiParcours
from accompagnements.plans.lignes import ContributionPartenaire, FinancementPrevu, RevuePlan
from accompagnements.parcours.models import TacheReportee
from accompagnements.plans.models import Action, Ingenierie, Plan, VersionPlan
from accompagnements.restitutions.models import Facture, Restitution
from accompagnements.structures.agrements import AgrementDetenu
from accompagnements.structures.fusions import Fusion
from accompagnements.structures.models import (
    Contact,
    DonneesAnnuelles,
    Signalement,
    Structure,
)
from accompagnements.structures.salle import PieceStructure
from accompagnements.suites.models import Enquete, Suivi
from accompagnements.suites.releves import ConseilSuivi, Releve

__all__ = [
    "Accompagnement",
    "Action",
    "Activite",
    "AgrementDetenu",
    "Alerte",
    "Autorisation",
    "Avenant",
    "AvisMembre",
    "Axe",
    "CahierDesCharges",
    "ChiffresAnnuels",
    "Commentaire",
    "ConseilSuivi",
    "CommentaireDossier",
    "Consultation",
    "Contact",
    "ContributionPartenaire",
    "Convention",
    "Convocation",
    "Critere",
    "CritereType",
    "Demande",
    "Deport",
    "DemandeEnLigne",
    "Depot",
    "Diagnostic",
    "DonneesAnnuelles",
    "Enquete",
    "Enveloppe",
    "Facture",
    "Fiche",
    "FinancementPrevu",
    "Fusion",
    "GrilleEligibilite",
    "GrilleType",
    "HorsCadre",
    "Imputation",
    "Ingenierie",
    "Journee",
    "MarqueFinanceur",
    "Mention",
    "Mission",
    "Note",
    "NoteMiParcours",
    "Partenaire",
    "Passage",
    "PieceStructure",
    "PersonneRencontree",
    "Plan",
    "Preconisation",
    "Proposition",
    "Question",
    "Relecture",
    "Releve",
    "Repartition",
    "Restitution",
    "RevuePlan",
    "Seance",
    "Signalement",
    "Signature",
    "Sollicitation",
    "Structure",
    "Suivi",
    "TacheReportee",
    "Temps",
    "Trame",
    "VersionPlan",
]
