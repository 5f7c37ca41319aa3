"""The prestataire's side: announce, decline, deposit under seal; and the opening.

The deadline is the server's clock at the moment the deposit is complete. A late deposit is
refused: its trace is kept, not its content. Nothing is readable before the opening.
"""

import hashlib
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
    if sollicitation.consultation.limite_passee:
        raise Manques(["La date limite de réponse est passée."])


def deposer(sollicitation, *, par, fichier=None, recu_par_courrier=False, **contenu):
    """Seal a deposit and return it; a late one raises Manques, its trace kept.

    `contenu` holds the fields of MONTANTS, DATES and TEXTES; `fichier` is an upload.
    """
    exiger(_acteur(par, sollicitation))
    depot = _sceller(sollicitation, par, fichier, recu_par_courrier, contenu)
    if depot.hors_delai:
        limite = courriels.moment(sollicitation.consultation.date_limite)
        raise Manques(
            [f"La date limite ({limite}) est passée : le dépôt est refusé et son arrivée notée."]
        )
    return depot


@transaction.atomic
def _sceller(sollicitation, par, fichier, recu_par_courrier, contenu):
    # The row of the consultation is held: a prolongation cannot slip in between.
    consultation = Consultation.objects.select_for_update().get(pk=sollicitation.consultation_id)
    clair = _en_clair(contenu)
    range_fichier = None
    if fichier is not None:
        range_fichier = fichiers.deposer(
            fichier, fil=consultation.fil, categorie="proposition", par=par, scelle=True
        )
        clair["fichier"] = range_fichier.sha256
    empreinte = _empreinte(clair)
    recu_le = horloge.maintenant()
    if consultation.etat != etats.Etat.PUBLIEE:
        raise Manques(["Cette consultation ne reçoit plus de proposition."])
    if recu_le >= consultation.date_limite:
        if range_fichier:
            range_fichier.contenu.delete(save=False)
            range_fichier.delete()
        journaliser(sollicitation, "Dépôt hors délai refusé", par=par, nom="hors_delai")
        return Depot.objects.create(sollicitation=sollicitation, recu_le=recu_le, hors_delai=True)
    sollicitation.depots.filter(remplace_le=None).update(remplace_le=recu_le)
    depot = Depot.objects.create(
        sollicitation=sollicitation,
        recu_le=recu_le,
        scelle=scelles.sceller_json(clair),
        empreinte=empreinte,
        fichier=range_fichier,
        recu_par_courrier=recu_par_courrier,
    )
    sollicitation.repondu_le = sollicitation.repondu_le or recu_le
    etats.DEPOSER.appliquer(sollicitation, par=par)
    courriels.recepisse(depot)
    return depot


def _en_clair(contenu):
    """JSON-able form of a deposit, amounts and dates as text."""
    clair = {nom: str(contenu[nom]) for nom in MONTANTS}
    clair |= {nom: contenu[nom].isoformat() if contenu.get(nom) else "" for nom in DATES}
    return clair | {nom: contenu.get(nom, "") for nom in TEXTES}


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
    depots = regles.depots_valables(consultation).select_related("sollicitation", "fichier")
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
    fichier = None
    if depot.fichier_id:
        octets = depot.fichier.lire()
        if hashlib.sha256(octets).hexdigest() != depot.fichier.sha256:
            raise ScelleDifferent("Le fichier d'un dépôt ne correspond pas à son récépissé.")
        fichier = fichiers.enregistrer(
            depot.fichier.nom,
            octets,
            depot.fichier.type_mime,
            fil=consultation.fil,
            categorie="proposition",
            par=par,
        )
    proposition = Proposition(
        consultation=consultation,
        sollicitation=depot.sollicitation,
        fichier=fichier,
        **{nom: Decimal(clair[nom]) for nom in MONTANTS},
        **{nom: date.fromisoformat(clair[nom]) if clair[nom] else None for nom in DATES},
        **{nom: clair[nom] for nom in TEXTES},
    )
    etats.RECEVOIR.appliquer(proposition, par=par)
