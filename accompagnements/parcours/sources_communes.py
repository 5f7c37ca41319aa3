"""What the sources of tasks share: the `Source` itself, delays, and the sentences of their rows.

A deadline is counted in working days unless the field says otherwise (domaine.md Annex C).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import slugify

from accompagnements.consultations.models import Consultation
from accompagnements.conventions.models import Convention
from accompagnements.plans.models import nom_de_la_structure
from dla_portal.socle.calendrier import ajouter_jours_ouvres

# Delays in working days (I: no published value, W23: 20 days at most for the choice).
ACCUEILLIR, DECIDER, RELANCER, CHOISIR = 10, 5, 10, 14


@dataclass(frozen=True)
class Source:
    """Where tasks come from: rows of a scoped queryset and the sentence they make.

    `code` names the source in what is kept about its tasks; without it, its sentence does: who
    rewords a sentence writes down the former one there, or what was put off comes back.
    """

    libelle: str
    acteur: str
    lignes: Callable
    echeance: Callable
    nom: Callable = str
    geste: str = ""  # name of the address which does it, when the page of the row does not
    si_echue: bool = False  # shown from its deadline on: until then somebody else has the pen
    code: str = ""
    cycle: Callable | None = None  # what makes it another task, its deadline unless said otherwise

    @property
    def cle(self):
        """Name of the source in addresses and in what is kept."""
        return self.code or slugify(self.libelle)

    def cycle_de(self, objet, echeance):
        """What a task is as long as nothing changes: its deadline and the state of its object."""
        tour = self.cycle(objet) if self.cycle else echeance or ""
        return f"{tour}|{getattr(objet, 'etat', '')}"

    def depuis(self, objet):
        """The day since which it is to do, when the deadline is counted from a date."""
        champ = getattr(self.echeance, "champ", "")
        return _jour(getattr(objet, champ)) if champ else None


def apres(champ, jours_ouvres):
    """Deadline: so many working days after a date or datetime field."""

    def calculer(objet):
        jour = _jour(getattr(objet, champ))
        return None if jour is None else ajouter_jours_ouvres(jour, jours_ouvres)

    calculer.champ = champ
    return calculer


def _jour(valeur):
    return timezone.localdate(valeur) if hasattr(valeur, "hour") else valeur


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
