"""Playing a registered importer over a file: batches, dry run, all-or-nothing, report.

An upper layer registers a subclass of `Importateur` with `@importateur("sujet")`:

    @importateur("structures")
    class ImportStructures(Importateur):
        colonnes = {"siret": Colonne(champs.siret, obligatoire=True), …}
        def traiter(self, lot): …   # returns one CREE, MIS_A_JOUR, IGNORE or Rejet per row
"""

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from dla_portal.socle.imports.champs import Rejet
from dla_portal.socle.imports.lecture import lire
from dla_portal.socle.recherche import normaliser

CREE, MIS_A_JOUR, IGNORE, REJETE = "crees", "mis_a_jour", "ignores", "rejetes"
LOT = 1000  # rows per batch
IMPORTATEURS = {}


@dataclass(frozen=True)
class Colonne:
    """A known column: its converter, whether its header must be there, and other names."""

    convertir: Callable
    obligatoire: bool = False
    alias: tuple = ()


class Importateur:
    """Base of all importers. `colonnes` maps names to Colonne; `traiter` writes one batch."""

    colonnes = {}
    # False when rows must be seen all together (several rows make one object).
    par_lots = True
    # Column whose rows stand or fall together, if any.
    groupe = ""

    def __init__(self, par=None):
        self.par = par
        self.groupes_rejetes = {}  # value of `groupe` → line of a row that could not be read

    def preparer(self):
        """Read once what every batch needs (reference tables)."""

    def traiter(self, lot):
        """Write a list of dictionaries of values; return one outcome per row, in order."""
        raise NotImplementedError


@dataclass
class Rapport:
    """What came of a file. The four outcomes always add up to `lus`."""

    lus: int = 0
    comptes: Counter = field(default_factory=Counter)
    rejets: list = field(default_factory=list)  # (line number, reason, cells)
    entetes: list = field(default_factory=list)
    annule: bool = False

    def __str__(self):
        noms = (CREE, MIS_A_JOUR, IGNORE, REJETE)
        return f"lus={self.lus} " + " ".join(f"{nom}={self.comptes[nom]}" for nom in noms)

    def ecrire_rejets(self, chemin):
        """Write the rejected rows as CSV: line number, reason, then the original cells."""
        with open(chemin, "w", encoding="utf-8-sig", newline="") as flux:
            ecrivain = csv.writer(flux, delimiter=";")
            ecrivain.writerow(["ligne", "raison", *self.entetes])
            for numero, raison, cellules in self.rejets:
                ecrivain.writerow([numero, raison, *cellules])


def importateur(sujet):
    """Class decorator: register an importer under the name used by the command."""

    def inscrire(classe):
        IMPORTATEURS[sujet] = classe
        return classe

    return inscrire


class _Retour(Exception):
    """Roll back what was written: dry run, or all-or-nothing with a rejected row."""


def importer(sujet, chemin, *, a_blanc=False, tout_ou_rien=False, par=None):
    """Play a file and return its Rapport; raises FichierIllisible when it cannot be read."""
    classe = IMPORTATEURS[sujet]
    instance = classe(par)
    attendues = {normaliser(nom) for nom in classe.colonnes}
    tableau = lire(chemin, attendues)
    rapport = Rapport(lus=len(tableau.lignes), entetes=tableau.entetes)
    try:
        with transaction.atomic():
            _jouer(instance, tableau, rapport)
            if a_blanc or (tout_ou_rien and rapport.comptes[REJETE]):
                raise _Retour
    except _Retour:
        rapport.annule = True
        if not a_blanc:
            bonnes = rapport.lus - rapport.comptes[REJETE]
            rapport.comptes = Counter({IGNORE: bonnes, REJETE: rapport.comptes[REJETE]})
    rapport.rejets.sort(key=lambda rejet: rejet[0])
    return rapport


def _jouer(instance, tableau, rapport):
    presentes = {cle for _, ligne in tableau.lignes[:1] for cle in ligne}
    noms = _noms_des_colonnes(instance, presentes)
    manquantes = [
        nom for nom, colonne in instance.colonnes.items() if colonne.obligatoire and nom not in noms
    ]
    if manquantes:
        raison = f"Colonne absente du fichier : {', '.join(manquantes)}."
        for numero, ligne in tableau.lignes:
            _rejeter(rapport, numero, raison, ligne)
        return
    instance.preparer()
    bonnes = []
    for numero, ligne in tableau.lignes:
        try:
            bonnes.append((numero, ligne, _convertir(instance, noms, ligne)))
        except Rejet as rejet:
            _rejeter(rapport, numero, str(rejet), ligne)
            if instance.groupe in noms:
                instance.groupes_rejetes[ligne[noms[instance.groupe]].strip()] = numero
    taille = LOT if instance.par_lots else max(len(bonnes), 1)
    for debut in range(0, len(bonnes), taille):
        lot = bonnes[debut : debut + taille]
        for (numero, ligne, _), issue in zip(
            lot, instance.traiter([valeurs for _, _, valeurs in lot]), strict=True
        ):
            if isinstance(issue, Rejet):
                _rejeter(rapport, numero, str(issue), ligne)
            else:
                rapport.comptes[issue] += 1


def _noms_des_colonnes(instance, presentes):
    """Map each known column present in the file to its normalised header."""
    noms = {}
    for nom, colonne in instance.colonnes.items():
        for candidat in (nom, *colonne.alias):
            if normaliser(candidat) in presentes:
                noms[nom] = normaliser(candidat)
                break
    return noms


def _convertir(instance, noms, ligne):
    """Values of a row by column name; every faulty cell is told, not only the first."""
    valeurs, raisons = {}, []
    for nom, colonne in instance.colonnes.items():
        try:
            valeurs[nom] = colonne.convertir(ligne[noms[nom]] if nom in noms else "")
        except Rejet as rejet:
            raisons.append(str(rejet))
    if raisons:
        raise Rejet(" ".join(raisons))
    valeurs["_presentes"] = set(noms)
    return valeurs


def _rejeter(rapport, numero, raison, ligne):
    rapport.comptes[REJETE] += 1
    rapport.rejets.append((numero, raison, list(ligne.values())))
