"""Mails of the convention and of its avenants: whose turn it is, a refusal, the end."""

from accompagnements.conventions.signatures import Signature
from dla_portal.comptes import roles
from dla_portal.comptes.models import Rattachement
from dla_portal.socle import jetons
from dla_portal.socle.courriels import deposer

USAGE = "signature"
VALIDITE = 90  # days, for a link which awaits a signature
VALIDITE_PREUVE = 365  # days, for the link to the signed file


def destinataires(signature):
    """Addresses of the party who signs; the operator's is signed by its responsables."""
    if signature.partie == Signature.Partie.STRUCTURE:
        return _connues(signature.structure.courriel_principal())
    if signature.partie == Signature.Partie.PRESTATAIRE:
        return _connues(signature.acte.prestataire.email)
    operateur = signature.acte.operateur
    responsables = Rattachement.objects.en_cours().filter(
        operateur=operateur, role=roles.Responsable.code, utilisateur__is_active=True
    )
    adresses = list(responsables.values_list("utilisateur__email", flat=True).distinct())
    return adresses or _connues(operateur.email)


def _connues(*adresses):
    return [adresse for adresse in adresses if adresse]


def par_lien(signature):
    """Say whether the party signs by a personal link: the operator has accounts."""
    return signature.partie != Signature.Partie.OPERATEUR


def _ecrire(signature, adresse, sujet, gabarit, **contexte):
    acte = signature.acte
    return deposer(
        adresse,
        f"{sujet} — {acte.titre_acte}",
        f"accompagnements/conventions/courriels/{gabarit}",
        {
            "acte": acte,
            "signature": signature,
            "operateur": acte.operateur,
            "adresse": acte.get_absolute_url(),
            "lien": "",
            **contexte,
        },
        fil=acte.fil,
    )


def _lien(signature, adresse, jours):
    return jetons.adresse(jetons.creer(USAGE, signature, adresse, jours))


def a_signer(signature):
    """Tell the party whose turn it is, with its personal link."""
    return _inviter(signature, "À signer", "a_signer")


def relance(signature):
    """Remind the party whose turn it is, with a fresh link; return the addresses written to.

    The former link stays valid.
    """
    return _inviter(signature, "Rappel : signature attendue", "relance_signature")


def _inviter(signature, sujet, gabarit):
    adresses = destinataires(signature)
    for adresse in adresses:
        # Without a frozen document there is nothing to sign on line: it goes by paper.
        en_ligne = par_lien(signature) and signature.acte.document_id
        lien = _lien(signature, adresse, VALIDITE) if en_ligne else ""
        _ecrire(signature, adresse, sujet, gabarit, lien=lien)
    return adresses


def retiree(acte, motif, *, refus_de=""):
    """Tell every party that the acte goes back to its preparation, and who refused to sign."""
    for signature in acte.signatures.select_related("structure"):
        for adresse in destinataires(signature):
            _ecrire(
                signature, adresse, "Signature suspendue", "retiree", motif=motif, refus_de=refus_de
            )


def finie(acte, motif, *, resiliee=False):
    """Tell the parties already invited that the acte is given up, or terminated, and why."""
    for signature in acte.signatures.select_related("structure"):
        invitee = signature.history.filter(invitee_le__isnull=False).exists()
        connue = invitee or signature.signee_le is not None  # else it has never heard of it
        for adresse in destinataires(signature) if connue else []:
            sujet = "Résiliation" if resiliee else "Plus rien à signer"
            _ecrire(signature, adresse, sujet, "finie", motif=motif, resiliee=resiliee)


def refus_au_charge(acte, charge, motif, refus_de):
    """Tell the person who leads the dossier what is refused and why."""
    signature = acte.signatures.first()
    return _ecrire(
        signature, charge.email, "Signature refusée", "refus", motif=motif, refus_de=refus_de
    )


def signee_par_tous(acte):
    """Tell every party that all have signed, by a link to the signed file, and who leads the dossier.

    The last signature is the operator's: whoever leads the dossier goes on with the launch.
    """
    for signature in acte.signatures.select_related("structure"):
        for adresse in destinataires(signature):
            lien = ""
            if par_lien(signature) and acte.preuve_id:
                lien = _lien(signature, adresse, VALIDITE_PREUVE)
            _ecrire(signature, adresse, "Signé par toutes les parties", "signee", lien=lien)
    charge = acte.ingenierie.accompagnements().first().charge
    if charge is not None and charge.email not in destinataires(signature):
        _ecrire(signature, charge.email, "Signé par toutes les parties", "signee")
