"""Who is counted, when: the three nested populations of the DLA and their union.

Trigger dates (domaine.md G5): the accueil, the diagnostic validated by the structure, the last
signature of the convention. Every function returns a queryset; nothing is loaded to be counted.
"""

from django.db.models import Count, Exists, OuterRef, Q

from accompagnements.conventions.avenants import jours_en_vigueur, montant_ttc_en_vigueur
from accompagnements.models import (
    Accompagnement,
    Action,
    Convention,
    Demande,
    Diagnostic,
    Plan,
    Structure,
    VersionPlan,
)
from accompagnements.plans.etats import StatutAction, TypeAction


def dossiers(perimetre):
    """Accompagnements of the scope, whatever the year."""
    return perimetre.filtrer(Accompagnement.objects.all())


def accueils(perimetre, annee):
    """Demandes of the scope whose accueil was held in the year."""
    return perimetre.filtrer(Demande.objects.filter(accueil_le__year=annee))


def diagnostics(perimetre, annee):
    """Diagnostics of the scope validated in the year."""
    dans = dossiers(perimetre).values("pk")
    return Diagnostic.objects.filter(valide_le__year=annee, accompagnement__in=dans)


def engagees():
    """Actions of engineering that the structure agreed to and has not given up."""
    return Action.objects.filter(ingenierie__isnull=False, plan__valide_le__isnull=False).exclude(
        statut=StatutAction.ABANDONNEE
    )


def conventions(perimetre, annee):
    """Conventions signed by all in the year, one per engineering, of the dossiers of the scope."""
    actions = engagees().filter(plan__accompagnement__in=dossiers(perimetre).values("pk"))
    return Convention.objects.engagees().filter(
        signee_le__year=annee, ingenierie__in=actions.values("ingenierie")
    )


def chiffrees(conventions):
    """Conventions with what is due on them, signed avenants included: `ttc_du`, `jours_dus`."""
    return conventions.annotate(ttc_du=montant_ttc_en_vigueur(), jours_dus=jours_en_vigueur())


def dossiers_engages(perimetre, annee, genre=None):
    """Accompagnements of the scope with an engineering signed in the year (of one type)."""
    signees = conventions(perimetre, annee)
    if genre:
        signees = signees.filter(ingenierie__genre=genre)
    actions = engagees().filter(ingenierie__in=signees.values("ingenierie"))
    return dossiers(perimetre).filter(plan__in=actions.values("plan"))


def accords(perimetre, annee):
    """Agreements of the year on a plan: (plans in their current version, frozen versions).

    A plan agreed to twice in the year counts once, by its latest agreement. The plans carry
    `mobilisees_vives`, the versions `mobilisees`: actions that make a parcours complex.
    """
    dans = dossiers(perimetre).values("pk")
    vives = ~Q(actions__genre=TypeAction.ACT_STRUCT) & ~Q(actions__statut=StatutAction.ABANDONNEE)
    courants = Plan.objects.filter(valide_le__year=annee, accompagnement__in=dans)
    plus_recente = VersionPlan.objects.filter(
        plan=OuterRef("plan"), valide_le__year=annee, numero__gt=OuterRef("numero")
    )
    figes = VersionPlan.objects.filter(
        ~Exists(plus_recente), valide_le__year=annee, plan__accompagnement__in=dans
    ).exclude(plan__in=courants.values("pk"))
    return courants.annotate(mobilisees_vives=Count("actions", filter=vives)), figes


def accueillies(perimetre, annee):
    """Structures with an accueil in the year."""
    return Structure.objects.filter(pk__in=accueils(perimetre, annee).values("structure"))


def diagnostiquees(perimetre, annee):
    """Structures with a diagnostic validated in the year."""
    valides = dossiers(perimetre).filter(
        pk__in=diagnostics(perimetre, annee).values("accompagnement")
    )
    return Structure.objects.filter(pk__in=valides.values("structure"))


def beneficiaires(perimetre, annee, genre=None):
    """Structures with an engineering signed in the year."""
    engages = dossiers_engages(perimetre, annee, genre)
    return Structure.objects.filter(pk__in=engages.values("structure"))


def accompagnees(perimetre, annee):
    """Union of the three populations, each structure once (broad population, G4)."""
    valides = dossiers(perimetre).filter(
        pk__in=diagnostics(perimetre, annee).values("accompagnement")
    )
    return Structure.objects.filter(
        Q(pk__in=accueils(perimetre, annee).values("structure"))
        | Q(pk__in=valides.values("structure"))
        | Q(pk__in=dossiers_engages(perimetre, annee).values("structure"))
    )


def par_operateur(*sources):
    """Count distinct (structure, operator) pairs over querysets which have both fields."""
    premier, *autres = (
        source.order_by().values_list("structure_id", "operateur_id") for source in sources
    )
    return premier.union(*autres).count() if autres else premier.distinct().count()
