"""Demonstration, last part: signed objectives of three years, with an avenant."""

from datetime import date

from dla_portal.socle import horloge
from dla_portal.socle.demonstration import partie
from pilotage.models import Objectif

# Objectives of the year N−1 add up to 266, those of the regional bilan.
OBJECTIFS = {"04": 24, "05": 22, "06": 55, "13": 80, "83": 48, "84": 37}


# This year two departments expect more: a dossier of each step is there to be seen.
OBJECTIFS_DE_L_ANNEE = {"04": 60, "13": 115}


@partie(40, "objectifs par département")
def jouer(scene):
    """Sign each year's objectives in January; the 13 signs an avenant in October of year N."""
    annee = horloge.aujourdhui().year
    for ecart, coefficient in ((2, 0.92), (1, 1), (0, 1.05)):
        for departement, valeur in OBJECTIFS.items():
            Objectif.objects.create(
                annee=annee - ecart,
                departement_id=departement,
                valeur=_valeur(departement, valeur, ecart, coefficient),
                signe_le=date(annee - ecart, 1, 20),
            )
    avenant = date(annee, 10, 10)
    if avenant <= horloge.aujourdhui():
        Objectif.objects.create(
            annee=annee, departement_id="13", valeur=120, numero=2, signe_le=avenant
        )


def _valeur(departement, valeur, ecart, coefficient):
    if ecart == 0 and departement in OBJECTIFS_DE_L_ANNEE:
        return OBJECTIFS_DE_L_ANNEE[departement]
    return round(valeur * coefficient)
