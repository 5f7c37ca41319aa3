"""A prestataire does not answer: by his link, or told to the chargé; and he changes his mind."""

from django.db import transaction

from accompagnements import droits
from accompagnements.consultations import courriels, etats, reponses
from accompagnements.consultations.models import Consultation
from accompagnements.consultations.traces import Moyen
from dla_portal.comptes.droits import OUI, exiger
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques, exiger_aucun_manque
from dla_portal.socle.templatetags.portail import date_fr


@transaction.atomic
def decliner(sollicitation, *, par, motif):
    """The prestataire says that he will not answer, and why."""
    exiger(OUI if droits.par_lien(par) else droits.instruit(par, sollicitation))
    _tenir(sollicitation)
    sollicitation.repondu_le, sollicitation.motif_declin = horloge.maintenant(), motif
    etats.DECLINER.appliquer(sollicitation, par=par, motif=motif)
    return sollicitation


@transaction.atomic
def noter_refus(sollicitation, *, par, moyen, recu_le, motif=""):
    """The chargé notes a refusal received by phone or letter (a Moyen), its motive if one is given.

    The prestataire is told: he may take back what was noted in his name, until the deadline.
    """
    exiger(droits.instruit(par, sollicitation))
    _tenir(sollicitation)
    exiger_aucun_manque(reponses.manques_du_refus_recu(sollicitation, recu_le))
    sollicitation.repondu_le, sollicitation.motif_declin = horloge.maintenant(), motif
    sollicitation.declin_moyen, sollicitation.declin_recu_le = moyen, recu_le
    recu = f"Reçu {Moyen(moyen).label} le {date_fr(recu_le)}."
    dit = f"Motif : {motif}" if motif else "Aucun motif donné."
    etats.NOTER_REFUS.appliquer(sollicitation, par=par, motif=f"{recu} {dit}")
    courriels.refus_note(sollicitation)
    return sollicitation


@transaction.atomic
def revenir_sur_refus(sollicitation, *, par, motif=""):
    """Take a refusal back, until the deadline: the prestataire is asked again.

    He owes no reason for changing his mind; the chargé, who undoes what another has said, does.
    """
    le_sien = droits.par_lien(par)
    exiger(OUI if le_sien else droits.instruit(par, sollicitation))
    _tenir(sollicitation)
    if not le_sien and not motif.strip():
        raise Manques(["Indiquez le motif."])
    sollicitation.repondu_le, sollicitation.motif_declin = None, ""
    sollicitation.declin_moyen, sollicitation.declin_recu_le = "", None
    etats.REVENIR_SUR_REFUS.appliquer(sollicitation, par=par, motif=motif)
    if not le_sien:
        courriels.refus_annule(sollicitation)
    return sollicitation


def _tenir(sollicitation):
    """Hold the consultation, which waits for answers: neither opening nor prolongation meanwhile."""
    tenue = Consultation.objects.select_for_update().get(pk=sollicitation.consultation_id)
    exiger_aucun_manque(reponses.manques_pour_se_positionner(tenue))
