"""Rules of the prestataires' answers: refusals, papers beside deposits on line; in sentences."""

from django.utils import timezone

from accompagnements.consultations.courriels import moment
from accompagnements.consultations.etats import Etat
from dla_portal.socle import horloge


def manques_pour_se_positionner(consultation):
    """A prestataire says whether he answers while answers are waited for."""
    if consultation.etat != Etat.PUBLIEE:
        return ["Cette consultation n'attend plus de réponse."]
    return ["La date limite de réponse est passée."] if consultation.limite_passee else []


def manques_du_refus_recu(sollicitation, recu_le):
    """A refusal is received after the call was sent, and noted afterwards."""
    if recu_le is None:
        return ["Indiquez quand le refus a été reçu."]
    if recu_le > horloge.aujourdhui():
        return ["Le refus ne peut être reçu dans le futur."]
    if sollicitation.envoyee_le and recu_le < timezone.localdate(sollicitation.envoyee_le):
        return ["Le refus ne peut précéder l'envoi de la consultation."]
    return []


def depot_courant(sollicitation):
    """The deposit in time that nothing has replaced, or None."""
    return sollicitation.depots.filter(remplace_le=None, hors_delai=False).first()


def arrive_avant_le_lien(sollicitation, arrivee_le):
    """Say whether a paper arrived before what its author has deposited on line since."""
    courant = depot_courant(sollicitation)
    if arrivee_le is None or courant is None or courant.recu_par_courrier:
        return False
    return arrivee_le < courant.recu_le


def manque_devant_le_lien(sollicitation, arrivee_le):
    """A paper beside a deposit on line: which one counts is said, and the chargé confirms."""
    courant = depot_courant(sollicitation)
    if arrivee_le is None or courant is None or courant.recu_par_courrier:
        return []
    en_ligne = f"{sollicitation.prestataire} a déposé en ligne le {moment(courant.recu_le)}"
    if arrive_avant_le_lien(sollicitation, arrivee_le):
        suite = (
            "après l'arrivée de ce courrier : son dépôt en ligne compte, le courrier est gardé "
            "scellé et ne sera jamais ouvert."
        )
    else:
        suite = (
            "avant l'arrivée de ce courrier : le courrier compte, et le dépôt en ligne ne sera "
            "jamais ouvert."
        )
    return [f"{en_ligne}, {suite} Confirmez-le, ou annulez."]
