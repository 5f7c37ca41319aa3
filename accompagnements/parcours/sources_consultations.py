"""Where the tasks of a cahier des charges come from: written, waiting for the structure, sent."""

from accompagnements import acteurs
from accompagnements.consultations.etats import Etat
from accompagnements.parcours.sources_communes import (
    RELANCER,
    Source,
    apres,
    de_consultations,
    intitule,
)


def _brouillons(chez_la_structure):
    def lignes(u):
        brouillons = de_consultations(Etat.BROUILLON)(u)
        return brouillons.filter(validation_demandee_le__isnull=not chez_la_structure)

    return lignes


_C = acteurs.CHARGE
CAHIERS = [
    Source(
        "Finir le cahier des charges",
        _C,
        _brouillons(chez_la_structure=False),
        apres("cree_le", RELANCER),
        intitule,
    ),
    Source(
        "Relancer la structure : cahier des charges à valider",
        _C,
        _brouillons(chez_la_structure=True),
        apres("validation_demandee_le", RELANCER),
        intitule,
        si_echue=True,
    ),
    Source(
        "Envoyer la consultation",
        _C,
        de_consultations(Etat.VALIDEE),
        apres("cree_le", RELANCER),
        intitule,
    ),
]
