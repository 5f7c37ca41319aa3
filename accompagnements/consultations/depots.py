"""The prestataire's side: announce, deposit under seal; refusing is in `refus`, opening in `ouverture`.

The deadline is the server's clock at the moment the deposit is complete. A late deposit is
refused: its trace is kept, not its content. Nothing is readable before the opening.
"""

import hashlib
import secrets

from django.db import transaction

from accompagnements import droits
from accompagnements.consultations import courriels, etats, regles, reponses
from accompagnements.consultations.models import Consultation, Depot, Proposition
from dla_portal.comptes.droits import OUI, exiger
from dla_portal.socle import fichiers, horloge, scelles
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque

MONTANTS = ("montant_ht", "montant_ttc", "frais", "jours")
DATES = ("debut", "fin")
TEXTES = ("intervenants", "methode")
PIECES = ("fichier", "cv")


OUVERTES = (etats.Etat.EN_ANALYSE, etats.Etat.ATTRIBUEE, etats.Etat.INFRUCTUEUSE)


class HorsDelai(Manques):
    """The answer came too late: it is refused, and its arrival recorded."""


def _acteur(par, sollicitation):
    """The prestataire by his link, or the chargé who records what he was sent."""
    return OUI if droits.par_lien(par) else droits.instruit(par, sollicitation)


@transaction.atomic
def annoncer(sollicitation, *, par, version_lue=None):
    """The prestataire says that he will answer to the version that he has read."""
    exiger(_acteur(par, sollicitation))
    # What was read before the lock may be of another time: a closing, a new version.
    consultation = Consultation.objects.select_for_update().get(pk=sollicitation.consultation_id)
    sollicitation.consultation = consultation
    exiger_aucun_manque(reponses.manques_pour_se_positionner(consultation))
    exiger_aucun_manque(regles.manques_de_la_version_lue(consultation, version_lue))
    sollicitation.repondu_le = horloge.maintenant()
    sollicitation.version_confirmee = consultation.cahier.numero
    etats.ANNONCER.appliquer(sollicitation, par=par)
    return sollicitation


def deposer(sollicitation, *, par, fichier=None, cv=None, arrivee_le=None, **contenu):
    """Seal a deposit and return it; a late one raises HorsDelai, its trace kept.

    `contenu` holds the fields of MONTANTS, DATES and TEXTES, and the `version_lue` of the cahier;
    `fichier` and `cv` are uploads. `arrivee_le` is given for an answer received by post or mail,
    and recorded by the chargé, who says `malgre_le_lien` when the prestataire has deposited on
    line as well: the last of the two to arrive counts, the other is never opened.
    """
    recu_le = horloge.maintenant()  # complete: what we wait for from here on is not his delay
    exiger(_acteur(par, sollicitation))
    if arrivee_le is None and not droits.par_lien(par):
        raise Manques(["Indiquez quand la réponse est arrivée."])
    exiger_aucun_manque(regles.manques_de_l_arrivee(sollicitation, arrivee_le))
    arrivee = {
        "recu_le": recu_le,
        "arrivee_le": arrivee_le,
        "recu_par_courrier": arrivee_le is not None,
    }
    depot = _sceller(sollicitation, par, {"fichier": fichier, "cv": cv}, arrivee, contenu)
    if depot.hors_delai:
        limite = courriels.moment(sollicitation.consultation.date_limite)
        raise HorsDelai(
            [f"La date limite ({limite}) est passée : le dépôt est refusé et son arrivée notée."]
        )
    return depot


@transaction.atomic
def _sceller(sollicitation, par, televerses, arrivee, contenu):
    # The row of the consultation is held: a prolongation or an opening cannot slip in between.
    consultation = Consultation.objects.select_for_update().get(pk=sollicitation.consultation_id)
    sollicitation.refresh_from_db()
    if _trop_tard(consultation, arrivee["recu_le"]):
        return _noter_le_retard(sollicitation, par, arrivee)
    if consultation.etat != etats.Etat.PUBLIEE:
        raise Manques(["Cette consultation ne reçoit plus de proposition."])
    if not etats.DEPOSER.possible(sollicitation):
        raise Manques([etats.DEPOSER.refus(sollicitation)])
    courant = reponses.depot_courant(sollicitation)
    if not _confirme(contenu, courant):
        exiger_aucun_manque(reponses.manque_devant_le_lien(sollicitation, arrivee["arrivee_le"]))
    version_lue = contenu.get("version_lue")
    exiger_aucun_manque(regles.manques_de_la_version_lue(consultation, version_lue))
    _verifier(consultation, sollicitation, contenu)
    lus = {nom: fichiers.controler(t) for nom, t in televerses.items() if t is not None}
    clair = _en_clair(contenu, lus)
    for ancien in {courant, _meme_courrier(sollicitation, arrivee)} - {None}:
        if _meme_contenu(ancien, clair):
            return ancien  # sent twice by an impatient hand: one deposit, one receipt
    return _ranger(sollicitation, par, lus, clair, arrivee)


def _confirme(contenu, courant):
    """Whether the chargé has said yes to the deposit on line that counts now, not to a former one."""
    lu = contenu.get("depot_lu")
    return bool(contenu.get("malgre_le_lien")) and (
        lu is None or courant is None or lu == courant.pk
    )


def _meme_courrier(sollicitation, arrivee):
    """The paper already recorded with this very arrival, or None."""
    if arrivee["arrivee_le"] is None:
        return None
    courriers = sollicitation.depots.filter(hors_delai=False, arrivee_le=arrivee["arrivee_le"])
    return courriers.last()


def _trop_tard(consultation, recu_le):
    """The deadline was reached first, or the others are open already."""
    if consultation.date_limite is None:
        return False
    return recu_le >= consultation.date_limite or consultation.etat in OUVERTES


def _noter_le_retard(sollicitation, par, arrivee):
    """Record that an answer came, and when; its content is not kept."""
    libelle = "Dépôt hors délai refusé"
    if arrivee["recu_par_courrier"]:
        quand = courriels.moment(arrivee["arrivee_le"])
        libelle = f"Réponse arrivée le {quand}, enregistrée après la date limite : non ouverte"
    journaliser(sollicitation, libelle, par=par, nom="hors_delai")
    return Depot.objects.create(sollicitation=sollicitation, hors_delai=True, **arrivee)


def _ranger(sollicitation, par, lus, clair, arrivee):
    """Store the sealed deposit in the place of the former one, and send its receipt.

    A paper that arrived before a deposit on line is replaced as soon as it is recorded.
    """
    consultation = sollicitation.consultation
    courant = reponses.depot_courant(sollicitation)
    depasse = reponses.arrive_avant_le_lien(sollicitation, arrivee["arrivee_le"])
    if not depasse:
        sollicitation.depots.filter(remplace_le=None).update(remplace_le=arrivee["recu_le"])
    depot = Depot.objects.create(
        sollicitation=sollicitation,
        remplace_le=arrivee["recu_le"] if depasse else None,
        scelle=scelles.sceller_json(clair),
        empreinte=empreinte(clair),
        **{nom: _sceller_piece(nom, lu, consultation, par) for nom, lu in lus.items()},
        **arrivee,
    )
    sollicitation.repondu_le = sollicitation.repondu_le or depot.recu_le
    if not depasse:
        sollicitation.version_confirmee = consultation.cahier.numero
    etats.DEPOSER.appliquer(sollicitation, par=par, motif=_provenance(depot, courant))
    courriels.recepisse(depot)
    return depot


def _provenance(depot, courant):
    """What the journal adds to a deposit that did not come by the personal link.

    `courant` is the deposit that counted until now, or None.
    """
    if not depot.recu_par_courrier:
        return ""
    phrase = f"Reçue par courrier, arrivée le {courriels.moment(depot.arrivee_le)}."
    if depot.remplace_le:
        phrase += " Le dépôt en ligne, arrivé depuis, compte : ce courrier ne sera pas ouvert."
    elif courant is not None and not courant.recu_par_courrier:
        quand = courriels.moment(courant.recu_le)
        phrase += f" Elle remplace le dépôt en ligne du {quand}, qui ne sera pas ouvert."
    return phrase


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
    """Say whether a deposit holds this very content; only its salt may differ.

    A deposit that no longer reads is another one: its author may replace it before the deadline.
    """
    try:
        ancien = scelles.ouvrir_json(depot.scelle)
    except (scelles.ScelleRompu, ValueError):
        return False
    pieces = [getattr(depot, nom) for nom in PIECES]
    intactes = all(piece.intact for piece in pieces if piece is not None)
    return ancien | {"sel": clair["sel"]} == clair and intactes


def empreinte(clair):
    """Return the hash of a content, the one that its receipt bears."""
    lignes = "\n".join(f"{cle}={clair[cle]}" for cle in sorted(clair))
    return hashlib.sha256(lignes.encode()).hexdigest()
