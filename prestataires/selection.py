"""Whom to ask: referenced prestataires ranked, with the reason of each rank.

Theme, place and sector are read on the fiche. Upper layers register what they know besides (load,
rotation, marks, concentration, interests): see `inscrire`.
"""

from dataclasses import dataclass, field

from prestataires.models import Prestataire

# Points of each match; the theme weighs most, then the place, then the sector.
THEME, TERRITOIRE, SECTEUR = 4, 3, 2


@dataclass(frozen=True)
class Besoin:
    """What is looked for: a Terme or None, pks of Terme, codes, and for whom."""

    thematique: object
    secteurs: tuple
    departements: tuple
    operateur_id: int
    structures: tuple = ()


@dataclass
class Appreciation:
    """Points of a prestataire for a need, why, and what to be careful about."""

    points: int = 0
    raisons: list = field(default_factory=list)
    alertes: list = field(default_factory=list)

    def ajouter(self, autre):
        """Add what another facet tells."""
        self.points += autre.points
        self.raisons += autre.raisons
        self.alertes += autre.alertes


FACETTES = []


def inscrire(*facettes):
    """Register facets: functions `(besoin) -> {prestataire pk: Appreciation}`, few queries each."""
    FACETTES.extend(facette for facette in facettes if facette not in FACETTES)


def proposer(besoin):
    """Return [(prestataire, Appreciation)], best first."""
    lignes = Prestataire.objects.sollicitables().prefetch_related(
        "competences", "secteurs", "departements"
    )
    classement = {p.pk: (p, _fiche(p, besoin)) for p in lignes}
    for facette in FACETTES:
        for pk, appreciation in facette(besoin).items():
            if pk in classement:
                classement[pk][1].ajouter(appreciation)
    return sorted(classement.values(), key=lambda ligne: (-ligne[1].points, ligne[0].nom_normalise))


def _fiche(prestataire, besoin):
    """What the fiche itself tells: theme, departments, sectors."""
    appreciation = Appreciation()
    if besoin.thematique and besoin.thematique in prestataire.competences.all():
        appreciation.ajouter(Appreciation(THEME, [f"Compétence : {besoin.thematique}"]))
    couverts = [d for d in prestataire.departements.all() if d.pk in besoin.departements]
    if couverts and len(couverts) == len(set(besoin.departements)):
        noms = ", ".join(d.nom for d in couverts)
        appreciation.ajouter(Appreciation(TERRITOIRE, [f"Intervient dans : {noms}"]))
    connus = [s for s in prestataire.secteurs.all() if s.pk in besoin.secteurs]
    if connus:
        noms = ", ".join(map(str, connus))
        appreciation.ajouter(Appreciation(SECTEUR, [f"Connaît le secteur : {noms}"]))
    if not appreciation.raisons:
        appreciation.raisons.append("Aucune des trois facettes ne correspond")
    return appreciation
