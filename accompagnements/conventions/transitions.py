"""Every change of state of a convention; its round of signatures is in `circuit`."""

from django.db import transaction

from accompagnements import droits
from accompagnements.conventions import circuit, courriels, etats, regles
from accompagnements.conventions.circuit import (
    corriger,
    figer_document,
    refuser,
    renvoyer_le_lien,
    signer,
    signer_par_compte,
    signer_par_lien,
)
from accompagnements.conventions.models import Convention
from accompagnements.conventions.trames import Trame
from accompagnements.plans.etats import StatutAction
from accompagnements.plans.transitions import avancer_action
from dla_portal.comptes.droits import exiger
from dla_portal.socle.regles import exiger_aucun_manque

__all__ = [
    "abandonner",
    "corriger",
    "figer_document",
    "mettre_en_signature",
    "preparer",
    "refuser",
    "renvoyer_le_lien",
    "reprendre",
    "resilier",
    "signer",
    "signer_par_compte",
    "signer_par_lien",
]


@transaction.atomic
def preparer(consultation, *, par):
    """Draw up the convention of an attributed consultation, from the retained proposition."""
    exiger(droits.instruit(par, consultation))
    exiger_aucun_manque(regles.manques_pour_preparer(consultation))
    retenue = consultation.retenue
    ingenierie, cahier = consultation.ingenierie, consultation.cahier
    convention = Convention(
        reference=f"{consultation.reference}-CONV",
        ingenierie=ingenierie,
        consultation=consultation,
        proposition=retenue,
        prestataire=retenue.prestataire,
        objet=cahier.objectifs,
        montant_ht=retenue.montant_ht,
        montant_ttc=retenue.montant_ttc,
        jours=retenue.jours,
        debut=retenue.debut or cahier.debut,
        fin=retenue.fin or cahier.fin,
        financeurs=", ".join(ingenierie.operateur.liste_financeurs),
        cofinancee_fse=ingenierie.operateur.cofinance_fse,
    )
    etats.PREPARER.appliquer(convention, par=par)
    circuit.attendre(convention)
    return convention


@transaction.atomic
def mettre_en_signature(convention, *, par, avec_document=True):
    """Freeze the convention and send it to be signed.

    Without `avec_document` (the demonstration) no PDF is kept: each download makes it again, from
    what no longer changes from this gesture on.
    """
    exiger(droits.instruit(par, convention))
    exiger_aucun_manque(regles.manques_pour_signature(convention))
    convention.trame = Trame.objects.en_vigueur(convention.operateur.region)
    circuit.ouvrir(convention, par=par, avec_document=avec_document)
    return convention


@transaction.atomic
def abandonner(convention, *, par, motif):
    """Give the convention up before it is signed by all."""
    exiger(droits.instruit(par, convention))
    # The links stay: their page says that there is nothing to sign any more, and why.
    # The retained proposition may then support another convention.
    convention.reference = f"{convention.reference}-X{convention.pk}"
    etats.ABANDONNER.appliquer(convention, par=par, motif=motif)
    courriels.finie(convention, motif)
    return convention


@transaction.atomic
def resilier(convention, *, par, motif):
    """End a signed convention: a decision of the responsable."""
    exiger(droits.arbitre(par, convention))
    exiger_aucun_manque(regles.manques_pour_resilier(convention))
    # Another convention may then be drawn up for the engineering, whose actions wait again.
    convention.reference = f"{convention.reference}-R{convention.pk}"
    etats.RESILIER.appliquer(convention, par=par, motif=motif)
    courriels.finie(convention, motif, resiliee=True)
    avancer_action(convention.ingenierie, StatutAction.PREVUE)
    return convention


@transaction.atomic
def reprendre(ingenierie, *, par=None, signee_le, prestataire, montant_ht, montant_ttc, jours):
    """Take over the signed convention of a past year; the caller has checked the row."""
    convention = Convention(
        reference=f"{ingenierie.reference}-CONV",
        ingenierie=ingenierie,
        prestataire=prestataire,
        montant_ht=montant_ht,
        montant_ttc=montant_ttc,
        jours=jours,
        signee_le=signee_le,
        reprise=True,
    )
    etats.REPRENDRE.appliquer(convention, par=par)
    return convention
