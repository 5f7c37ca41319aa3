"""The public page: sending, confirmation by mail, routing, taking charge.

Nothing here tells the sender whether a structure is already known.
"""

import hashlib
import hmac
import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accompagnements.demandes import courriels, etats, regles
from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.etats import EtatEnLigne
from accompagnements.demandes.models import Demande
from accompagnements.droits import operateur_de
from accompagnements.structures.models import Contact, Structure, Verification
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger, repondre
from dla_portal.socle import horloge, jetons, references
from dla_portal.socle.courriels import Courriel
from dla_portal.socle.etats import PAR_QUI_MAX
from dla_portal.socle.recherche import normaliser
from dla_portal.socle.regles import exiger_aucun_manque
from dla_portal.territoires.repartition import operateurs_pour

SANS_SIRET = "Non indiqué dans le formulaire en ligne"
AILLEURS = "Le SIRET {siret} du formulaire en ligne est déjà celui d'un autre département"


def empreinte(adresse):
    """Return the keyed hash of a network address: enough to count its sendings, not to know it."""
    lieu = _reseau(adresse).encode()
    return hmac.new(settings.SECRET_KEY.encode(), lieu, hashlib.sha256).hexdigest()


def _reseau(adresse):
    """What one subscriber holds: an IPv4 address, or the /64 in which he may take any IPv6."""
    try:
        lue = ipaddress.ip_address(adresse)
    except ValueError:
        return adresse
    if lue.version == 4:
        return str(lue)
    if lue.ipv4_mapped:
        return str(lue.ipv4_mapped)
    return str(ipaddress.ip_network((int(lue), 64), strict=False))


@transaction.atomic
def recevoir(en_ligne, *, adresse):
    """Keep what was sent and mail the link that confirms it. Returns what is kept.

    The same person writing again for the same structure corrects what waits: no second mail.
    Raises Manques when too much comes from this network address or for this mail.
    """
    en_ligne.courriel = en_ligne.courriel.lower()
    en_ligne.empreinte = empreinte(adresse)
    exiger_aucun_manque(regles.manques_de_cadence(en_ligne))
    deja = _en_attente(en_ligne)
    if deja is not None:
        for champ in en_ligne._meta.concrete_fields:
            if champ.editable and not champ.primary_key:
                setattr(deja, champ.attname, getattr(en_ligne, champ.attname))
        deja.save()
        return deja
    en_ligne.expire_le = horloge.maintenant() + timedelta(days=courriels.VALIDITE)
    etats.ENVOYER_EN_LIGNE.appliquer(en_ligne, par=None)  # nobody's name before the confirmation
    courriels.a_confirmer(en_ligne)
    return en_ligne


def _en_attente(en_ligne):
    """What the same mail already sent for the same structure, still to be confirmed."""
    memes = DemandeEnLigne.objects.filter(
        etat=EtatEnLigne.A_CONFIRMER,
        expire_le__gt=horloge.maintenant(),
        courriel=en_ligne.courriel,
        origine=en_ligne.origine,
        commune=en_ligne.commune,
    )
    nom = normaliser(en_ligne.structure_nom)
    return next((autre for autre in memes if normaliser(autre.structure_nom) == nom), None)


@transaction.atomic
def renvoyer(courriel):
    """Mail again the link of what waits to be confirmed from an address; return how many left.

    Bounded, whoever asks: the mailbox may be somebody else's. The links already sent stay good.
    """
    memes = DemandeEnLigne.objects.select_for_update(of=("self",)).filter(
        etat=EtatEnLigne.A_CONFIRMER,
        expire_le__gt=horloge.maintenant(),
        courriel=courriel.lower(),
    )
    renvoyees = [en_ligne for en_ligne in memes if not regles.manques_pour_renvoyer(en_ligne)]
    for en_ligne in renvoyees:
        en_ligne.expire_le = horloge.maintenant() + timedelta(days=courriels.VALIDITE)
        en_ligne.save()
        courriels.a_confirmer(en_ligne)
    return len(renvoyees)


@transaction.atomic
def confirmer(en_ligne):
    """The mail is confirmed: the demande goes to its operator, or waits for one of several."""
    par = en_ligne.formulee_par[:PAR_QUI_MAX]
    en_ligne.confirmee_le = horloge.maintenant()
    secteur = en_ligne.secteur.code if en_ligne.secteur else ""
    competents = operateurs_pour(en_ligne.commune, secteur)
    if len(competents) == 1:
        en_ligne.demande = _naitre(en_ligne, competents[0], par=par)
        etats.TRANSMETTRE.appliquer(en_ligne, par=par)
    elif competents:
        etats.PARTAGER.appliquer(en_ligne, par=par)
    else:
        etats.SIGNALER.appliquer(en_ligne, par=par)
        courriels.sans_operateur(en_ligne, regles.aiguilleurs(en_ligne))
    en_ligne.candidats.set(competents)
    courriels.recue(en_ligne, competents)
    return en_ligne


def prend_en_charge(utilisateur, en_ligne):
    """Right: the team that accompanies, in one of the operators to which it was proposed."""
    accompagne = a_role(utilisateur, *roles.INSTRUCTEURS, roles.DlaRegional.code)
    if not accompagne:
        return accompagne
    proposee = en_ligne.candidats.filter(pk=operateur_de(utilisateur)).exists()
    return repondre(proposee, "Cette demande n'est pas proposée à votre opérateur.")


@transaction.atomic
def prendre(en_ligne, *, par):
    """An operator takes a shared request: the demande is born with it. Returns the Demande."""
    exiger(prend_en_charge(par, en_ligne))
    operateur = en_ligne.candidats.get(pk=operateur_de(par))
    en_ligne.demande = _naitre(en_ligne, operateur, par=par, charge=par)
    etats.PRENDRE.appliquer(en_ligne, par=par)
    courriels.prise_en_charge(en_ligne)
    return en_ligne.demande


def confie(utilisateur, en_ligne):
    """Right: the DLA régional and the administrator route what no operator was proposed."""
    return a_role(utilisateur, roles.DlaRegional.code, roles.Administrateur.code)


@transaction.atomic
def confier(en_ligne, *, par, operateur):
    """Give an operator the request of a territory which has none. Returns the Demande."""
    exiger(confie(par, en_ligne))
    en_ligne.demande = _naitre(en_ligne, operateur, par=par)
    etats.CONFIER_EN_LIGNE.appliquer(en_ligne, par=par)
    en_ligne.candidats.set([operateur])
    courriels.confiee(en_ligne)
    courriels.prise_en_charge(en_ligne)
    return en_ligne.demande


def _naitre(en_ligne, operateur, *, par, charge=None):
    """The demande of an operator, received the day its mail was confirmed."""
    recue_le = timezone.localdate(en_ligne.confirmee_le)
    demande = Demande(
        reference=references.prochaine(f"DLA-{en_ligne.departement_id}-{recue_le.year}"),
        structure=_structure(en_ligne),
        operateur=operateur,
        departement_id=en_ligne.departement_id,
        charge=charge,
        recue_le=recue_le,
        canal=Demande.Canal.FORMULAIRE,
        objet=en_ligne.objet,
        exprimee_par=en_ligne.formulee_par[:120],
        prescripteur=en_ligne.prescripteur,
    )
    etats.ENREGISTRER.appliquer(demande, par=par)
    return demande


def _structure(en_ligne):
    """The structure of the register with this SIRET, left as it is, else a new one to be checked.

    Two requests for the same new SIRET may be confirmed at once: the second finds the first's.
    """
    try:
        with transaction.atomic():
            return _trouver_ou_creer(en_ligne)
    except IntegrityError:
        if not en_ligne.siret or Structure.toutes.de_siret(en_ligne.siret) is None:
            raise
        return _trouver_ou_creer(en_ligne)


def _trouver_ou_creer(en_ligne):
    connue = Structure.toutes.de_siret(en_ligne.siret) if en_ligne.siret else None
    if connue is not None and connue.departement_id == en_ligne.commune.departement_id:
        return connue
    structure = Structure.objects.create(**_fiche(en_ligne, connue))
    prescrite = en_ligne.de_prescripteur
    nom = en_ligne.contact_nom if prescrite else en_ligne.nom
    if nom:
        Contact.objects.create(
            structure=structure,
            nom=nom,
            fonction="" if prescrite else en_ligne.fonction,
            email=structure.email,
            telephone=structure.telephone,
        )
    return structure


def _fiche(en_ligne, connue):
    """The fields of a new structure. `connue`: the one elsewhere that bears its SIRET, or None."""
    commune = en_ligne.commune
    prescrite = en_ligne.de_prescripteur
    siret, absent = en_ligne.siret or None, "" if en_ligne.siret else SANS_SIRET
    if connue is not None:
        # Who typed the number of a neighbour is not given the neighbour's record to read.
        siret, absent = None, AILLEURS.format(siret=en_ligne.siret)
    return {
        "nom": en_ligne.structure_nom,
        "siret": siret,
        "siret_absent": absent,
        "commune": commune,
        "departement": commune.departement,
        "ville": commune.nom,
        "secteur": en_ligne.secteur,
        "email": en_ligne.contact_courriel if prescrite else en_ligne.courriel,
        "telephone": en_ligne.contact_telephone if prescrite else en_ligne.telephone,
        "verification": Verification.A_VERIFIER,
    }


@transaction.atomic
def effacer(en_ligne):
    """Erase what was never confirmed, with its link and its mail; not what just was."""
    en_ligne = DemandeEnLigne.objects.select_for_update().filter(pk=en_ligne.pk).first()
    if en_ligne is None or en_ligne.etat != EtatEnLigne.A_CONFIRMER:
        return
    jetons.de(en_ligne).delete()
    Courriel.objects.filter(fil=en_ligne.fil).delete()
    en_ligne.delete()


def effacer_les_non_confirmees(le):
    """Erase those whose link expired at the latest on a date; return how many.

    Played again for a past date, it erases nothing that may still be confirmed.
    """
    expirees = DemandeEnLigne.objects.non_confirmees(horloge.maintenant())
    expirees = expirees.filter(expire_le__date__lte=le)
    return len([effacer(en_ligne) for en_ligne in expirees])
