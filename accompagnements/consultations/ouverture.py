"""The opening: every deposit in time, together, by a named person, after the deadline.

All is read and verified in memory first: nothing readable reaches the disk while one deposit may
still stop the opening, and what did reach it is deleted when the opening fails.
"""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from accompagnements import droits
from accompagnements.consultations import courriels, documents, etats, regles
from accompagnements.consultations.depots import DATES, MONTANTS, PIECES, TEXTES, empreinte
from accompagnements.consultations.etats import EtatSollicitation
from accompagnements.consultations.models import Consultation, Proposition
from dla_portal.comptes.droits import exiger
from dla_portal.socle import fichiers, horloge, scelles
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques


class ScelleDifferent(Exception):
    """The content of a deposit does not have the hash of its receipt."""


# What an altered or lost deposit may raise while it is read: its seal, its bytes, its form.
ILLISIBLE = (scelles.ScelleRompu, ScelleDifferent, OSError, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class Lu:
    """A deposit verified against its receipt, in memory: its content and the bytes of its files."""

    depot: object
    clair: dict
    pieces: dict


@contextmanager
def rien_sur_le_disque_en_cas_d_echec():
    """Give a list of stored Fichier; when the block fails, their bytes go like their rows."""
    stockes = []
    try:
        yield stockes
    except BaseException:
        for fichier in stockes:
            fichier.contenu.storage.delete(fichier.contenu.name)
        raise


def ouvrir(consultation, *, par, motif_ecart="", avec_pv=True):
    """Open all the deposits together, after the deadline: one dated act by a named person.

    A deposit that does not verify stops the opening (Manques naming it), until `motif_ecart` says
    why it is set aside; nothing is written meanwhile. Without `avec_pv` the minutes are not kept:
    they are then made at each reading, as for the consultations of before they were.
    """
    exiger(droits.instruit(par, consultation))
    with rien_sur_le_disque_en_cas_d_echec() as stockes, transaction.atomic():
        # The row is held: a deposit complete in time, still being written, is waited for.
        Consultation.objects.select_for_update().get(pk=consultation.pk)
        manques = regles.manques_pour_ouvrir(consultation)
        if manques:
            raise Manques(manques)
        lus, illisibles = _lire(consultation)
        _exiger_de_quoi_ouvrir(lus, illisibles, motif_ecart)
        consultation.ouverte_le, consultation.ouverte_par = horloge.maintenant(), par
        etats.OUVRIR.appliquer(consultation, par=par)
        for depot in illisibles:
            _ecarter(depot, par, motif_ecart)
        for lu in lus:
            _devenir_proposition(consultation, lu, par, stockes)
        constater_silences(consultation, par=par)
        if avec_pv:
            octets = documents.etablir_pv_d_ouverture(consultation)
            consultation.pv_ouverture = documents.conserver(consultation, "ouverture", octets, par)
            stockes.append(consultation.pv_ouverture)
            consultation.save()
    return consultation


def _lire(consultation):
    """Return the deposits that verify, read in memory, and those that do not."""
    depots = regles.depots_valables(consultation).select_related(
        "sollicitation__prestataire", "fichier", "cv"
    )
    lus, illisibles = [], []
    for depot in depots:
        try:
            lus.append(_verifier(depot))
        except ILLISIBLE:
            illisibles.append(depot)
    return lus, illisibles


def _verifier(depot):
    """Open a deposit in memory; raise one of ILLISIBLE when it is not what the receipt says."""
    clair = scelles.ouvrir_json(depot.scelle)
    if empreinte(clair) != depot.empreinte:
        raise ScelleDifferent("Le contenu d'un dépôt ne correspond pas à son récépissé.")
    pieces = {}
    for nom in PIECES:
        scelle = getattr(depot, nom)
        if scelle is None:
            continue
        pieces[nom] = scelle.lire()
        if hashlib.sha256(pieces[nom]).hexdigest() != clair[nom]["sha256"]:
            raise ScelleDifferent("Le fichier d'un dépôt ne correspond pas à son récépissé.")
    return Lu(depot, clair, pieces)


def _exiger_de_quoi_ouvrir(lus, illisibles, motif_ecart):
    phrases = [
        f"Le dépôt de {depot.sollicitation.prestataire}, reçu le {courriels.moment(depot.recu_le)}, "
        "est illisible ou ne correspond pas à son récépissé."
        for depot in illisibles
    ]
    if phrases and not lus:
        raise Manques(
            [*phrases, "Aucun autre ne peut s'ouvrir : classez la consultation sans suite."]
        )
    if phrases and not motif_ecart.strip():
        raise Manques(
            [
                *phrases,
                "Rien n'est ouvert. Pour ouvrir les autres, écrivez pourquoi il est écarté : son "
                "auteur en est informé et le procès-verbal le dit.",
            ]
        )


def _ecarter(depot, par, motif):
    """Set a deposit that does not read aside; its author is told."""
    depot.ecarte_le, depot.motif_ecart = horloge.maintenant(), motif
    depot.save()
    journaliser(
        depot.sollicitation,
        f"Dépôt écarté, illisible : {depot.sollicitation.prestataire}"[:200],
        par=par,
        motif=motif,
        nom="ecarter_depot",
    )
    courriels.depot_ecarte(depot)


def _devenir_proposition(consultation, lu, par, stockes):
    """Turn a verified deposit into a Proposition, its files into readable ones."""
    clair, pieces = lu.clair, {}
    for nom, octets in lu.pieces.items():
        scelle = getattr(lu.depot, nom)
        pieces[nom] = fichiers.enregistrer(
            clair[nom]["nom"],
            octets,
            scelle.type_mime,
            fil=scelle.fil,
            categorie="proposition",
            par=par,
        )
        stockes.append(pieces[nom])
    proposition = Proposition(
        consultation=consultation,
        sollicitation=lu.depot.sollicitation,
        version_cahier=lu.depot.sollicitation.version_confirmee,
        **pieces,
        **{nom: Decimal(clair[nom]) for nom in MONTANTS},
        **{nom: date.fromisoformat(clair[nom]) if clair[nom] else None for nom in DATES},
        **{nom: clair[nom] for nom in TEXTES},
    )
    etats.RECEVOIR.appliquer(proposition, par=par)


def constater_silences(consultation, *, par):
    """Those asked who neither answered nor declined are without answer."""
    muettes = (EtatSollicitation.SOLLICITEE, EtatSollicitation.ANNONCEE)
    for sollicitation in consultation.sollicitations.filter(etat__in=muettes):
        etats.CONSTATER_SILENCE.appliquer(sollicitation, par=par)
