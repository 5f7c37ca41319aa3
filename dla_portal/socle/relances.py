"""Reminders as data (domaine.md Annex C): each layer registers its own, the command walks them.

A reminder leaves at most once per object and step: the journal of the object keeps the trace, and
playing the same date again finds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from dla_portal.socle.calendrier import ajouter_jours_ouvres
from dla_portal.socle.etats import journaliser

RELANCES = []


@dataclass(frozen=True)
class Relance:
    """What is reminded of, from when, how often, and what stops it.

    `attendus(le)` returns the objects that still wait on a date: what stops the reminder, said in
    words by `arret`, is no more in it. `depart(objet)` is the date from which the days of `pas`
    count (negative: before it), None while there is nothing to count from. `tour(objet)` starts the
    count again when it changes. Late, one letter leaves and the others follow at the distance of
    their steps; with `absolus`, the latest step of the past is the only one that matters.
    """

    libelle: str
    nom: str  # of the lines of the journal, with the count and the step: 60 characters at most
    fait: str  # their sentence
    attendus: Callable
    quand: str  # the start, in words
    arret: str
    depart: Callable
    pas: tuple
    ecrire: Callable  # (objet, rappel: bool) -> None when nobody is known to write to
    ouvres: bool = True
    absolus: bool = False
    tour: Callable = lambda objet: ""
    porteur: Callable = lambda objet: objet  # the object whose journal keeps the trace
    sujet: Callable = lambda objet: ""  # who is reminded, when the journal is that of several

    def pas_du(self, objet, le):
        """Return the step whose letter is due on a date, or None."""
        depart, faits = self.depart(objet), self.faits(objet)
        if depart is None:
            return None
        if self.absolus:
            du = max((pas for pas in self.pas if self._jour(depart, pas) <= le), default=None)
            return None if du is None or du in faits or any(fait > du for fait in faits) else du
        suivants = [pas for pas in self.pas if all(fait < pas for fait in faits)]
        if not suivants:
            return None
        echeance = self._jour(depart, suivants[0])
        if faits:  # never sooner after the last letter than the steps are apart
            dernier = max(faits)
            echeance = max(echeance, self._jour(faits[dernier], suivants[0] - dernier))
        return suivants[0] if echeance <= le else None

    def _jour(self, depart, pas):
        if self.ouvres:
            return ajouter_jours_ouvres(depart, pas)
        return depart + timedelta(days=pas)

    def jouer(self, le):
        """Put the letters due on a date; return how many."""
        return sum(self._relancer(objet, le) for objet in self.attendus(le))

    @transaction.atomic
    def _relancer(self, objet, le):
        porteur = self.porteur(objet)
        # Two commands at once: the second one waits here, then finds the trace of the first.
        type(porteur)._base_manager.select_for_update().get(pk=porteur.pk)
        pas = self.pas_du(objet, le)
        if pas is None or not self.ecrire(objet, bool(self.faits(objet))):
            return False
        libelle = " : ".join(filter(None, (self.fait, self.sujet(objet))))
        journaliser(porteur, libelle[:200], nom=f"{self._compte(objet)}{pas}:{le}")
        return True

    def faits(self, objet):
        """Return {step: date} of the letters already left in this count."""
        compte = self._compte(objet)
        traces = self.porteur(objet).journal().filter(transition__startswith=compte)
        noms = [nom.removeprefix(compte) for nom in traces.values_list("transition", flat=True)]
        couples = [nom.split(":") for nom in noms]
        return {int(pas): date.fromisoformat(le) for pas, le in couples}

    def _compte(self, objet):
        return f"{self.nom}:{self.tour(objet)}:"


@dataclass(frozen=True)
class Echeance:
    """What a date does by itself to objects: `jouer(le)` returns how many it changed."""

    libelle: str
    jouer: Callable
    quand: str
    arret: str
    pas: tuple = ()
    ouvres: bool = False


def inscrire(*relances):
    """Register reminders and echeances, in the order in which the command plays them."""
    RELANCES.extend(relances)


def en_markdown():
    """Return the table of the reminders, for docs/etats.md."""
    lignes = [
        "## Rappels",
        "",
        "Déposés par `manage.py relances`, une fois par étape ; en retard, une seule lettre part, "
        "et les suivantes gardent leurs distances.",
        "",
        "| rappel | à partir de | jours | s'arrête |",
        "|---|---|---|---|",
    ]
    for relance in RELANCES:
        jours = ", ".join(f"{pas:+d}" if pas else "0" for pas in relance.pas) or "le jour même"
        if relance.ouvres and relance.pas:
            jours += " (ouvrés)"
        lignes.append(f"| {relance.libelle} | {relance.quand} | {jours} | {relance.arret} |")
    return "\n".join(lignes) + "\n"
