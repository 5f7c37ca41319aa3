"""Tasks before the dossier: what waits to be taken."""

from accompagnements import acteurs
from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.etats import Etat
from accompagnements.demandes.models import Demande
from accompagnements.parcours.sources_communes import Source, apres

PRENDRE = 2  # working days: somebody waits for an answer, and nobody is in charge yet


def _a_prendre(u):
    return DemandeEnLigne.objects.visibles_par(u).a_prendre().select_related("commune")


def _en_attente(u):
    lignes = Demande.objects.visibles_par(u).filter(etat=Etat.EN_ATTENTE)
    return lignes.select_related("structure", "operateur")


def _orientees(u):
    lignes = Demande.objects.visibles_par(u).filter(
        etat=Etat.REORIENTEE, suite_prevue_le__isnull=False
    )
    return lignes.select_related("structure")


DEMANDES = [
    Source(
        "Décider d'une demande qui attend trop",
        acteurs.CHARGE,
        _en_attente,
        lambda demande: demande.attente_seuil_le,
        si_echue=True,
    ),
    Source(
        "Demander la suite d'une orientation",
        acteurs.CHARGE,
        _orientees,
        lambda demande: demande.suite_prevue_le,
        si_echue=True,
    ),
    Source(
        "Prendre en charge une demande en ligne",
        acteurs.CHARGE,
        _a_prendre,
        apres("confirmee_le", PRENDRE),
    ),
]
