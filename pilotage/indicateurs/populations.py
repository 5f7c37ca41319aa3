"""Who is counted, when: the three nested populations of the DLA and their union.

Trigger dates (domaine.md G5): the accueil, the diagnostic validated by the structure, the last
signature of the convention. Every function returns a queryset; nothing is loaded to be counted.
"""

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, OuterRef, Q, Subquery

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


def dossiers_diagnostiques(perimetre, annee):
    """Accompagnements of the scope with a diagnostic validated in the year."""
    valides = Diagnostic.objects.filter(valide_le__year=annee)
    return dossiers(perimetre).filter(pk__in=valides.values("accompagnement"))


def diagnostiquees(perimetre, annee):
    """Structures with a diagnostic validated in the year."""
    valides = dossiers_diagnostiques(perimetre, annee)
    return Structure.objects.filter(pk__in=valides.values("structure"))


def beneficiaires(perimetre, annee, genre=None):
    """Structures with an engineering signed in the year."""
    engages = dossiers_engages(perimetre, annee, genre)
    return Structure.objects.filter(pk__in=engages.values("structure"))


def accompagnees(perimetre, annee):
    """Union of the three populations, each structure once (broad population, G4)."""
    return Structure.objects.filter(
        Q(pk__in=accueils(perimetre, annee).values("structure"))
        | Q(pk__in=dossiers_diagnostiques(perimetre, annee).values("structure"))
        | Q(pk__in=dossiers_engages(perimetre, annee).values("structure"))
    )


def entree(perimetre, annee, champ):
    """Sub-query on a Structure: a field of its dossier of the scope, the last one opened.

    Sector, size and zonings are those of the day of entry (G10); a dossier opened after the year
    says nothing of it.
    """
    return Subquery(
        dossiers(perimetre)
        .filter(structure=OuterRef("pk"), ouvert_le__year__lte=annee)
        .order_by("-ouvert_le", "-pk")
        .values(champ)[:1]
    )


def sources(code, perimetre, annee):
    """The rows by which a structure enters I-02, I-07, I-09 or I-10: demandes and dossiers.

    Each has `structure`, `operateur` and `departement`.
    """
    accueil = accueils(perimetre, annee)
    diagnostique = dossiers_diagnostiques(perimetre, annee)
    engage = dossiers_engages(perimetre, annee)
    return {
        "I-02": [accueil],
        "I-07": [diagnostique],
        "I-09": [accueil, diagnostique, engage],
        "I-10": [engage],
    }[code]


def _paires(lignes, champ):
    return lignes.order_by().values_list("structure_id", champ)


def somme_par(champ, lignes):
    """Count distinct (structure, `champ`) pairs: the sum of what each operator counts."""
    premier, *autres = (_paires(source, champ) for source in lignes)
    return premier.union(*autres).count() if autres else premier.distinct().count()


def compte_par(champ, lignes):
    """Return {value of `champ`: distinct structures}, grouped by the database in one query."""
    premier, *autres = (
        source.order_by().annotate(cle=F(champ)).values_list("cle", "structure_id").distinct()
        for source in lignes
    )
    union = premier.union(*autres) if autres else premier
    sql, parametres = union.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT cle, COUNT(*) FROM ({sql}) AS paires GROUP BY cle", parametres
        )
        return dict(curseur.fetchall())
