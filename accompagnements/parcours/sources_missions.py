"""Tasks of "Aujourd'hui" born of the decisions on a mission: to answer, to draw up an avenant."""

from django.db.models import Exists, OuterRef, Subquery

from accompagnements import acteurs
from accompagnements.missions.etats import EtatHorsCadre
from accompagnements.missions.hors_cadre import HorsCadre
from accompagnements.missions.models import Alerte, Mission
from accompagnements.parcours.sources_communes import DECIDER, Source, apres, de_mission
from accompagnements.plans.models import nom_de_la_structure
from dla_portal.socle.calendrier import ajouter_jours_ouvres


def _demandes_hors_cadre(u):
    lignes = HorsCadre.objects.visibles_par(u).filter(etat=EtatHorsCadre.DEMANDEE)
    lignes = lignes.annotate(pour=nom_de_la_structure("mission__convention__ingenierie"))
    return lignes.select_related("mission__convention__ingenierie")


def _avenants_attendus(u):
    alertes = Alerte.objects.filter(mission=OuterRef("pk"), avenant_attendu=True)
    demandes = HorsCadre.objects.filter(mission=OuterRef("pk"), avenant_attendu=True)
    lignes = Mission.objects.visibles_par(u).filter(Exists(alertes) | Exists(demandes))
    lignes = lignes.annotate(
        decidee_le=_premiere(alertes), autorisee_le=_premiere(demandes)
    ).annotate(pour=nom_de_la_structure("convention__ingenierie"))
    return lignes.select_related("convention__ingenierie")


def _premiere(lignes):
    """Date of the earliest of these decisions, as a sub-query."""
    return Subquery(lignes.order_by("decidee_le").values("decidee_le")[:1])


def _echeance_de_l_avenant(mission):
    decidees = [jour for jour in (mission.decidee_le, mission.autorisee_le) if jour]
    return ajouter_jours_ouvres(min(decidees), DECIDER)


SOURCES_MISSIONS = [
    Source(
        "Répondre à une demande hors cadre",
        acteurs.CHARGE,
        _demandes_hors_cadre,
        apres("demandee_le", DECIDER),
        de_mission,
    ),
    Source(
        "Préparer l'avenant",
        acteurs.CHARGE,
        _avenants_attendus,
        _echeance_de_l_avenant,
        de_mission,
    ),
]
