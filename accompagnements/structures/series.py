"""Yearly figures as small curves: drawn by the server, told in words, their twin is the table."""

from dataclasses import dataclass

LARGEUR, HAUTEUR, MARGE = 160, 32, 3  # of the drawing, in its own units
CHAMPS = [
    ("effectif", "Effectif", "nombre"),
    ("etp", "ETP", "nombre"),
    ("budget", "Budget", "euros"),
]


@dataclass(frozen=True)
class Courbe:
    """One figure over the years. `traces`: broken where a year is missing; zero is the base."""

    libelle: str
    genre: str  # "nombre" or "euros"
    valeurs: tuple  # (year, value), oldest first
    traces: tuple  # "x,y x,y …" for each run of years that follow
    points: tuple  # (x, y) of every known year

    @property
    def derniere(self):
        return self.valeurs[-1][1]

    @property
    def dernier_point(self):
        return self.points[-1]

    @property
    def periode(self):
        return f"de {self.valeurs[0][0]} à {self.valeurs[-1][0]}"


def courbes(annees):
    """Return the Courbe of each figure known for two years at least."""
    lues = sorted(annees, key=lambda ligne: ligne.annee)
    dessinees = []
    for champ, libelle, genre in CHAMPS:
        valeurs = [(a.annee, getattr(a, champ)) for a in lues if getattr(a, champ) is not None]
        if len(valeurs) > 1:
            dessinees.append(_dessiner(libelle, genre, valeurs))
    return dessinees


def _dessiner(libelle, genre, valeurs):
    debut, fin = valeurs[0][0], valeurs[-1][0]
    haut = max(valeur for _, valeur in valeurs) or 1
    places = {}
    for annee, valeur in valeurs:
        x = MARGE + (LARGEUR - 2 * MARGE) * (annee - debut) / (fin - debut)
        y = HAUTEUR - MARGE - (HAUTEUR - 2 * MARGE) * float(valeur) / float(haut)
        places[annee] = (f"{x:.1f}", f"{y:.1f}")
    suites, suite = [], []
    for annee in range(debut, fin + 2):
        if annee in places:
            suite.append(",".join(places[annee]))
        elif suite:
            suites.append(" ".join(suite))
            suite = []
    return Courbe(libelle, genre, tuple(valeurs), tuple(suites), tuple(places.values()))
