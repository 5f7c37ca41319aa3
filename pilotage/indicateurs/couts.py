"""Costs, days and delays: I-40, I-42, I-50. Amounts engaged, TTC, by date of signature."""

from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Sum

from accompagnements.models import Restitution
from accompagnements.plans.models import Ingenierie
from pilotage.indicateurs import populations
from pilotage.indicateurs.activite import ANNEE, INGENIERIES
from pilotage.indicateurs.registre import Quantite, indicateur, quotient


@indicateur(
    "I-40",
    "Coût moyen d'un accompagnement individuel",
    definition="Montant TTC engagé des ingénieries individuelles, avenants signés compris, divisé par "
    "leur nombre.",
    population="ingénieries individuelles",
    periode=f"{ANNEE} de la dernière signature",
    unite="euros",
    source="InterDLA Hauts-de-France, avril 2024",
)
def i40(perimetre, annee):
    individuelles = populations.conventions(perimetre, annee).filter(
        ingenierie__genre=Ingenierie.Genre.INDIVIDUELLE
    )
    total = populations.chiffrees(individuelles).aggregate(total=Sum("ttc_du"))["total"] or 0
    denominateur = Quantite.de(individuelles, INGENIERIES)
    return {
        "numerateur": Quantite(total, individuelles, "€ TTC"),
        "denominateur": denominateur,
        "valeur": quotient(total, denominateur.valeur),
    }


@indicateur(
    "I-42",
    "Coût du jour",
    definition="Montant TTC engagé de toutes les ingénieries, divisé par leurs jours conventionnés, "
    "avenants signés compris.",
    population="ingénieries",
    periode=f"{ANNEE} de la dernière signature",
    unite="euros",
    source="InterDLA Hauts-de-France, avril 2024",
)
def i42(perimetre, annee):
    signees = populations.conventions(perimetre, annee)
    sommes = populations.chiffrees(signees).aggregate(euros=Sum("ttc_du"), jours=Sum("jours_dus"))
    euros, jours = sommes["euros"] or 0, sommes["jours"] or 0
    return {
        "numerateur": Quantite(euros, signees, "€ TTC"),
        "denominateur": Quantite(jours, signees, "jours"),
        "valeur": quotient(euros, jours),
    }


def _delai(lignes, debut, fin, unite):
    """Median and 90th percentile of a delay in days, read by rank in the database."""
    durees = lignes.filter(**{f"{debut}__isnull": False}).annotate(
        duree=ExpressionWrapper(F(fin) - F(debut), output_field=DurationField())
    )
    nombre = durees.count()
    mediane = _rang(durees, nombre, 50)
    return {
        "numerateur": Quantite(nombre, durees, unite),
        "valeur": mediane,
        "complements": {"mediane": mediane, "p90": _rang(durees, nombre, 90)},
    }


def _rang(durees, nombre, centile):
    """The value below which lie `centile` % of the rows (nearest rank), in days."""
    if not nombre:
        return None
    rang = max(-(-nombre * centile // 100) - 1, 0)
    duree = durees.order_by("duree", "pk").values_list("duree", flat=True)[rang : rang + 1][0]
    return (duree if isinstance(duree, timedelta) else timedelta(microseconds=duree)).days


_DELAI = {"unite": "jours", "source": "Proposition, aucune valeur de référence publiée"}


@indicateur(
    "I-50a",
    "Délai d'accueil (médiane)",
    definition="Jours entre la réception de la demande et l'accueil, pour les accueils de l'année.",
    population="demandes accueillies",
    periode=f"{ANNEE} de l'accueil",
    **_DELAI,
)
def i50a(perimetre, annee):
    return _delai(populations.accueils(perimetre, annee), "recue_le", "accueil_le", "demandes")


@indicateur(
    "I-50b",
    "Délai du diagnostic (médiane)",
    definition="Jours entre l'accueil et la validation du diagnostic, pour les diagnostics validés "
    "dans l'année.",
    population="diagnostics validés",
    periode=f"{ANNEE} de la validation",
    **_DELAI,
)
def i50b(perimetre, annee):
    return _delai(
        populations.diagnostics(perimetre, annee),
        "accompagnement__demande__accueil_le",
        "valide_le",
        "diagnostics",
    )


@indicateur(
    "I-50f",
    "Délai de conventionnement (médiane)",
    definition="Jours entre le choix du prestataire et la dernière signature, pour les conventions "
    "signées dans l'année.",
    population="conventions signées",
    periode=f"{ANNEE} de la dernière signature",
    **_DELAI,
)
def i50f(perimetre, annee):
    return _delai(
        populations.conventions(perimetre, annee),
        "consultation__choix_le",
        "signee_le",
        INGENIERIES,
    )


@indicateur(
    "I-50g",
    "Durée de mission (médiane)",
    definition="Jours entre le lancement et la restitution, pour les missions restituées dans "
    "l'année.",
    population="missions restituées",
    periode=f"{ANNEE} de la restitution",
    **_DELAI,
)
def i50g(perimetre, annee):
    actions = populations.Action.objects.filter(
        plan__accompagnement__in=populations.dossiers(perimetre).values("pk"),
        ingenierie__isnull=False,
    )
    restituees = Restitution.objects.filter(
        tenue_le__year=annee, mission__convention__ingenierie__in=actions.values("ingenierie")
    )
    return _delai(restituees, "mission__lancee_le", "tenue_le", "missions")
