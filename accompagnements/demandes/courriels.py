"""Mails of the public page and of the accueil: confirmation, date, orientation, refusal."""

from dla_portal.socle import jetons
from dla_portal.socle.courriels import deposer

USAGE = "demande-en-ligne"
VALIDITE = 3  # days to confirm one's mail


def _ecrire(demande, sujet, gabarit):
    return deposer(
        demande.structure.courriel_principal(),
        f"{sujet} — {demande.reference}",
        f"accompagnements/demandes/courriels/{gabarit}",
        {"demande": demande},
        fil=demande.fil,
    )


def accueil_planifie(demande):
    """Tell the structure the date of its accueil."""
    return _ecrire(demande, "Votre rendez-vous d'accueil DLA", "accueil_planifie")


def orientation(demande):
    """Tell the structure towards whom it is sent, and why."""
    return _ecrire(demande, "Votre demande d'accompagnement DLA", "orientation")


def refus(demande):
    """Tell the structure that its request is not eligible, and why."""
    return _ecrire(demande, "Votre demande d'accompagnement DLA", "refus")


def attente_depassee(demande):
    """Tell who follows a demande, else its operator, that it waits for too long."""
    suivie = demande.charge is not None and demande.charge.is_active
    return deposer(
        demande.charge.email if suivie else demande.operateur.email,
        f"Liste d'attente : seuil dépassé — {demande.reference}",
        "accompagnements/demandes/courriels/attente_depassee",
        {"demande": demande},
        fil=demande.fil,
    )


def _repondre(en_ligne, sujet, gabarit, fil, **contexte):
    """Write to who sent a request by the public page."""
    return deposer(
        en_ligne.courriel,
        sujet,
        f"accompagnements/demandes/courriels/{gabarit}",
        {"en_ligne": en_ligne, **contexte},
        fil=fil,
    )


def a_confirmer(en_ligne):
    """The link that confirms the mail: the only mail that leaves before the confirmation."""
    brut = jetons.creer(USAGE, en_ligne, en_ligne.courriel, VALIDITE)
    return _repondre(
        en_ligne,
        "Confirmez votre demande d'accompagnement",
        "en_ligne_a_confirmer",
        en_ligne.fil,
        lien=jetons.adresse(brut),
        jours=VALIDITE,
    )


def recue(en_ligne, operateurs):
    """Acknowledge a confirmed request, with those who may answer."""
    demande = en_ligne.demande
    return _repondre(
        en_ligne,
        "Votre demande d'accompagnement est transmise",
        "en_ligne_recue",
        demande.fil if demande else en_ligne.fil,
        demande=demande,
        operateurs=operateurs,
    )


def prise_en_charge(en_ligne):
    """Tell who wrote which operator answers."""
    demande = en_ligne.demande
    sujet = f"Votre demande d'accompagnement est prise en charge — {demande.reference}"
    return _repondre(en_ligne, sujet, "en_ligne_prise", demande.fil, demande=demande)


def sans_operateur(en_ligne, personnes):
    """Tell who routes requests that one has come from a territory without operator."""
    return [
        _signaler(en_ligne, personne.email, "en_ligne_sans_operateur") for personne in personnes
    ]


def confiee(en_ligne):
    """Tell an operator that a request was given to it."""
    return _signaler(en_ligne, en_ligne.demande.operateur.email, "en_ligne_confiee")


def _signaler(en_ligne, courriel, gabarit):
    """Write to a professional, who reads the rest once signed in."""
    return deposer(
        courriel,
        f"Demande en ligne à traiter — {en_ligne.commune}",
        f"accompagnements/demandes/courriels/{gabarit}",
        {"en_ligne": en_ligne, "objet": en_ligne.demande or en_ligne},
        fil=en_ligne.fil,
    )
