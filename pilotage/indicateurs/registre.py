"""How a figure is published: numerator, denominator, exact value, display, definition, rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet
from django.utils import formats

ND = "n.d."  # what a zero denominator shows
FINE = "\u202f"
REGISTRE = {}


@dataclass(frozen=True)
class Quantite:
    """A number and, when it counts rows, the queryset of these very rows."""

    valeur: Decimal | int
    lignes: QuerySet | None = None
    unite: str = ""

    @classmethod
    def de(cls, lignes, unite):
        """Count a queryset."""
        return cls(lignes.count(), lignes, unite)


@dataclass(frozen=True)
class Part:
    """One share of a distribution."""

    cle: str
    libelle: str
    numerateur: Quantite
    denominateur: Quantite

    @property
    def valeur(self):
        return pourcentage(self.numerateur.valeur, self.denominateur.valeur)

    @property
    def affichage(self):
        return afficher(self.valeur, "pourcentage")


@dataclass(frozen=True)
class Resultat:
    """One figure. `valeur` is exact (None when there is nothing to divide by)."""

    indicateur: "Indicateur"
    perimetre: object
    annee: int
    numerateur: Quantite
    denominateur: Quantite | None = None
    valeur: Decimal | int | None = None
    somme_operateurs: int | None = None
    parts: list = field(default_factory=list)
    complements: dict = field(default_factory=dict)

    @property
    def affichage(self):
        """The value as it is shown, in French."""
        return afficher(self.valeur, self.indicateur.unite)

    def en_json(self):
        """Plain dictionary of the published contract."""
        return {
            "code": self.indicateur.code,
            "libelle": self.indicateur.libelle,
            "definition": self.indicateur.definition,
            "population": self.indicateur.population,
            "periode": self.indicateur.periode,
            "perimetre": self.perimetre.libelle,
            "annee": self.annee,
            "numerateur": _simple(self.numerateur.valeur),
            "denominateur": _simple(self.denominateur.valeur) if self.denominateur else None,
            "valeur": _simple(self.valeur),
            "affichage": self.affichage,
            "somme_operateurs": self.somme_operateurs,
            **{nom: _simple(valeur) for nom, valeur in self.complements.items()},
            "parts": [
                {
                    "cle": part.cle,
                    "libelle": part.libelle,
                    "numerateur": _simple(part.numerateur.valeur),
                    "denominateur": _simple(part.denominateur.valeur),
                    "valeur": _simple(part.valeur),
                    "affichage": part.affichage,
                }
                for part in self.parts
            ],
        }


@dataclass(frozen=True)
class Indicateur:
    """A published indicator. `calculer(perimetre, annee)` returns the named parts of a Resultat."""

    code: str
    libelle: str
    definition: str
    population: str
    periode: str
    unite: str  # nombre, pourcentage, euros, jours
    source: str
    calculer: Callable

    def resultat(self, perimetre, annee):
        """Compute the figure for a scope and a civil year."""
        return Resultat(self, perimetre, annee, **self.calculer(perimetre, annee))


def indicateur(code, libelle, *, definition, population, periode, unite="nombre", source):
    """Decorator: publish a function `calculer(perimetre, annee) -> dict` in the registry."""

    def publier(calculer):
        REGISTRE[code] = Indicateur(
            code, libelle, definition, population, periode, unite, source, calculer
        )
        return calculer

    return publier


def choisir(codes=None):
    """Return the indicators asked (`I-12` means I-12a, I-12b…), all of them by default.

    Raises KeyError with the codes that name nothing.
    """
    if not codes:
        return list(REGISTRE.values())
    noms = {code: {code, code.rstrip("abcdefgh")} for code in REGISTRE}
    inconnus = set(codes) - set().union(*noms.values())
    if inconnus:
        raise KeyError(", ".join(sorted(inconnus)))
    return [REGISTRE[code] for code in REGISTRE if noms[code] & set(codes)]


def pourcentage(numerateur, denominateur):
    """Return the exact percentage, or None when the denominator is zero."""
    if not denominateur:
        return None
    return Decimal(numerateur) * 100 / Decimal(denominateur)


def quotient(numerateur, denominateur):
    """Return the exact quotient, or None when the denominator is zero."""
    return Decimal(numerateur) / Decimal(denominateur) if denominateur else None


def afficher(valeur, unite):
    """Return a value rounded half up in French: « 130 % », « 5 300 € », « 12 jours », « n.d. »."""
    if valeur is None:
        return ND
    entier = int(Decimal(valeur).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    texte = formats.number_format(entier, decimal_pos=0, use_l10n=True, force_grouping=True)
    if unite == "pourcentage":
        return f"{texte}{FINE}%"
    if unite == "euros":
        return f"{texte}{FINE}€"
    if unite == "jours":
        return f"{texte} jour{'s' if abs(entier) > 1 else ''}"
    return texte


def _simple(valeur):
    if isinstance(valeur, Decimal):
        return int(valeur) if valeur == valeur.to_integral_value() else float(valeur)
    return valeur
