"""Activity, objectives, parcours, satisfaction: I-02 to I-31, I-91."""

from django.db.models import Q, Sum

from accompagnements.models import Accompagnement, Enquete, Structure
from accompagnements.plans.models import Ingenierie
from pilotage.indicateurs import populations
from pilotage.indicateurs.registre import Part, Quantite, indicateur, pourcentage
from pilotage.models import INDICATEURS, Objectif

STRUCTURES, INGENIERIES = "structures", "ingénieries"
ANNEE = "Année civile"


@indicateur(
    "I-02",
    "Structures accueillies",
    definition="Structures distinctes dont l'accueil a été tenu dans l'année. Une structure compte "
    "une fois, quel que soit le nombre de ses demandes.",
    population="accueillies",
    periode=f"{ANNEE} de la date d'accueil",
    source="Cadre national ; guide prestataires 2007",
)
def i02(perimetre, annee):
    numerateur = Quantite.de(populations.accueillies(perimetre, annee), STRUCTURES)
    somme = populations.par_operateur(populations.accueils(perimetre, annee))
    return {
        "numerateur": numerateur,
        "valeur": numerateur.valeur,
        "somme_operateurs": somme,
    }


@indicateur(
    "I-06",
    "Diagnostics partagés réalisés",
    definition="Diagnostics validés par les instances de la structure dans l'année. Chaque "
    "diagnostic compte.",
    population="diagnostics",
    periode=f"{ANNEE} de la validation par la structure",
    source="Rapports d'activité d'opérateurs",
)
def i06(perimetre, annee):
    numerateur = Quantite.de(populations.diagnostics(perimetre, annee), "diagnostics")
    return {"numerateur": numerateur, "valeur": numerateur.valeur}


@indicateur(
    "I-07",
    "Structures diagnostiquées",
    definition="Structures distinctes ayant un diagnostic validé dans l'année.",
    population="diagnostiquées",
    periode=f"{ANNEE} de la validation par la structure",
    source="Bilans nationaux",
)
def i07(perimetre, annee):
    numerateur = Quantite.de(populations.diagnostiquees(perimetre, annee), STRUCTURES)
    valides = populations.diagnostics(perimetre, annee).values("accompagnement")
    somme = populations.par_operateur(populations.dossiers(perimetre).filter(pk__in=valides))
    return {
        "numerateur": numerateur,
        "valeur": numerateur.valeur,
        "somme_operateurs": somme,
    }


def _accompagnees(perimetre, annee):
    return Quantite.de(populations.accompagnees(perimetre, annee), STRUCTURES)


@indicateur(
    "I-09",
    "Structures accompagnées (population large)",
    definition="Structures distinctes accueillies, diagnostiquées ou bénéficiaires d'une "
    "ingénierie dans l'année : union des trois populations, chaque structure une fois.",
    population="large : accueillies, diagnostiquées ou bénéficiaires d'ingénierie",
    periode=f"{ANNEE} de l'accueil, de la validation du diagnostic ou de la signature",
    source="Bilans nationaux ; bilan PACA 2021",
)
def i09(perimetre, annee):
    numerateur = _accompagnees(perimetre, annee)
    valides = populations.diagnostics(perimetre, annee).values("accompagnement")
    somme = populations.par_operateur(
        populations.accueils(perimetre, annee),
        populations.dossiers(perimetre).filter(pk__in=valides),
        populations.dossiers_engages(perimetre, annee),
    )
    return {
        "numerateur": numerateur,
        "valeur": numerateur.valeur,
        "somme_operateurs": somme,
    }


@indicateur(
    "I-10",
    "Structures bénéficiaires d'ingénierie (population étroite)",
    definition="Structures distinctes dont une ingénierie, individuelle, collective ou mixte, a sa "
    "convention signée par toutes les parties dans l'année.",
    population="étroite : bénéficiaires d'une ingénierie",
    periode=f"{ANNEE} de la dernière signature",
    source="Bilans nationaux",
)
def i10(perimetre, annee):
    numerateur = Quantite.de(populations.beneficiaires(perimetre, annee), STRUCTURES)
    somme = populations.par_operateur(populations.dossiers_engages(perimetre, annee))
    return {
        "numerateur": numerateur,
        "valeur": numerateur.valeur,
        "somme_operateurs": somme,
    }


@indicateur(
    "I-11",
    "Ingénieries engagées",
    definition="Ingénieries dont la convention est signée par toutes les parties dans l'année. "
    "Une action collective est une seule ingénierie.",
    population="ingénieries",
    periode=f"{ANNEE} de la dernière signature",
    source="Dossier SIAE 2012",
)
def i11(perimetre, annee):
    numerateur = Quantite.de(populations.conventions(perimetre, annee), INGENIERIES)
    return {"numerateur": numerateur, "valeur": numerateur.valeur}


def _repartition(perimetre, annee, total, compter):
    parts = [
        Part(genre.value, genre.label, compter(genre.value), total) for genre in Ingenierie.Genre
    ]
    return {"numerateur": total, "denominateur": total, "parts": parts, "valeur": total.valeur}


@indicateur(
    "I-12a",
    "Part des ingénieries individuelles, collectives et mixtes",
    definition="Ingénieries de chaque type rapportées à toutes les ingénieries de l'année (I-11).",
    population="ingénieries",
    periode=f"{ANNEE} de la dernière signature",
    source="Dossier SIAE 2012 ; CoSTRAT PACA 2022",
)
def i12a(perimetre, annee):
    signees = populations.conventions(perimetre, annee)
    return _repartition(
        perimetre,
        annee,
        Quantite.de(signees, INGENIERIES),
        lambda genre: Quantite.de(signees.filter(ingenierie__genre=genre), INGENIERIES),
    )


@indicateur(
    "I-12b",
    "Part des structures selon le type d'ingénierie",
    definition="Structures bénéficiaires de chaque type rapportées aux bénéficiaires (I-10). La "
    "somme peut dépasser 100 % : une structure peut bénéficier de plusieurs types.",
    population="étroite : bénéficiaires d'une ingénierie",
    periode=f"{ANNEE} de la dernière signature",
    source="Proposition, à confirmer par la région",
)
def i12b(perimetre, annee):
    return _repartition(
        perimetre,
        annee,
        Quantite.de(populations.beneficiaires(perimetre, annee), STRUCTURES),
        lambda genre: Quantite.de(populations.beneficiaires(perimetre, annee, genre), STRUCTURES),
    )


@indicateur(
    "I-12c",
    "Part des montants TTC selon le type d'ingénierie",
    definition="Euros TTC engagés sur les ingénieries de chaque type, avenants signés compris, "
    "rapportés au total TTC engagé.",
    population="ingénieries",
    periode=f"{ANNEE} de la dernière signature",
    unite="euros",
    source="Proposition, à confirmer par la région",
)
def i12c(perimetre, annee):
    signees = populations.conventions(perimetre, annee)

    def montant(genre=None):
        lignes = signees.filter(ingenierie__genre=genre) if genre else signees
        total = populations.chiffrees(lignes).aggregate(total=Sum("ttc_du"))["total"]
        return Quantite(total or 0, lignes, "€ TTC")

    return _repartition(perimetre, annee, montant(), montant)


def _objectif(perimetre, annee, indicateur="I-09", genre=""):
    """Sum of the signed objectives of the departments of the scope, the highest version of each."""
    lignes = Objectif.objects.en_vigueur().filter(
        annee=annee,
        indicateur=indicateur,
        genre=genre,
        departement__in=perimetre.departements(annee).values("pk"),
    )
    if perimetre.operateur:  # an objective is set on a territory, not on a share of it
        lignes = lignes.none()
    total = lignes.aggregate(total=Sum("valeur"))["total"] or 0
    return Quantite(total, lignes, STRUCTURES)


@indicateur(
    "I-20",
    "Taux de réalisation de l'objectif",
    definition="Structures accompagnées (I-09) rapportées à l'objectif de l'année : somme des "
    "objectifs des départements du périmètre (pour un opérateur, ceux de ses mandats de l'année), "
    "dernière version signée de chacun.",
    population="large : accueillies, diagnostiquées ou bénéficiaires d'ingénierie",
    periode=ANNEE,
    unite="pourcentage",
    source="CoSTRAT PACA, mars 2022",
)
def i20(perimetre, annee):
    numerateur, denominateur = _accompagnees(perimetre, annee), _objectif(perimetre, annee)
    return {
        "numerateur": numerateur,
        "denominateur": denominateur,
        "valeur": pourcentage(numerateur.valeur, denominateur.valeur),
    }


@indicateur(
    "I-21",
    "Écart à l'objectif",
    definition="Structures accompagnées (I-09) moins l'objectif de l'année, en structures.",
    population="large : accueillies, diagnostiquées ou bénéficiaires d'ingénierie",
    periode=ANNEE,
    source="CoSTRAT PACA, mars 2022",
)
def i21(perimetre, annee):
    numerateur, denominateur = _accompagnees(perimetre, annee), _objectif(perimetre, annee)
    connu = denominateur.lignes.exists()
    return {
        "numerateur": numerateur,
        "denominateur": denominateur,
        "valeur": numerateur.valeur - denominateur.valeur if connu else None,
    }


# Objective of an indicator → what is counted in front of it: (perimetre, annee, type or None).
REALISES = {
    "I-02": lambda p, annee, genre: populations.accueillies(p, annee),
    "I-06": lambda p, annee, genre: populations.diagnostics(p, annee),
    "I-07": lambda p, annee, genre: populations.diagnostiquees(p, annee),
    "I-09": lambda p, annee, genre: (
        populations.beneficiaires(p, annee, genre) if genre else populations.accompagnees(p, annee)
    ),
    "I-10": populations.beneficiaires,
    "I-11": lambda p, annee, genre: (
        populations.conventions(p, annee).filter(ingenierie__genre=genre)
        if genre
        else populations.conventions(p, annee)
    ),
}
GENRES_DES_OBJECTIFS = {
    Objectif.Genre.INDIVIDUEL: Ingenierie.Genre.INDIVIDUELLE,
    Objectif.Genre.COLLECTIF: Ingenierie.Genre.COLLECTIVE,
    Objectif.Genre.MIXTE: Ingenierie.Genre.MIXTE,
}


@indicateur(
    "I-22",
    "Réalisation des objectifs par indicateur et par type",
    definition="Chaque objectif signé de l'année, sur un indicateur et pour un type d'ingénierie ou "
    "tous, en face de ce qui est réalisé. Pour un type, les structures comptées sont les "
    "bénéficiaires d'une ingénierie de ce type.",
    population="celle de chaque indicateur",
    periode=ANNEE,
    source="Dialogue de gestion",
)
def i22(perimetre, annee):
    fixes = (
        Objectif.objects.en_vigueur()
        .filter(annee=annee, departement__in=perimetre.departements(annee).values("pk"))
        .order_by("indicateur", "genre")
    )
    couples = [] if perimetre.operateur else fixes.values_list("indicateur", "genre").distinct()
    parts = []
    for code, genre in couples:
        if code not in REALISES:
            continue
        realise = REALISES[code](perimetre, annee, GENRES_DES_OBJECTIFS.get(genre))
        type_dit = f" — {Objectif.Genre(genre).label.lower()}" if genre else ""
        parts.append(
            Part(
                f"{code}.{genre or 'tous'}",
                f"{dict(INDICATEURS)[code]}{type_dit}",
                Quantite.de(realise, "réalisés"),
                _objectif(perimetre, annee, code, genre),
            )
        )
    total = Quantite.de(fixes.none() if perimetre.operateur else fixes, "objectifs signés")
    return {"numerateur": total, "valeur": total.valeur, "parts": parts}


@indicateur(
    "I-30",
    "Parcours complexes",
    definition="Structures dont le plan validé dans l'année mobilise plus d'une action parmi les "
    "prestations DLA, l'offre d'un partenaire et l'expertise interne, rapportées aux structures "
    "dont le plan est validé dans l'année. Ne comptent ni les actions de la structure elle-même, ni "
    "celles abandonnées. Un plan actualisé compte dans l'année de chacun de ses accords.",
    population="structures dont le plan est validé",
    periode=f"{ANNEE} de l'accord de la structure sur le plan",
    unite="pourcentage",
    source="CoSTRAT PACA, mars 2022",
)
def i30(perimetre, annee):
    courants, figes = populations.accords(perimetre, annee)
    numerateur = Quantite.de(
        _structures_des(courants.filter(mobilisees_vives__gt=1), figes.filter(mobilisees__gt=1)),
        STRUCTURES,
    )
    denominateur = Quantite.de(_structures_des(courants, figes), STRUCTURES)
    return {
        "numerateur": numerateur,
        "denominateur": denominateur,
        "valeur": pourcentage(numerateur.valeur, denominateur.valeur),
    }


def _structures_des(plans, versions):
    dossiers = Accompagnement.objects.filter(
        Q(plan__in=plans.values("pk")) | Q(plan__in=versions.values("plan"))
    )
    return Structure.objects.filter(pk__in=dossiers.values("structure"))


@indicateur(
    "I-91",
    "Taux de satisfaction",
    definition="Réponses « satisfait » ou « très satisfait » à la question globale, rapportées aux "
    "réponses à cette question, pour les missions restituées dans l'année.",
    population="structures répondantes",
    periode=f"{ANNEE} de la restitution",
    unite="pourcentage",
    source="Bilans nationaux (formule à confirmer)",
)
def i91(perimetre, annee):
    reponses = Enquete.objects.filter(
        accompagnement__in=populations.dossiers(perimetre).values("pk"),
        restitution__tenue_le__year=annee,
        globale__isnull=False,
    )
    numerateur = Quantite.de(reponses.filter(globale__gte=3), "réponses")
    denominateur = Quantite.de(reponses, "réponses")
    return {
        "numerateur": numerateur,
        "denominateur": denominateur,
        "valeur": pourcentage(numerateur.valeur, denominateur.valeur),
    }
