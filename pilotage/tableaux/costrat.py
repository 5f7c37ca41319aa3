"""The CoSTRAT table: departments of a region, objective, result, rate, gap."""

from dataclasses import dataclass

from accompagnements.plans.models import Ingenierie
from pilotage.indicateurs import perimetres, populations
from pilotage.indicateurs.registre import REGISTRE, afficher, pourcentage


@dataclass(frozen=True)
class LigneCostrat:
    """One department, or the whole region."""

    perimetre: object
    objectif: object
    realise: int
    taux: object
    ecart: object
    annee_precedente: int
    individuel: int
    collectif: int
    mixte: int
    somme_operateurs: int | None = None

    @property
    def genres(self):
        """(type of engineering, number), in the order of the column."""
        return [
            (Ingenierie.Genre.INDIVIDUELLE, self.individuel),
            (Ingenierie.Genre.COLLECTIVE, self.collectif),
            (Ingenierie.Genre.MIXTE, self.mixte),
        ]

    @property
    def taux_affiche(self):
        return afficher(self.taux, "pourcentage")


def _ligne(perimetre, annee):
    taux = REGISTRE["I-20"].resultat(perimetre, annee)
    signees = populations.conventions(perimetre, annee)
    genres = {
        genre: signees.filter(ingenierie__genre=genre).count() for genre in Ingenierie.Genre.values
    }
    fixe = taux.denominateur.lignes.exists()
    return LigneCostrat(
        perimetre=perimetre,
        objectif=taux.denominateur.valeur if fixe else None,
        realise=taux.numerateur.valeur,
        taux=pourcentage(taux.numerateur.valeur, taux.denominateur.valeur),
        ecart=taux.numerateur.valeur - taux.denominateur.valeur if fixe else None,
        annee_precedente=populations.accompagnees(perimetre, annee - 1).count(),
        individuel=genres["ING_IND"],
        collectif=genres["ING_COL"],
        mixte=genres["ING_MIX"],
        somme_operateurs=REGISTRE["I-09"].resultat(perimetre, annee).somme_operateurs,
    )


def tableau(region, annee):
    """Return (lines of the departments, line of the region); a few queries per department."""
    lignes = [
        _ligne(perimetres.d_un_departement(departement), annee)
        for departement in region.departements.all()
    ]
    return lignes, _ligne(perimetres.d_une_region(region), annee)


ENTETES = [
    "Département",
    "Objectif",
    "Réalisé",
    "Taux (%)",
    "Écart",
    "Année précédente",
    "Ingénieries individuelles",
    "Ingénieries collectives",
    "Ingénieries mixtes",
    "Somme des opérateurs",
]


def en_lignes(lignes):
    """Rows of the spreadsheet, exact rates with one decimal."""
    return [
        [
            str(ligne.perimetre),
            _nombre(ligne.objectif),
            ligne.realise,
            round(float(ligne.taux), 1) if ligne.taux is not None else None,
            _nombre(ligne.ecart),
            ligne.annee_precedente,
            ligne.individuel,
            ligne.collectif,
            ligne.mixte,
            ligne.somme_operateurs,
        ]
        for ligne in lignes
    ]


def _nombre(valeur):
    return float(valeur) if valeur is not None else None
