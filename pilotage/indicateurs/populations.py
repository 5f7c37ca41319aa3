"""Who is counted, when: the three nested populations of the DLA and their union.

Trigger dates (domaine.md G5): the accueil, the diagnostic validated by the structure, the last
signature of the convention. Every function returns a queryset; nothing is loaded to be counted.
"""

from django.db.models import Q

from accompagnements.models import (
    Accompagnement,
    Action,
    Convention,
    Demande,
    Diagnostic,
    Plan,
    Structure,
)


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


def conventions(perimetre, annee):
    """Conventions signed by all in the year, one per engineering, of the dossiers of the scope."""
    actions = Action.objects.filter(
        plan__accompagnement__in=dossiers(perimetre).values("pk"), ingenierie__isnull=False
    )
    return Convention.objects.engagees().filter(
        signee_le__year=annee, ingenierie__in=actions.values("ingenierie")
    )


def dossiers_engages(perimetre, annee, genre=None):
    """Accompagnements of the scope with an engineering signed in the year (of one type)."""
    signees = conventions(perimetre, annee)
    if genre:
        signees = signees.filter(ingenierie__genre=genre)
    actions = Action.objects.filter(ingenierie__in=signees.values("ingenierie"))
    return dossiers(perimetre).filter(plan__in=actions.values("plan"))


def plans(perimetre, annee):
    """Plans of the scope agreed to by the structure in the year."""
    dans = dossiers(perimetre).values("pk")
    return Plan.objects.filter(valide_le__year=annee, accompagnement__in=dans)


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
