"""Who follows the dossier that a task is about: filters in the database, people afterwards."""

from django.db.models import F, Q

from accompagnements.consultations.models import Consultation, Proposition
from accompagnements.consultations.questions import Question
from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.models import Convention
from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.missions.hors_cadre import HorsCadre
from accompagnements.missions.models import Mission
from accompagnements.plans.models import Action, Plan
from accompagnements.restitutions.models import Facture, Restitution
from accompagnements.suites.models import Suivi

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


def suivies_par(lignes, personnes):
    """Keep the rows whose dossier one of the people follows, and what nobody follows yet."""
    if lignes.model is DemandeEnLigne:
        return lignes
    if lignes.model is Demande:
        return lignes.filter(Q(charge__in=personnes) | Q(charge=None))
    chemin = _CHEMINS[lignes.model]
    dossiers = Accompagnement.objects.filter(charge__in=personnes)
    if chemin.endswith("ingenierie"):
        siennes = Action.objects.filter(plan__accompagnement__in=dossiers.values("pk"))
        return lignes.filter(**{f"{chemin}__in": siennes.values("ingenierie")})
    return lignes.filter(**{f"{chemin}__in": dossiers.values("pk")})


def avec_suivi(lignes):
    """Annotate each row with what `Suivis` needs to name who follows it."""
    chemin = _CHEMINS.get(lignes.model, "")
    if chemin.endswith("ingenierie"):
        return lignes.annotate(ingenierie_suivie=F(chemin))
    if chemin and chemin != "pk":
        return lignes.annotate(charge_du_suivi=F(f"{chemin}__charge"))
    return lignes


class Suivis:
    """The people who follow each of these rows, all engineerings read in one query.

    An engineering shared by several dossiers is followed by several people.
    """

    def __init__(self, objets):
        partagees = {o.ingenierie_suivie for o in objets if hasattr(o, "ingenierie_suivie")}
        actions = Action.objects.filter(
            ingenierie__in=partagees, plan__accompagnement__charge__isnull=False
        )
        self._par_ingenierie = {}
        for ingenierie, charge in actions.values_list("ingenierie", "plan__accompagnement__charge"):
            self._par_ingenierie.setdefault(ingenierie, set()).add(charge)

    def de(self, objet):
        """Primary keys of those who follow a row; empty when nobody does."""
        if hasattr(objet, "ingenierie_suivie"):
            return frozenset(self._par_ingenierie.get(objet.ingenierie_suivie, ()))
        charge = getattr(objet, "charge_du_suivi", None) or getattr(objet, "charge_id", None)
        return frozenset([charge] if charge else ())
