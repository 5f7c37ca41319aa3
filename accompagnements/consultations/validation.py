"""The structure validates the cahier des charges by its personal link, or asks for changes."""

from django.db import transaction

from accompagnements import droits
from accompagnements.consultations import courriels, regles, transitions
from accompagnements.consultations.etats import Etat
from accompagnements.consultations.models import Consultation
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque

CHANGEMENTS = "Changements demandés par la structure"
RELU = "Le cahier des charges a changé depuis que vous l'avez lu : relisez-le avant de valider."


@transaction.atomic
def demander(consultation, *, par):
    """Send the cahier des charges to the structure, or again; a former link stops working."""
    exiger(droits.instruit(par, consultation))
    exiger_aucun_manque(regles.manques_pour_demander_validation(consultation))
    relance = consultation.validation_demandee_le is not None
    if not relance:  # a reminder does not give back the time that has passed
        consultation.validation_demandee_le = horloge.maintenant()
    consultation.save()
    courriels.demander_validation(consultation)
    geste = "relancée auprès de" if relance else "demandée à"
    journaliser(consultation, f"Validation du cahier des charges {geste} la structure", par=par)
    return consultation


def _attendue(consultation):
    if consultation.etat != Etat.BROUILLON or consultation.validation_demandee_le is None:
        raise Manques(["Cette validation n'est plus attendue."])


@transaction.atomic
def valider(consultation, *, par, valide_par, version_lue):
    """Validate by the link the very text that was read (`version_lue`, of the cahier)."""
    exiger(droits.par_lien(par))
    _attendue(consultation)
    if consultation.cahier.version != version_lue:
        raise Manques([RELU])
    return transitions.valider_cdc(
        consultation, par=par, valide_le=horloge.aujourdhui(), valide_par=valide_par
    )


@transaction.atomic
def demander_des_changements(consultation, *, par, remarque):
    """Tell the chargé what to change; the validation is then asked again."""
    exiger(droits.par_lien(par))
    _attendue(consultation)
    consultation.validation_demandee_le = None
    consultation.save()
    journaliser(consultation, CHANGEMENTS, par=par, motif=remarque)
    courriels.changements_demandes(consultation, remarque)
    return consultation


@transaction.atomic
def recueillir_l_accord(consultation, *, par, valide_le, valide_par):
    """The structure agrees to the corrections of a cahier already sent; told to the chargé."""
    exiger(droits.instruit(par, consultation))
    Consultation.objects.select_for_update().get(pk=consultation.pk)
    exiger_aucun_manque(
        regles.manques_de_l_accord(consultation)
        + regles.ordre_de_validation(consultation, valide_le)
    )
    consultation.save()  # the compare-and-swap: no other correction meanwhile
    cahier = consultation.cahier
    cahier.valide_le, cahier.valide_par = valide_le, valide_par
    cahier.version_validee = cahier.numero
    cahier.save()
    libelle = f"Accord de la structure sur la version {cahier.numero} du cahier des charges"
    journaliser(consultation, libelle, par=par)
    return consultation
