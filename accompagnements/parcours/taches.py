""" "Aujourd'hui": what is to do, built from states, whose turn it is and deadlines.

Nothing here is typed by hand: see `sources` for where each task comes from.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from accompagnements import acteurs
from accompagnements.consultations.models import Consultation, Proposition
from accompagnements.consultations.questions import Question
from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.models import Convention
from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.missions.hors_cadre import HorsCadre
from accompagnements.missions.models import Mission
from accompagnements.parcours.sources import SOURCES
from accompagnements.parcours.sources_argent import ARGENT
from accompagnements.parcours.sources_consultations import CAHIERS
from accompagnements.parcours.sources_demandes import DEMANDES
from accompagnements.parcours.sources_missions import SOURCES_MISSIONS
from accompagnements.parcours.sources_plans import SOURCES_PLANS
from accompagnements.parcours.sources_signatures import SIGNATURES
from accompagnements.plans.models import Action, Plan
from accompagnements.restitutions.models import Facture, Restitution
from accompagnements.suites.models import Suivi
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ecart_ouvre


@dataclass(frozen=True)
class Tache:
    """One thing to do."""

    libelle: str
    objet: str
    url: str
    echeance: date | None
    acteur: str

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


# How each model of a task leads to the dossiers it belongs to.
_CHEMINS = {
    Accompagnement: "pk",
    Diagnostic: "accompagnement",
    Plan: "accompagnement",
    Action: "plan__accompagnement",
    Consultation: "ingenierie",
    Proposition: "sollicitation__consultation__ingenierie",
    Question: "sollicitation__consultation__ingenierie",
    Convention: "ingenierie",
    Avenant: "convention__ingenierie",
    Mission: "convention__ingenierie",
    HorsCadre: "mission__convention__ingenierie",
    Restitution: "mission__convention__ingenierie",
    Facture: "mission__convention__ingenierie",
    Suivi: "accompagnement",
}


def suivis_par(lignes, utilisateur):
    """Keep the rows whose dossier the user follows, and what nobody follows yet."""
    if lignes.model is DemandeEnLigne:
        return lignes
    if lignes.model is Demande:
        return lignes.filter(Q(charge=utilisateur) | Q(charge=None))
    chemin = _CHEMINS[lignes.model]
    dossiers = Accompagnement.objects.filter(charge=utilisateur)
    if chemin.endswith("ingenierie"):
        siennes = Action.objects.filter(plan__accompagnement__in=dossiers.values("pk"))
        return lignes.filter(**{f"{chemin}__in": siennes.values("ingenierie")})
    return lignes.filter(**{f"{chemin}__in": dossiers.values("pk")})


def taches(utilisateur, personnelles=True):
    """Return the tasks of the user's role, late first.

    `personnelles` keeps the dossiers that the user follows; otherwise those of the whole team.
    """
    miens = acteurs.DE_L_OPERATEUR.get(utilisateur.role, set())
    liste = []
    for source in (
        *DEMANDES,
        *SOURCES,
        *CAHIERS,
        *SOURCES_PLANS,
        *SOURCES_MISSIONS,
        *SIGNATURES,
        *ARGENT,
    ):
        if source.acteur not in miens:
            continue
        lignes = source.lignes(utilisateur)
        if personnelles and source.acteur == acteurs.CHARGE:
            lignes = suivis_par(lignes, utilisateur)
        for objet in lignes:
            echeance = source.echeance(objet)
            if source.si_echue and (echeance is None or echeance > horloge.aujourdhui()):
                continue
            liste.append(
                Tache(
                    source.libelle,
                    source.nom(objet),
                    _adresse(source, objet),
                    echeance,
                    source.acteur,
                )
            )
    return sorted(liste, key=lambda t: (t.echeance is None, t.echeance or date.max, t.objet))


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
