""" "Aujourd'hui": what is to do, built from states, whose turn it is and deadlines.

Nothing here is typed by hand: see `sources` for where each task comes from.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from accompagnements import acteurs
from accompagnements.parcours.models import TacheReportee
from accompagnements.parcours.sources import SOURCES
from accompagnements.parcours.sources_argent import ARGENT
from accompagnements.parcours.sources_consultations import CAHIERS
from accompagnements.parcours.sources_demandes import DEMANDES
from accompagnements.parcours.sources_missions import SOURCES_MISSIONS
from accompagnements.parcours.sources_plans import SOURCES_PLANS
from accompagnements.parcours.sources_signatures import SIGNATURES
from accompagnements.parcours.suivi import Suivis, avec_suivi, suivies_par
from dla_portal.comptes import suppleer
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ecart_ouvre

TOUTES = (
    *DEMANDES,
    *SOURCES,
    *CAHIERS,
    *SOURCES_PLANS,
    *SOURCES_MISSIONS,
    *SIGNATURES,
    *ARGENT,
)
PRESSANTS = ("retard", "aujourdhui")  # groups that the counters add up


@dataclass(frozen=True)
class Tache:
    """One thing to do. `source` and `pk` tell it from the others from one day to the next.

    `cycle` changes when the task is to be looked at anew: another deadline, another state.
    `personnes` follow the dossier; `pour` names who is absent and stood in for.
    """

    libelle: str
    objet: str
    url: str
    echeance: date | None
    acteur: str
    source: str
    pk: int
    cycle: str = ""
    depuis: date | None = None
    personnes: frozenset = frozenset()
    pour: str = ""

    @property
    def cle(self):
        """What the task is called by what is kept about it."""
        return f"{self.source}:{self.pk}"

    @property
    def retard_en_mots(self):
        """How late, in working days."""
        jours = ecart_ouvre(self.echeance, horloge.aujourdhui())
        if not jours:  # it fell on a day off
            return "échéance passée"
        s = "s" if jours > 1 else ""
        return f"{jours} jour{s} ouvré{s} de retard"

    @property
    def groupe(self):
        """late, today, week or later."""
        aujourdhui = horloge.aujourdhui()
        if self.echeance is None:
            return "plus_tard"
        if self.echeance < aujourdhui:
            return "retard"
        if self.echeance == aujourdhui:
            return "aujourdhui"
        return "semaine" if self.echeance <= aujourdhui + timedelta(days=7) else "plus_tard"


def taches(utilisateur, personnelles=True, seulement=None):
    """Return the tasks of the user's role, late first.

    `personnelles` keeps the dossiers that the user follows and those of the people she stands in
    for; otherwise those of the whole team. `seulement`: (source, pk) of the only one wanted.
    """
    absents = _Absents(utilisateur) if personnelles else None
    miens = acteurs.DE_L_OPERATEUR.get(utilisateur.role, set())
    lues = []
    for source in TOUTES:
        if seulement and source.cle != seulement[0]:
            continue
        if source.acteur not in miens and not (absents and source.acteur in absents.acteurs):
            continue
        lignes = source.lignes(utilisateur)
        if source.acteur == acteurs.CHARGE:
            if personnelles:
                lignes = suivies_par(lignes, [utilisateur.pk, *absents.noms])
            lignes = avec_suivi(lignes)
        if seulement:
            lignes = lignes.filter(pk=seulement[1])
        lues += [(source, objet) for objet in lignes if not _endormie(source, objet)]
    suivis = Suivis([objet for _, objet in lues])
    liste = [_tache(source, objet, suivis, utilisateur, absents) for source, objet in lues]
    return sorted(liste, key=lambda t: (t.echeance is None, t.echeance or date.max, t.objet))


class _Absents:
    """Those whom the user stands in for today, and the kinds of tasks that it brings her."""

    def __init__(self, utilisateur):
        tenues = suppleer.tenues_par(utilisateur)
        self.noms = {absent.pk: str(absent) for absent, _ in tenues}
        self.acteurs = {}  # actor that the role of the user has not → name of who is absent
        ouverts = suppleer.SUPPLEES.get(utilisateur.role, frozenset())
        siens = acteurs.DE_L_OPERATEUR.get(utilisateur.role, set())
        for absent, tenus in tenues:
            for role in tenus & ouverts:
                for acteur in acteurs.DE_L_OPERATEUR[role] - siens - {acteurs.DIRECTION}:
                    self.acteurs.setdefault(acteur, str(absent))

    def pour(self, source, personnes, utilisateur):
        """Name of who is stood in for on a row, or nothing when it is the user's own."""
        if source.acteur in self.acteurs:
            return self.acteurs[source.acteur]
        if utilisateur.pk in personnes:
            return ""
        return next((self.noms[pk] for pk in sorted(personnes) if pk in self.noms), "")


def _endormie(source, objet):
    """Whether somebody else has the pen until the deadline."""
    if not source.si_echue:
        return False
    echeance = source.echeance(objet)
    return echeance is None or echeance > horloge.aujourdhui()


def _tache(source, objet, suivis, utilisateur, absents):
    personnes = suivis.de(objet) if source.acteur == acteurs.CHARGE else frozenset()
    echeance = source.echeance(objet)
    return Tache(
        libelle=source.libelle,
        objet=source.nom(objet),
        url=_adresse(source, objet),
        echeance=echeance,
        acteur=source.acteur,
        source=source.cle,
        pk=objet.pk,
        cycle=source.cycle_de(objet, echeance),
        depuis=source.depuis(objet),
        personnes=personnes,
        pour=absents.pour(source, personnes, utilisateur) if absents else "",
    )


# What the address of a gesture is about: the dossier, the engineering, or the object itself.
_SUJETS = {
    "plan_preparer": lambda diagnostic: diagnostic.accompagnement_id,
    "consultation_preparer": lambda action: action.ingenierie_id,
}


def _adresse(source, objet):
    if source.geste:
        sujet = _SUJETS.get(source.geste, lambda o: o.pk)(objet)
        return reverse(f"accompagnements:{source.geste}", args=[sujet])
    return objet.get_absolute_url()


def trier(utilisateur, liste):
    """Return (what is to do, [(task, its report)] of what the user has put off)."""
    reports = TacheReportee.objects.visibles_par(utilisateur).en_cours()
    reports = {r.cle: r for r in reports.filter(utilisateur=utilisateur)}
    a_faire, reportees = [], []
    for tache in liste:
        report = reports.get(tache.cle)
        if report and report.cycle == tache.cycle:
            reportees.append((tache, report))
        else:
            a_faire.append(tache)
    return a_faire, reportees
