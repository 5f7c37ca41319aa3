"""The state machines of the chain, in its order."""

from accompagnements.activites import etats as activites
from accompagnements.comites import etats as comites
from accompagnements.consultations import etats as consultations
from accompagnements.conventions import etats as conventions
from accompagnements.demandes import etats as demandes
from accompagnements.diagnostics import etats as diagnostics
from accompagnements.missions import etats as missions
from accompagnements.plans import etats as plans
from accompagnements.restitutions import etats as restitutions
from accompagnements.suites import etats as suites
from dla_portal.socle.machines import Machine


def _simple(titre, module):
    return Machine(titre, module.Etat, module.RESPONSABLE, module.TRANSITIONS)


MACHINES = [
    _simple("Demande", demandes),
    Machine(
        "Demande en ligne",
        demandes.EtatEnLigne,
        demandes.RESPONSABLE_EN_LIGNE,
        demandes.TRANSITIONS_EN_LIGNE,
    ),
    Machine(
        "Accompagnement",
        demandes.EtatAccompagnement,
        demandes.RESPONSABLE_ACCOMPAGNEMENT,
        demandes.TRANSITIONS_ACCOMPAGNEMENT,
    ),
    _simple("Diagnostic partagé", diagnostics),
    _simple("Plan d'accompagnement", plans),
    _simple("Séance de comité d'appui", comites),
    Machine(
        "Passage en comité d'appui",
        comites.EtatPassage,
        comites.RESPONSABLE_PASSAGE,
        comites.TRANSITIONS_PASSAGE,
    ),
    _simple("Consultation", consultations),
    Machine(
        "Sollicitation d'un prestataire",
        consultations.EtatSollicitation,
        consultations.RESPONSABLE_SOLLICITATION,
        consultations.TRANSITIONS_SOLLICITATION,
    ),
    Machine(
        "Proposition",
        consultations.EtatProposition,
        consultations.RESPONSABLE_PROPOSITION,
        consultations.TRANSITIONS_PROPOSITION,
    ),
    _simple("Convention tripartite", conventions),
    Machine(
        "Avenant à une convention",
        conventions.EtatAvenant,
        conventions.RESPONSABLE_AVENANT,
        conventions.TRANSITIONS_AVENANT,
    ),
    _simple("Mission", missions),
    Machine(
        "Intervention au journal de mission",
        missions.EtatJournee,
        missions.RESPONSABLE_JOURNEE,
        missions.TRANSITIONS_JOURNEE,
    ),
    Machine(
        "Demande hors cadre",
        missions.EtatHorsCadre,
        missions.RESPONSABLE_HORS_CADRE,
        missions.TRANSITIONS_HORS_CADRE,
    ),
    _simple("Restitution", restitutions),
    Machine(
        "Facture",
        restitutions.EtatFacture,
        restitutions.RESPONSABLE_FACTURE,
        restitutions.TRANSITIONS_FACTURE,
    ),
    _simple("Enquête de satisfaction", suites),
    Machine(
        "Suivi post-accompagnement",
        suites.EtatSuivi,
        suites.RESPONSABLE_SUIVI,
        suites.TRANSITIONS_SUIVI,
    ),
    Machine(
        "Temps passé",
        activites.EtatTemps,
        activites.RESPONSABLE_TEMPS,
        activites.TRANSITIONS_TEMPS,
    ),
    _simple("Animation", activites),
]
