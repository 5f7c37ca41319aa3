"""Who the structures are and what the engineering is about: I-60, I-72, I-73."""

from django.db.models import BigIntegerField, Count, F, OuterRef, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from accompagnements.plans.models import Ingenierie
from dla_portal.socle.nomenclatures import Terme
from dla_portal.territoires.models import Couche
from pilotage.indicateurs import populations
from pilotage.indicateurs.activite import ANNEE, INGENIERIES, STRUCTURES
from pilotage.indicateurs.registre import Part, Quantite, indicateur, pourcentage


def _dernier_dossier(perimetre, annee):
    """The accompagnements of the outer structure opened by the year, the latest first."""
    return (
        populations.dossiers(perimetre)
        .filter(structure=OuterRef("pk"), ouvert_le__year__lte=annee)
        .order_by("-ouvert_le", "-pk")
    )


@indicateur(
    "I-60",
    "Répartition par secteur",
    definition="Structures accompagnées (I-09) selon leur secteur principal à l'entrée de leur "
    "accompagnement ; à défaut d'accompagnement, leur secteur principal. Un seul secteur par "
    "structure : la somme des parts fait 100 %.",
    population="large : accueillies, diagnostiquées ou bénéficiaires d'ingénierie",
    periode=ANNEE,
    source="Bilans nationaux 2011 et 2017",
)
def i60(perimetre, annee):
    a_l_entree = _dernier_dossier(perimetre, annee).values("secteur_id")[:1]
    structures = populations.accompagnees(perimetre, annee).annotate(
        secteur_compte=Coalesce(
            Subquery(a_l_entree), F("secteur_id"), output_field=BigIntegerField()
        )
    )
    total = Quantite.de(structures, STRUCTURES)
    nombres = structures.order_by().values("secteur_compte").annotate(nombre=Count("pk"))
    libelles = dict(Terme.objects.de("secteur").values_list("pk", "libelle"))
    parts = [
        Part(
            str(ligne["secteur_compte"] or "inconnu"),
            libelles.get(ligne["secteur_compte"], "Secteur non renseigné"),
            Quantite(
                ligne["nombre"],
                structures.filter(secteur_compte=ligne["secteur_compte"])
                if ligne["secteur_compte"]
                else structures.filter(secteur_compte__isnull=True),
                STRUCTURES,
            ),
            total,
        )
        for ligne in nombres.order_by("-nombre", "secteur_compte")
    ]
    return {"numerateur": total, "denominateur": total, "valeur": total.valeur, "parts": parts}


@indicateur(
    "I-72",
    "Thématiques des ingénieries",
    definition="Ingénieries de l'année selon leur thématique principale, rapportées aux ingénieries "
    "du même type. Une ingénierie a une seule thématique principale.",
    population="ingénieries, par type",
    periode=f"{ANNEE} de la dernière signature",
    source="Dossier SIAE 2012",
)
def i72(perimetre, annee):
    signees = populations.conventions(perimetre, annee)
    total = Quantite.de(signees, INGENIERIES)
    nombres = (
        signees.order_by()
        .values("ingenierie__genre", "ingenierie__thematique", "ingenierie__thematique__libelle")
        .annotate(nombre=Count("pk"))
    )
    par_genre = {}
    for ligne in nombres:
        genre = ligne["ingenierie__genre"]
        par_genre[genre] = par_genre.get(genre, 0) + ligne["nombre"]
    parts = [
        _part_thematique(signees, ligne, par_genre)
        for ligne in sorted(nombres, key=lambda n: (n["ingenierie__genre"], -n["nombre"]))
    ]
    return {"numerateur": total, "denominateur": total, "valeur": total.valeur, "parts": parts}


def _part_thematique(signees, ligne, par_genre):
    genre, theme = ligne["ingenierie__genre"], ligne["ingenierie__thematique"]
    du_genre = signees.filter(ingenierie__genre=genre)
    du_theme = du_genre.filter(ingenierie__thematique=theme)
    if theme is None:
        du_theme = du_genre.filter(ingenierie__thematique__isnull=True)
    libelle = ligne["ingenierie__thematique__libelle"] or "Thématique non renseignée"
    return Part(
        f"{genre}.{theme or 'inconnue'}",
        f"{Ingenierie.Genre(genre).label} — {libelle}",
        Quantite(ligne["nombre"], du_theme, INGENIERIES),
        Quantite(par_genre[genre], du_genre, INGENIERIES),
    )


@indicateur(
    "I-73",
    "Part des structures en zone prioritaire",
    definition="Structures accompagnées (I-09) dont le dernier accompagnement ouvert au plus tard "
    "dans l'année porte, à son entrée, la couche ZRR (jusqu'au 30/06/2024), FRR (depuis), FRR+ ou "
    "QPV. Une structure peut relever de plusieurs couches.",
    population="large : accueillies, diagnostiquées ou bénéficiaires d'ingénierie",
    periode=ANNEE,
    unite="pourcentage",
    source="CoSTRAT PACA, mars 2022",
)
def i73(perimetre, annee):
    total = Quantite.de(populations.accompagnees(perimetre, annee), STRUCTURES)
    a_l_entree = _dernier_dossier(perimetre, annee).annotate(texte=Cast("zonages", TextField()))
    structures = populations.accompagnees(perimetre, annee).annotate(
        couches=Subquery(a_l_entree.values("texte")[:1])
    )
    parts = []
    for couche in Couche:
        lignes = structures.filter(couches__contains=f'"{couche.value}"')
        parts.append(Part(couche.value, couche.label, Quantite.de(lignes, STRUCTURES), total))
    dedans = structures.filter(couches__isnull=False).exclude(couches__in=["[]", "null"])
    numerateur = Quantite.de(dedans, STRUCTURES)
    return {
        "numerateur": numerateur,
        "denominateur": total,
        "valeur": pourcentage(numerateur.valeur, total.valeur),
        "parts": parts,
    }
