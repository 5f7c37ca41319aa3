"""Every change of state of a prestataire in the register."""

from datetime import timedelta

from django.db import transaction

from dla_portal.comptes.droits import exiger
from dla_portal.socle import fichiers, horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import exiger_aucun_manque
from prestataires import courriels, droits, etats, regles
from prestataires.models import AttestationVigilance

VALIDITE = timedelta(days=365)


@transaction.atomic
def candidater(prestataire, *, par):
    """Propose a prestataire to the register."""
    exiger(droits.peut_candidater(par))
    etats.CANDIDATER.appliquer(prestataire, par=par)
    return prestataire


@transaction.atomic
def referencer(prestataire, *, par, jusqu_au=None):
    """Reference a complete fiche, for a year unless another date is given."""
    exiger(droits.tient_le_registre(par, prestataire))
    exiger_aucun_manque(regles.manques_pour_referencer(prestataire))
    prestataire.reference_le = horloge.aujourdhui()
    prestataire.reference_jusquau = jusqu_au or prestataire.reference_le + VALIDITE
    prestataire.region = prestataire.region or par.rattachement.region
    etats.REFERENCER.appliquer(prestataire, par=par)
    courriels.reference(prestataire)
    return prestataire


@transaction.atomic
def refuser(prestataire, *, par, motif):
    """Refuse a candidacy, with its motive."""
    exiger(droits.tient_le_registre(par, prestataire))
    etats.REFUSER.appliquer(prestataire, par=par, motif=motif)
    courriels.refus(prestataire, motif)
    return prestataire


@transaction.atomic
def demander_mise_a_jour(prestataire, *, par):
    """Ask for the yearly update; until then the prestataire is not asked for propositions."""
    exiger(droits.tient_le_registre(par, prestataire))
    etats.DEMANDER_MISE_A_JOUR.appliquer(prestataire, par=par)
    courriels.mise_a_jour(prestataire)
    return prestataire


@transaction.atomic
def deposer_attestation(prestataire, *, par, fichier, delivree_le, valable_jusquau):
    """Keep an attestation de vigilance (an upload) and its dates; the earlier ones stay.

    An older one, deposited late for the evidence of a past payment, never shortens the date known.
    """
    exiger(droits.modifie(par, prestataire))
    exiger_aucun_manque(regles.manques_de_l_attestation(delivree_le, valable_jusquau))
    connue = prestataire.vigilance_jusquau
    prestataire.vigilance_jusquau = max(connue or valable_jusquau, valable_jusquau)
    prestataire.save()  # the compare-and-swap: what the person read is still so
    AttestationVigilance.objects.create(
        prestataire=prestataire,
        fichier=fichiers.deposer(
            fichier, fil=prestataire.fil, categorie="attestation_vigilance", par=par
        ),
        delivree_le=delivree_le,
        valable_jusquau=valable_jusquau,
    )
    libelle = f"Attestation de vigilance déposée, valable jusqu'au {valable_jusquau:%d/%m/%Y}"
    journaliser(prestataire, libelle, par=par, nom="deposer_attestation")
    return prestataire


@transaction.atomic
def echoir(prestataire):
    """The referencing has reached its end: the portal itself asks for the yearly update."""
    etats.DEMANDER_MISE_A_JOUR.appliquer(prestataire, par=None)
    courriels.mise_a_jour(prestataire)
    return prestataire


@transaction.atomic
def rendre_inactif(prestataire, *, par, motif):
    """Set a fiche without answer aside."""
    exiger(droits.tient_le_registre(par, prestataire))
    etats.RENDRE_INACTIF.appliquer(prestataire, par=par, motif=motif)
    return prestataire


@transaction.atomic
def suspendre(prestataire, *, par, motif):
    """Suspend a prestataire, with the motive told to him."""
    exiger(droits.tient_le_registre(par, prestataire))
    etats.SUSPENDRE.appliquer(prestataire, par=par, motif=motif)
    courriels.suspension(prestataire, motif)
    return prestataire


@transaction.atomic
def retablir(prestataire, *, par, motif):
    """End a suspension."""
    exiger(droits.tient_le_registre(par, prestataire))
    etats.RETABLIR.appliquer(prestataire, par=par, motif=motif)
    return prestataire


@transaction.atomic
def retirer(prestataire, *, par, motif):
    """Withdraw a prestataire from the register for good."""
    exiger(droits.tient_le_registre(par, prestataire))
    etats.RETIRER.appliquer(prestataire, par=par, motif=motif)
    return prestataire


@transaction.atomic
def reprendre(prestataire, *, par=None):
    """Take over a referenced prestataire from an earlier register."""
    prestataire.reference_le = horloge.aujourdhui()
    etats.REPRENDRE.appliquer(prestataire, par=par)
    return prestataire
