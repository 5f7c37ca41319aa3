"""Importer of objectives: one row per department, year, indicator, type and version."""

from dla_portal.socle.imports import champs
from dla_portal.socle.imports.champs import Rejet
from dla_portal.socle.imports.moteur import (
    CREE,
    IGNORE,
    MIS_A_JOUR,
    Colonne,
    Importateur,
    importateur,
)
from dla_portal.territoires.models import Departement
from pilotage.models import INDICATEURS, Objectif

GENRES = {"": "Tous types", "individuel": "individuel", "collectif": "collectif", "mixte": "mixte"}
GENRES |= {"ING_IND": "individuelle", "ING_COL": "collective", "ING_MIX": "ingenierie mixte"}
_CODES = {"ING_IND": "individuel", "ING_COL": "collectif", "ING_MIX": "mixte"}


def _annee(brut):
    annee = champs.entier(brut)
    if annee is None or not 2003 <= annee <= 2100:
        raise Rejet(f"Année « {brut} » : attendue entre 2003 et 2100.")
    return annee


def _valeur(brut):
    valeur = champs.decimal(brut)
    if valeur is None:
        raise Rejet("Valeur absente.")
    return valeur


@importateur("objectifs")
class ImportObjectifs(Importateur):
    """Creates or corrects objectives; the highest signed version counts."""

    colonnes = {
        "annee": Colonne(_annee, obligatoire=True),
        "departement": Colonne(
            champs.texte(3, obligatoire="Département absent."), obligatoire=True
        ),
        "indicateur": Colonne(champs.texte(10)),
        "type": Colonne(champs.choix(GENRES, nom="Type")),
        "valeur": Colonne(_valeur, obligatoire=True),
        "version": Colonne(champs.entier),
        "date_signature": Colonne(champs.jour),
    }

    def preparer(self):
        self.departements = set(Departement.objects.values_list("pk", flat=True))

    def traiter(self, lot):
        return [self._poser(valeurs) for valeurs in lot]

    def _poser(self, valeurs):
        departement = valeurs["departement"].upper()
        departement = departement.zfill(2) if len(departement) == 1 else departement
        if departement not in self.departements:
            return Rejet(f"Département « {valeurs['departement']} » inconnu.")
        cle = {
            "annee": valeurs["annee"],
            "departement_id": departement,
            "indicateur": valeurs["indicateur"] or "I-09",
            "genre": _CODES.get(valeurs["type"], valeurs["type"]),
            "numero": valeurs["version"] or 1,
        }
        if cle["indicateur"] not in dict(INDICATEURS):
            attendus = ", ".join(dict(INDICATEURS))
            return Rejet(f"Indicateur « {cle['indicateur']} » : attendu {attendus}.")
        contenu = {"valeur": valeurs["valeur"]}
        if valeurs["date_signature"]:  # an empty cell erases nothing
            contenu["signe_le"] = valeurs["date_signature"]
        objectif = Objectif.objects.filter(**cle).first()
        if objectif is None:
            Objectif.objects.create(**cle, **contenu)
            return CREE
        if all(getattr(objectif, nom) == valeur for nom, valeur in contenu.items()):
            return IGNORE
        for nom, valeur in contenu.items():
            setattr(objectif, nom, valeur)
        objectif.save()
        return MIS_A_JOUR
