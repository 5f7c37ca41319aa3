"""The round of signatures of a convention or of an avenant: one party after the other.

The document is frozen at the sending and never made again; what each party gives is kept with
its evidence; the last signature makes the final file.
"""

import hashlib

from django.db import transaction

from accompagnements import droits
from accompagnements.conventions import courriels, documents, preuves, regles
from accompagnements.conventions.avenants import Avenant
from accompagnements.conventions.models import Convention
from accompagnements.conventions.signatures import Signature
from accompagnements.plans.etats import StatutAction
from accompagnements.plans.transitions import avancer_action
from dla_portal.comptes.droits import exiger
from dla_portal.socle import fichiers, horloge, jetons
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque

CANAL = Signature.Canal
_AUTOUR = ("ingenierie__operateur", "prestataire")  # read by every mail and document


def attendre(acte):
    """One signature per structure, then the prestataire's, then the operator's."""
    partie = Signature.Partie
    parties = [(partie.STRUCTURE, d.structure) for d in acte.ingenierie.accompagnements()]
    parties += [(partie.PRESTATAIRE, None), (partie.OPERATEUR, None)]
    lien = {"convention" if isinstance(acte, Convention) else "avenant": acte}
    Signature.objects.bulk_create(
        Signature(partie=qui, structure=structure, rang=rang, **lien)
        for rang, (qui, structure) in enumerate(parties, 1)
    )


def ouvrir(acte, *, par, avec_document=True):
    """Send the acte to be signed; the caller has checked the right and the rules."""
    acte.signatures.update(refusee_le=None, refus_motif="")
    acte.envoyee_le = horloge.aujourdhui()
    acte.CIRCUIT.envoyer.appliquer(acte, par=par)
    if avec_document:
        figer_document(acte, par=par)
    _passer_la_main(acte.attendues().first())


@transaction.atomic
def figer_document(acte, *, par=None):
    """Make the PDF once and keep its bytes; afterwards they are served, never made again."""
    if acte.document_id is None:
        acte.document = fichiers.enregistrer(
            f"{acte.reference}.pdf",
            documents.de(acte),
            "application/pdf",
            fil=acte.fil,
            categorie="convention",
            par=par,
        )
        acte.save()
    return acte.document


def _passer_la_main(suivante):
    """Write to the party whose turn it is, once."""
    if suivante.invitee_le is None:
        suivante.invitee_le = horloge.aujourdhui()
        suivante.save()
        courriels.a_signer(suivante)


def _sous_verrou(signature):
    """The signature and its acte as stored, the acte locked until the end of the transaction.

    The lock first: read before it, the signature could be given meanwhile by a parallel request.
    """
    if signature.convention_id:
        lignes, nom = Convention.objects.select_related(*_AUTOUR), "convention"
    else:
        autour = ["convention", *(f"convention__{chemin}" for chemin in _AUTOUR)]
        lignes, nom = Avenant.objects.select_related(*autour), "avenant"
    acte = lignes.select_for_update(of=("self",)).get(pk=getattr(signature, f"{nom}_id"))
    signature = Signature.objects.select_related("structure").get(pk=signature.pk)
    setattr(signature, nom, acte)
    if not acte.CIRCUIT.signer.possible(acte):
        raise Manques([acte.CIRCUIT.signer.refus(acte)])
    return signature, acte


def _recevoir(signature, acte, *, par, canal, **champs):
    """Record one signature; the last one makes the acte signed and its final file."""
    signature.canal = canal
    for nom, valeur in champs.items():
        setattr(signature, nom, valeur)
    signature.save()
    libelle = f"Signature : {signature.en_phrase}"
    journaliser(acte, libelle[:200], par=par, motif=signature.get_canal_display(), nom="signature")
    suivante = acte.attendues().first()
    if suivante is not None:
        acte.save()  # its version moves: whoever had it on screen before reads it again
        _passer_la_main(suivante)
        return
    if isinstance(acte, Avenant):
        _verifier_le_deja_fait(acte)
    acte.signee_le = max(acte.signatures.values_list("signee_le", flat=True))
    acte.CIRCUIT.signer.appliquer(acte, par=par)
    preuves.etablir(acte)
    courriels.signee_par_tous(acte)
    if isinstance(acte, Convention):
        avancer_action(acte.ingenierie, StatutAction.EN_COURS)


def _verifier_le_deja_fait(avenant):
    """Once more before it takes effect: invoices and days may have come during the signatures."""
    mission = getattr(avenant.convention, "mission", None)
    if mission is not None:  # its row is the lock of whoever adds an invoice or a day
        type(mission).objects.select_for_update(of=("self",)).get(pk=mission.pk)
    exiger_aucun_manque(regles.manques_pour_la_derniere_signature(avenant))


@transaction.atomic
def signer(acte, *, par, signature, signataire, qualite, signee_le, scan=None):
    """Record a signature given on paper, with its scan; any party, whatever the order.

    The operator's own engages it on paper as on line: its responsable alone records it.
    """
    exiger(droits.instruit(par, acte))
    if signature.partie == Signature.Partie.OPERATEUR:
        exiger(droits.arbitre(par, acte))
    lue = acte.version
    signature, stocke = _sous_verrou(signature)
    exiger_aucun_manque([] if stocke.pk == acte.pk else ["Cette signature est d'un autre acte."])
    exiger_aucun_manque(regles.manques_de_la_signature(signature, signee_le))
    exiger_aucun_manque(regles.manques_du_scan(signature, scan))
    stocke.version = lue  # two people recording at once: the second one reads again
    if scan:
        scan = fichiers.deposer(scan, fil=acte.fil, categorie="convention_scan", par=par)
    _recevoir(
        signature,
        stocke,
        par=par,
        canal=CANAL.PAPIER,
        signataire=signataire,
        qualite=qualite,
        signee_le=signee_le,
        scan=scan,
    )
    acte.refresh_from_db(fields=["version", "etat", "signee_le", "preuve"])
    return acte


def _preuve(signature, trace):
    """What is kept of an electronic signature: read at this very moment, on the server."""
    return {
        "signee_le": horloge.aujourdhui(),
        "signee_a": horloge.maintenant(),
        "consentement": signature.phrase_de_consentement(),
        "empreinte": hashlib.sha256(signature.acte.document.lire()).hexdigest(),
        "adresse_ip": trace.adresse_ip,
        "navigateur": trace.navigateur,
    }


@transaction.atomic
def signer_par_lien(signature, *, par, jeton, trace, signataire, qualite, consentement):
    """Sign by a personal link, the code having been checked by the view; once."""
    exiger(droits.par_lien(par))
    signature, acte = _sous_verrou(signature)
    manques = regles.manques_du_lien(signature, jeton)
    manques += regles.manques_pour_signer_en_ligne(signature)
    exiger_aucun_manque(manques or ([] if consentement else ["Cochez la phrase d'accord."]))
    _recevoir(
        signature,
        acte,
        par=par,
        canal=CANAL.LIEN,
        jeton=jeton,
        signataire=signataire,
        qualite=qualite,
        **_preuve(signature, trace),
    )
    return acte


@transaction.atomic
def signer_par_compte(acte, *, par, trace, qualite, consentement):
    """The responsable signs for the operator, under his own name."""
    exiger(droits.arbitre(par, acte))
    lue = acte.version
    signature, acte = _sous_verrou(acte.signatures.get(partie=Signature.Partie.OPERATEUR))
    manques = regles.manques_pour_signer_en_ligne(signature)
    exiger_aucun_manque(manques or ([] if consentement else ["Cochez la phrase d'accord."]))
    acte.version = lue
    _recevoir(
        signature,
        acte,
        par=par,
        canal=CANAL.COMPTE,
        signataire=str(par)[:120],
        qualite=qualite,
        **_preuve(signature, trace),
    )
    return acte


@transaction.atomic
def refuser(signature, *, par, motif):
    """A party refuses to sign: everybody is told, the acte goes back to its preparation."""
    exiger(droits.par_lien(par))
    signature, acte = _sous_verrou(signature)
    exiger_aucun_manque(regles.manques_de_la_partie(signature))
    courriels.retiree(acte, motif, refus_de=signature.nom_partie)
    charge = acte.ingenierie.accompagnements().first().charge
    if charge is not None:
        courriels.refus_au_charge(acte, charge, motif, signature.nom_partie)
    _retirer(acte, motif)
    signature.refresh_from_db()
    signature.refusee_le, signature.refus_motif = horloge.maintenant(), motif
    signature.save()
    acte.CIRCUIT.refuser.appliquer(acte, par=par, motif=motif)
    return acte


@transaction.atomic
def corriger(acte, *, par, motif):
    """Take the acte back before every party has signed; signatures start again."""
    exiger(droits.instruit(par, acte))
    if acte.CIRCUIT.corriger.possible(acte):
        courriels.retiree(acte, motif)
    _retirer(acte, motif)
    acte.CIRCUIT.corriger.appliquer(acte, par=par, motif=motif)
    return acte


def _retirer(acte, motif):
    """Wipe what was given (the history keeps it) and close the links."""
    for signature in acte.signatures.all():
        jetons.revoquer(signature, courriels.USAGE)
        signature.effacer(motif=motif)
    acte.envoyee_le, acte.document = None, None


@transaction.atomic
def renvoyer_le_lien(acte, *, par):
    """Write again to the party whose turn it is; the former link opens nothing any more."""
    exiger(droits.instruit(par, acte))
    exiger_aucun_manque(regles.manques_pour_renvoyer(acte))
    acte.save()
    signature = acte.au_tour
    jetons.revoquer(signature, courriels.USAGE)
    signature.invitee_le = horloge.aujourdhui()  # the reminders count from the latest link
    signature.save()
    courriels.a_signer(signature)
    libelle = f"Lien de signature renvoyé : {signature.en_phrase}"
    journaliser(acte, libelle[:200], par=par)
    return acte
