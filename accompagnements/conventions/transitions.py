"""Every change of state of a convention and of its signatures."""

from django.db import transaction

from accompagnements import droits
from accompagnements.conventions import courriels, documents, etats, regles
from accompagnements.conventions.models import Convention, Signature
from accompagnements.plans.etats import StatutAction
from accompagnements.plans.transitions import avancer_action
from dla_portal.comptes.droits import exiger
from dla_portal.socle import fichiers, horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque


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
    _attendre_signatures(convention)
    return convention


def _attendre_signatures(convention):
    """One signature per structure, then the prestataire's, then the operator's."""
    partie = Signature.Partie
    structures = [d.structure for d in convention.ingenierie.accompagnements()]
    parties = [(partie.STRUCTURE, structure) for structure in structures]
    parties += [(partie.PRESTATAIRE, None), (partie.OPERATEUR, None)]
    Signature.objects.bulk_create(
        Signature(convention=convention, partie=qui, structure=structure, rang=rang)
        for rang, (qui, structure) in enumerate(parties, 1)
    )


@transaction.atomic
def mettre_en_signature(convention, *, par, avec_document=True):
    """Freeze the convention and send it to be signed.

    Without `avec_document` (the demonstration) no PDF is kept: each download makes it again, from
    what no longer changes from this gesture on.
    """
    exiger(droits.instruit(par, convention))
    exiger_aucun_manque(regles.manques_pour_signature(convention))
    convention.envoyee_le = horloge.aujourdhui()
    etats.METTRE_EN_SIGNATURE.appliquer(convention, par=par)
    if avec_document:
        figer_document(convention, par=par)
    courriels.a_signer(convention)
    return convention


@transaction.atomic
def figer_document(convention, *, par=None):
    """Make the PDF once and keep its bytes; afterwards they are served, never made again."""
    if convention.document_id is None:
        octets = documents.convention(convention)
        convention.document = fichiers.enregistrer(
            f"{convention.reference}.pdf",
            octets,
            "application/pdf",
            fil=convention.fil,
            categorie="convention",
            par=par,
        )
        convention.save()
    return convention.document


@transaction.atomic
def signer(convention, *, par, signature, signataire, qualite, signee_le):
    """Record one dated signature; the last one makes the convention signed.

    `signature` is the expected Signature of one party. Returns the convention.
    """
    exiger(droits.instruit(par, convention))
    stockee = Convention.objects.select_for_update().get(pk=convention.pk)
    if not etats.SIGNER.possible(stockee):
        raise Manques([etats.SIGNER.refus(stockee)])
    signature = Signature.objects.select_related("convention").get(
        pk=signature.pk, convention=convention
    )
    exiger_aucun_manque(regles.manques_de_la_signature(signature, signee_le))
    signature.signataire, signature.qualite = signataire, qualite
    signature.signee_le = signee_le
    signature.save()
    convention.save()  # its version moves: whoever had it on screen before reads it again
    journaliser(convention, f"Signature : {signature.get_partie_display().lower()}", par=par)
    if not regles.attendues(convention).exists():
        convention.signee_le = max(convention.signatures.values_list("signee_le", flat=True))
        etats.SIGNER.appliquer(convention, par=par)
        avancer_action(convention.ingenierie, StatutAction.EN_COURS)
    return convention


@transaction.atomic
def corriger(convention, *, par, motif):
    """Take the convention back before every party has signed; signatures start again."""
    exiger(droits.instruit(par, convention))
    convention.signatures.update(signee_le=None, signataire="", qualite="")
    convention.envoyee_le, convention.document = None, None
    etats.CORRIGER.appliquer(convention, par=par, motif=motif)
    return convention


@transaction.atomic
def abandonner(convention, *, par, motif):
    """Give the convention up before it is signed by all."""
    exiger(droits.instruit(par, convention))
    # The retained proposition may then support another convention.
    convention.reference = f"{convention.reference}-X{convention.pk}"
    etats.ABANDONNER.appliquer(convention, par=par, motif=motif)
    return convention


@transaction.atomic
def resilier(convention, *, par, motif):
    """End a signed convention: a decision of the responsable."""
    exiger(droits.arbitre(par, convention))
    exiger_aucun_manque(regles.manques_pour_resilier(convention))
    # Another convention may then be drawn up for the engineering, whose actions wait again.
    convention.reference = f"{convention.reference}-R{convention.pk}"
    etats.RESILIER.appliquer(convention, par=par, motif=motif)
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
