"""What the sources of tasks share: the `Source` itself, delays, and the sentences of their rows.

A deadline is counted in working days unless the field says otherwise (domaine.md Annex C).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from accompagnements.consultations.models import Consultation
from accompagnements.conventions.models import Convention
from accompagnements.plans.models import nom_de_la_structure
from dla_portal.socle.calendrier import ajouter_jours_ouvres

# Delays in working days (I: no published value, W23: 20 days at most for the choice).
ACCUEILLIR, DECIDER, RELANCER, CHOISIR = 10, 5, 10, 14


@dataclass(frozen=True)
class Source:
    """Where tasks come from: rows of a scoped queryset and the sentence they make."""

    libelle: str
    acteur: str
    lignes: Callable
    echeance: Callable
    nom: Callable = str
    geste: str = ""  # name of the address which does it, when the page of the row does not
    si_echue: bool = False  # shown from its deadline on: until then somebody else has the pen


def apres(champ, jours_ouvres):
    """Deadline: so many working days after a date or datetime field."""

    def calculer(objet):
        valeur = getattr(objet, champ)
        if valeur is None:
            return None
        jour = timezone.localdate(valeur) if hasattr(valeur, "hour") else valeur
        return ajouter_jours_ouvres(jour, jours_ouvres)

    return calculer


def de_consultations(*etats):
    """Rows: the consultations of these states, with the name of their structure (`pour`)."""
    return lambda u: (
        Consultation.objects.visibles_par(u)
        .filter(etat__in=etats)
        .annotate(pour=nom_de_la_structure("ingenierie"))
        .select_related("ingenierie")
    )


def de_conventions(*etats):
    """Rows: the conventions of these states, with the name of their structure (`pour`)."""
    return lambda u: (
        Convention.objects.visibles_par(u)
        .filter(etat__in=etats)
        .annotate(pour=nom_de_la_structure("ingenierie"))
        .select_related("ingenierie")
    )


def intitule(objet):
    """Name of a row that has its engineering: what is done, for whom."""
    return f"{objet.ingenierie.intitule} · {objet.pour}"


def de_mission(objet):
    """The same for a mission or what belongs to one."""
    mission = getattr(objet, "mission", objet)
    return f"{mission.convention.ingenierie.intitule} · {objet.pour}"
