"""What the calendar does to demandes."""

from accompagnements.demandes import courriels, reception
from accompagnements.demandes.etats import Etat
from accompagnements.demandes.models import Demande
from dla_portal.socle.relances import Echeance, Relance, inscrire


def _en_attente(le):
    lignes = Demande.objects.filter(etat=Etat.EN_ATTENTE, en_attente_le__lte=le)
    return lignes.select_related("structure", "operateur", "charge")


inscrire(
    Relance(
        libelle="Demandes en attente signalées",
        nom="rappel_attente",
        fait="Rappel : la demande attend depuis trop longtemps",
        attendus=_en_attente,
        quand="seuil d'attente de l'opérateur, depuis la mise en attente",
        arret="la demande quitte la liste d'attente",
        depart=lambda demande: demande.attente_seuil_le,
        pas=(0, 30, 60),
        ouvres=False,
        ecrire=lambda demande, rappel: courriels.attente_depassee(demande),
        tour=lambda demande: str(demande.en_attente_le),
    ),
    Echeance(
        libelle="Demandes en ligne non confirmées effacées",
        jouer=reception.effacer_les_non_confirmees,
        quand="fin de la validité du lien de confirmation",
        arret="la demande est confirmée",
    ),
)
