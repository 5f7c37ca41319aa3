"""Whom to ask: the prestataires ranked criterion by criterion, with the reason of each point.

Competence, department and sector are read on the fiche. Upper layers register what they know
besides (load, rotation, marks) and their warnings, which take no point: see `inscrire`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from prestataires.models import Prestataire

# The most that each criterion of the fiche gives; a need half covered gives half, rounded down.
COMPETENCE, DEPARTEMENT, SECTEUR = 4, 3, 2


@dataclass(frozen=True)
class Besoin:
    """What is looked for: themes and sectors (Terme), departments, and for whom."""

    thematiques: tuple
    secteurs: tuple
    departements: tuple
    operateur_id: int
    structures: tuple = ()


@dataclass(frozen=True)
class Point:
    """What one criterion gives: points out of a maximum, and the sentence that says why."""

    critere: str
    points: int
    sur: int
    raison: str


@dataclass
class Appreciation:
    """The criteria of a prestataire for a need, what to be careful about, where he does not go."""

    criteres: list
    alertes: list = field(default_factory=list)
    hors_zone: tuple = ()  # the departments of the need where he does not intervene

    @property
    def points(self):
        return sum(critere.points for critere in self.criteres)

    @property
    def sur(self):
        """The total that a perfect match would reach."""
        return sum(critere.sur for critere in self.criteres)


@dataclass(frozen=True)
class Facette:
    """A criterion of an upper layer.

    `mesurer(besoin)` returns {prestataire pk: (points, reason)} in few queries; `defaut` is the
    (points, reason) of those it does not name.
    """

    critere: str
    sur: int
    mesurer: Callable
    defaut: tuple


FACETTES, AVERTISSEMENTS = [], []


def inscrire(*facettes, avertissements=()):
    """Register criteria, and warnings: functions `(besoin) -> {prestataire pk: [sentences]}`."""
    FACETTES.extend(facette for facette in facettes if facette not in FACETTES)
    AVERTISSEMENTS.extend(a for a in avertissements if a not in AVERTISSEMENTS)


def proposer(besoin, parmi=None):
    """Return [(prestataire, Appreciation)], best first.

    `parmi`: the prestataires to rank, when others than those who may be asked are looked for.
    """
    lignes = Prestataire.objects.sollicitables() if parmi is None else parmi
    lignes = lignes.prefetch_related("competences", "secteurs", "departements")
    mesures = [(facette, facette.mesurer(besoin)) for facette in FACETTES]
    mises_en_garde = [avertir(besoin) for avertir in AVERTISSEMENTS]
    classement = []
    for prestataire in lignes:
        appreciation = _selon_la_fiche(prestataire, besoin)
        appreciation.criteres += [
            Point(facette.critere, *_mesure(facette, connus.get(prestataire.pk)))
            for facette, connus in mesures
        ]
        for phrases in mises_en_garde:
            appreciation.alertes += phrases.get(prestataire.pk, [])
        classement.append((prestataire, appreciation))
    return sorted(classement, key=rang)


def _mesure(facette, connue):
    points, raison = connue or facette.defaut
    return points, facette.sur, raison


def rang(ligne):
    """Sorting key of a (prestataire, Appreciation): who covers the place first, then the points."""
    prestataire, appreciation = ligne
    return (len(appreciation.hors_zone), -appreciation.points, prestataire.nom_normalise)


def _selon_la_fiche(prestataire, besoin):
    return selon_la_fiche(
        besoin,
        competences=prestataire.competences.all(),
        departements=prestataire.departements.all(),
        secteurs=prestataire.secteurs.all(),
    )


def selon_la_fiche(besoin, *, competences, departements, secteurs):
    """What the fiche tells: does he know the theme, go there, know the sector?"""
    criteres = [
        _part(
            ("Compétence", COMPETENCE, "L'action n'a pas de thématique"),
            besoin.thematiques,
            competences,
            "Pas dans ses compétences",
        ),
        _part(
            ("Département", DEPARTEMENT, "Le dossier n'a pas de département"),
            besoin.departements,
            departements,
            "N'intervient pas dans",
        ),
        _part(
            ("Secteur", SECTEUR, "Le secteur du dossier n'est pas renseigné"),
            besoin.secteurs,
            secteurs,
            "Pas dans ses secteurs",
        ),
    ]
    absents = tuple(d for d in dict.fromkeys(besoin.departements) if d not in departements)
    return Appreciation(criteres, hors_zone=absents)


def _part(critere, cherches, connus, absence):
    """The Point of a criterion: the share of what is looked for that the fiche names."""
    nom, sur, rien_a_chercher = critere
    cherches, connus = list(dict.fromkeys(cherches)), set(connus)
    if not cherches:
        return Point(nom, 0, sur, rien_a_chercher)
    trouves = [str(cherche) for cherche in cherches if cherche in connus]
    absents = [str(cherche) for cherche in cherches if cherche not in connus]
    raisons = [", ".join(trouves)] if trouves else []
    if absents:
        raisons.append(f"{absence} : {', '.join(absents)}")
    return Point(nom, sur * len(trouves) // len(cherches), sur, ". ".join(raisons))
