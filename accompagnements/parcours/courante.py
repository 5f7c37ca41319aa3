"""The stage where each dossier stands, told by the database: one expression, no query per dossier.

It says what the dossier's page says ("À faire maintenant", see `prochain`): the first engineering
not finished carries the dossier, from its consultation to its balance.
"""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from accompagnements.consultations import etats as consultations
from accompagnements.consultations.models import Consultation
from accompagnements.conventions import etats as conventions
from accompagnements.conventions.models import Convention
from accompagnements.demandes import etats as demandes
from accompagnements.demandes.etats import EtatAccompagnement
from accompagnements.diagnostics import etats as diagnostics
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.missions import etats as missions
from accompagnements.plans import etats as plans
from accompagnements.plans.models import Ingenierie, Plan
from accompagnements.restitutions import etats as restitutions
from accompagnements.suites import etats as suites
from accompagnements.suites.models import Enquete
from dla_portal.socle.etats import Evenement


class Etape(models.TextChoices):
    """Where a dossier stands, in the order of the chain."""

    DIAGNOSTIC = "diagnostic", "Diagnostic partagé"
    PLAN = "plan", "Plan"
    CONSULTATION = "consultation", "Consultation"
    CONVENTION = "convention", "Convention"
    MISSION = "mission", "Mission"
    RESTITUTION = "restitution", "Restitution"
    ENQUETE = "enquete", "Satisfaction"
    A_CLORE = "a_clore", "À clore"
    CLOS = "clos", "Terminés"
    ABANDONNE = "abandonne", "Abandonnés"


FERMEES = (Etape.CLOS, Etape.ABANDONNE)
_FINIE = "finie"

# What moves a dossier from a stage to the next: the objects whose state is watched…
_MODELES = [
    f"accompagnements.{nom}"
    for nom in (
        "accompagnement",
        "diagnostic",
        "plan",
        "consultation",
        "convention",
        "mission",
        "restitution",
        "enquete",
    )
]
# …and their births: a line of the journal which says no former state is one of them, or a note.
_NAISSANCES = {
    transition.nom
    for transition in (
        *demandes.TRANSITIONS_ACCOMPAGNEMENT,
        *diagnostics.TRANSITIONS,
        *plans.TRANSITIONS,
        *consultations.TRANSITIONS,
        *conventions.TRANSITIONS,
        *missions.TRANSITIONS,
        *restitutions.TRANSITIONS,
        *suites.TRANSITIONS,
    )
    if not transition.depuis
}


def _premier(lignes, champ):
    return Subquery(lignes.values(champ)[:1])


def _ingenieries():
    """Engineerings with `ou`, the stage where each one stands (`_FINIE`: nothing left to do)."""
    vivantes = (
        Convention.objects.filter(ingenierie=OuterRef("pk"))
        .exclude(etat=conventions.Etat.ABANDONNEE)
        .order_by("-pk")
    )
    dernieres = Consultation.objects.filter(ingenierie=OuterRef("pk")).order_by("-pk")
    return Ingenierie.objects.annotate(
        restitution=_premier(vivantes, "mission__restitution__etat"),
        mission=_premier(vivantes, "mission__etat"),
        convention=_premier(vivantes, "etat"),
        consultation=_premier(dernieres, "etat"),
    ).annotate(
        ou=Case(
            When(restitution=restitutions.Etat.SOLDEE, then=Value(_FINIE)),
            When(restitution__isnull=False, then=Value(Etape.RESTITUTION)),
            When(mission=missions.Etat.ARRETEE, then=Value(_FINIE)),
            When(mission__isnull=False, then=Value(Etape.MISSION)),
            When(convention=conventions.Etat.RESILIEE, then=Value(_FINIE)),
            When(convention=conventions.Etat.SIGNEE, then=Value(Etape.MISSION)),
            When(convention__isnull=False, then=Value(Etape.CONVENTION)),
            When(consultation=consultations.Etat.SANS_SUITE, then=Value(_FINIE)),
            When(consultation=consultations.Etat.ATTRIBUEE, then=Value(Etape.CONVENTION)),
            default=Value(Etape.CONSULTATION),
            output_field=models.CharField(),
        )
    )


def avec_etape(dossiers):
    """Annotate a queryset of Accompagnement with `etape` and `piste`, the engineering it is at:
    the first one not finished, else the last one."""
    diagnostics_vivants = (
        Diagnostic.objects.filter(accompagnement=OuterRef("pk"))
        .exclude(etat=diagnostics.Etat.ABANDONNE)
        .order_by("-pk")
    )
    plan = Plan.objects.filter(accompagnement=OuterRef("pk")).order_by("pk")
    siennes = _ingenieries().filter(actions__plan__accompagnement=OuterRef("pk"))
    ouvertes, dernieres = siennes.exclude(ou=_FINIE).order_by("pk"), siennes.order_by("-pk")
    enquetes = Enquete.objects.filter(accompagnement=OuterRef("pk")).order_by("-pk")
    return dossiers.annotate(
        diagnostic_ou=_premier(diagnostics_vivants, "etat"),
        plan_ou=_premier(plan, "etat"),
        piste=Coalesce(_premier(ouvertes, "pk"), _premier(dernieres, "pk")),
        piste_ou=_premier(ouvertes, "ou"),
        solde_ou=_premier(dernieres, "restitution"),
        enquete_ou=_premier(enquetes, "etat"),
    ).annotate(etape=_etape(siennes))


def _etape(siennes):
    a_planifier = ~Q(diagnostic_ou=diagnostics.Etat.SANS_PLAN)
    en_diagnostic = [*diagnostics.REDIGES, diagnostics.Etat.SOUMIS]
    return Case(
        When(etat=EtatAccompagnement.CLOS, then=Value(Etape.CLOS)),
        When(etat=EtatAccompagnement.ABANDONNE, then=Value(Etape.ABANDONNE)),
        When(
            Q(diagnostic_ou__isnull=True) | Q(diagnostic_ou__in=en_diagnostic),
            then=Value(Etape.DIAGNOSTIC),
        ),
        When(a_planifier & Q(plan_ou__isnull=True), then=Value(Etape.PLAN)),
        When(a_planifier & Q(plan_ou=plans.Etat.BROUILLON), then=Value(Etape.PLAN)),
        When(piste_ou__isnull=False, then=F("piste_ou")),
        # No engineering: what the partners and the structure do is the plan itself.
        When(Q(plan_ou=plans.Etat.VALIDE) & ~Exists(siennes), then=Value(Etape.PLAN)),
        When(
            Q(enquete_ou=suites.Etat.ENVOYEE) | Q(enquete_ou__isnull=True, solde_ou__isnull=False),
            then=Value(Etape.ENQUETE),
        ),
        default=Value(Etape.A_CLORE),
        output_field=models.CharField(),
    )


def depuis(dossiers):
    """Annotate `change_le` and `piste_change_le`: the last changes of state of the dossier itself
    and of its engineering. The later of both is when it came to where it stands."""
    return dossiers.annotate(
        change_le=_dernier_changement("accompagnement:", "pk"),
        piste_change_le=_dernier_changement("ingenierie:", "piste"),
    )


def _dernier_changement(prefixe, champ):
    fil = Concat(
        Value(prefixe), Cast(OuterRef(champ), models.CharField()), output_field=models.CharField()
    )
    lignes = Evenement.objects.filter(
        ~Q(de="") | Q(transition__in=_NAISSANCES), fil=fil, objet_type__in=_MODELES
    )
    return _premier(lignes.exclude(de=F("vers")).order_by("-le"), "le")
