"""The prestataire's side: announce, decline, deposit under seal; and the opening.

The deadline is the server's clock at the moment the deposit is complete. A late deposit is
refused: its trace is kept, not its content. Nothing is readable before the opening.
"""

import hashlib
import secrets
from datetime import date
from decimal import Decimal

from django.db import transaction

from accompagnements import droits
from accompagnements.consultations import courriels, etats, regles
from accompagnements.consultations.etats import EtatSollicitation
from accompagnements.consultations.models import Consultation, Depot, Proposition
from dla_portal.comptes.droits import OUI, exiger
from dla_portal.socle import fichiers, horloge, scelles
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque

MONTANTS = ("montant_ht", "montant_ttc", "frais", "jours")
DATES = ("debut", "fin")
TEXTES = ("intervenants", "methode")
PIECES = ("fichier", "cv")


class ScelleDifferent(Exception):
    """The content of a deposit does not have the hash of its receipt."""


def _acteur(par, sollicitation):
    """The prestataire by his link, or the chargé who records what he was sent."""
    return OUI if droits.par_lien(par) else droits.instruit(par, sollicitation)


@transaction.atomic
def annoncer(sollicitation, *, par):
    """The prestataire says that he will answer."""
    exiger(_acteur(par, sollicitation))
    _avant_la_limite(sollicitation)
    sollicitation.repondu_le = horloge.maintenant()
    sollicitation.version_confirmee = sollicitation.consultation.cahier.numero
    etats.ANNONCER.appliquer(sollicitation, par=par)
    return sollicitation


@transaction.atomic
def decliner(sollicitation, *, par, motif):
    """The prestataire says that he will not answer, and why."""
    exiger(_acteur(par, sollicitation))
    _avant_la_limite(sollicitation)
    sollicitation.repondu_le, sollicitation.motif_declin = horloge.maintenant(), motif
    etats.DECLINER.appliquer(sollicitation, par=par, motif=motif)
    return sollicitation


def _avant_la_limite(sollicitation):
    consultation = sollicitation.consultation
    if consultation.etat != etats.Etat.PUBLIEE:
        raise Manques(["Cette consultation n'attend plus de réponse."])
    if consultation.limite_passee:
        raise Manques(["La date limite de réponse est passée."])


def deposer(sollicitation, *, par, fichier=None, cv=None, arrivee_le=None, **contenu):
    """Seal a deposit and return it; a late one raises Manques, its trace kept.

    `contenu` holds the fields of MONTANTS, DATES and TEXTES; `fichier` and `cv` are uploads.
    `arrivee_le` is given for an answer received by post or mail, and recorded by the chargé.
    """
    exiger(_acteur(par, sollicitation))
    if arrivee_le is None and not droits.par_lien(par):
        raise Manques(["Indiquez quand la réponse est arrivée."])
    exiger_aucun_manque(regles.manques_de_l_arrivee(sollicitation, arrivee_le))
    televerses = {"fichier": fichier, "cv": cv}
    depot = _sceller(sollicitation, par, televerses, arrivee_le, contenu)
    if depot.hors_delai:
        limite = courriels.moment(sollicitation.consultation.date_limite)
        raise Manques(
            [f"La date limite ({limite}) est passée : le dépôt est refusé et son arrivée notée."]
        )
    return depot


@transaction.atomic
def _sceller(sollicitation, par, televerses, arrivee_le, contenu):
    # The row of the consultation is held: a prolongation cannot slip in between.
    consultation = Consultation.objects.select_for_update().get(pk=sollicitation.consultation_id)
    sollicitation.refresh_from_db()
    recu_le = horloge.maintenant()  # the upload is complete, nothing is stored yet
    if consultation.etat != etats.Etat.PUBLIEE:
        raise Manques(["Cette consultation ne reçoit plus de proposition."])
    if not etats.DEPOSER.possible(sollicitation):
        raise Manques([etats.DEPOSER.refus(sollicitation)])
    recu_par_courrier = arrivee_le is not None
    courants = sollicitation.depots.filter(remplace_le=None, hors_delai=False)
    if recu_par_courrier and courants.filter(recu_par_courrier=False):
        raise Manques(
            ["Ce prestataire a déposé par son lien : lui seul peut remplacer sa proposition."]
        )
    if recu_le >= consultation.date_limite:
        journaliser(sollicitation, "Dépôt hors délai refusé", par=par, nom="hors_delai")
        return Depot.objects.create(sollicitation=sollicitation, recu_le=recu_le, hors_delai=True)
    _verifier(consultation, sollicitation, contenu)
    lus = {nom: fichiers.controler(t) for nom, t in televerses.items() if t is not None}
    clair = _en_clair(contenu, lus)
    courant = courants.first()
    if courant is not None and _meme_contenu(courant, clair):
        return courant  # sent twice by an impatient hand: one deposit, one receipt
    sollicitation.depots.filter(remplace_le=None).update(remplace_le=recu_le)
    depot = Depot.objects.create(
        sollicitation=sollicitation,
        recu_le=recu_le,
        scelle=scelles.sceller_json(clair),
        empreinte=_empreinte(clair),
        **{nom: _sceller_piece(nom, lu, consultation, par) for nom, lu in lus.items()},
        recu_par_courrier=recu_par_courrier,
        arrivee_le=arrivee_le,
    )
    sollicitation.repondu_le = sollicitation.repondu_le or recu_le
    sollicitation.version_confirmee = consultation.cahier.numero
    etats.DEPOSER.appliquer(sollicitation, par=par)
    courriels.recepisse(depot)
    return depot


def _verifier(consultation, sollicitation, contenu):
    """What will be a Proposition at the opening is checked before it is sealed.

    Raises ValidationError: a deposit that could not be opened would block all the others.
    """
    connus = {nom: contenu[nom] for nom in (*MONTANTS, *DATES, *TEXTES) if nom in contenu}
    proposition = Proposition(consultation=consultation, sollicitation=sollicitation, **connus)
    proposition.full_clean(exclude=["consultation", "sollicitation"])


def _sceller_piece(nom, lu, consultation, par):
    """Store an upload as ciphertext; its own name may say much and is sealed with the content."""
    _, octets, type_mime = lu
    return fichiers.enregistrer(
        f"{nom}.pdf",
        octets,
        type_mime,
        fil=consultation.fil,
        categorie="proposition",
        par=par,
        scelle=True,
    )


def _en_clair(contenu, lus):
    """JSON-able form of a deposit: amounts and dates as text, files by name and SHA-256.

    The hash of the receipt is readable before the opening: without the random `sel`, a short
    content (an amount, a few days) could be guessed from it by trying them all.
    """
    clair = {"sel": secrets.token_hex(16)}
    clair |= {nom: str(contenu[nom]) for nom in MONTANTS}
    clair |= {nom: contenu[nom].isoformat() if contenu.get(nom) else "" for nom in DATES}
    clair |= {nom: contenu.get(nom, "") for nom in TEXTES}
    return clair | {
        piece: {"nom": nom, "sha256": hashlib.sha256(octets).hexdigest()}
        for piece, (nom, octets, _) in lus.items()
    }


def _meme_contenu(depot, clair):
    """Say whether a deposit holds this very content; only its salt may differ."""
    return scelles.ouvrir_json(depot.scelle) | {"sel": clair["sel"]} == clair


def _empreinte(clair):
    lignes = "\n".join(f"{cle}={clair[cle]}" for cle in sorted(clair))
    return hashlib.sha256(lignes.encode()).hexdigest()


@transaction.atomic
def ouvrir(consultation, *, par):
    """Open all the deposits together, after the deadline: one dated act by a named person.

    Raises ScelleRompu or ScelleDifferent when a deposit was altered; nothing is then written.
    """
    exiger(droits.instruit(par, consultation))
    exiger_aucun_manque(regles.manques_pour_ouvrir(consultation))
    consultation.ouverte_le, consultation.ouverte_par = horloge.maintenant(), par
    etats.OUVRIR.appliquer(consultation, par=par)
    depots = regles.depots_valables(consultation).select_related("sollicitation", "fichier", "cv")
    for depot in depots:
        _ouvrir_depot(consultation, depot, par)
    muettes = (EtatSollicitation.SOLLICITEE, EtatSollicitation.ANNONCEE)
    for sollicitation in consultation.sollicitations.filter(etat__in=muettes):
        etats.CONSTATER_SILENCE.appliquer(sollicitation, par=par)
    return consultation


def _ouvrir_depot(consultation, depot, par):
    """Turn a verified deposit into a Proposition, its file into a readable one."""
    clair = scelles.ouvrir_json(depot.scelle)
    if _empreinte(clair) != depot.empreinte:
        raise ScelleDifferent("Le contenu d'un dépôt ne correspond pas à son récépissé.")
    proposition = Proposition(
        consultation=consultation,
        sollicitation=depot.sollicitation,
        version_cahier=depot.sollicitation.version_confirmee,
        **{nom: _ouvrir_piece(depot, nom, clair, par) for nom in PIECES},
        **{nom: Decimal(clair[nom]) for nom in MONTANTS},
        **{nom: date.fromisoformat(clair[nom]) if clair[nom] else None for nom in DATES},
        **{nom: clair[nom] for nom in TEXTES},
    )
    etats.RECEVOIR.appliquer(proposition, par=par)


def _ouvrir_piece(depot, nom, clair, par):
    """Return a readable copy of a sealed file, verified against its receipt, or None."""
    scelle = getattr(depot, nom)
    if scelle is None:
        return None
    octets = scelle.lire()
    if hashlib.sha256(octets).hexdigest() != clair[nom]["sha256"]:
        raise ScelleDifferent("Le fichier d'un dépôt ne correspond pas à son récépissé.")
    return fichiers.enregistrer(
        clair[nom]["nom"],
        octets,
        scelle.type_mime,
        fil=scelle.fil,
        categorie="proposition",
        par=par,
    )
