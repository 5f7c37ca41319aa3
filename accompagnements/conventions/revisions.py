"""Preparing, changing and giving up an avenant; its signatures go through `circuit`."""

from django.db import transaction

from accompagnements import droits
from accompagnements.conventions import circuit, courriels, etats, regles
from accompagnements.conventions.models import Convention
from dla_portal.comptes.droits import exiger
from dla_portal.socle.regles import exiger_aucun_manque


@transaction.atomic
def preparer(avenant, *, par):
    """Draw up an avenant of a signed convention, numbered after the former ones."""
    exiger(droits.instruit(par, avenant.convention))
    convention = Convention.objects.select_for_update().get(pk=avenant.convention_id)
    exiger_aucun_manque(regles.manques_pour_preparer_avenant(convention))
    avenant.convention = convention
    avenant.numero = convention.avenants.count() + 1
    exiger_aucun_manque(
        regles.manques_de_l_avenant(avenant) + regles.manques_du_depassement(avenant)
    )
    etats.PREPARER_AVENANT.appliquer(avenant, par=par)
    circuit.attendre(avenant)
    return avenant


@transaction.atomic
def mettre_en_signature(avenant, *, par, avec_document=True):
    """Freeze the avenant and send it to be signed by the same parties."""
    exiger(droits.instruit(par, avenant))
    exiger_aucun_manque(regles.manques_pour_envoyer_avenant(avenant))
    circuit.ouvrir(avenant, par=par, avec_document=avec_document)
    return avenant


@transaction.atomic
def abandonner(avenant, *, par, motif):
    """Give the avenant up before it is signed by all; the convention stays as it is."""
    exiger(droits.instruit(par, avenant))
    etats.ABANDONNER_AVENANT.appliquer(avenant, par=par, motif=motif)
    courriels.finie(avenant, motif)
    return avenant
