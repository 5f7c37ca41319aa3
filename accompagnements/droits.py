"""What each role may do on an accompagnement (domaine.md §1.4).

Every object of the chain answers `operateur_id`: the operator in charge of it.
"""

from dla_portal.comptes import roles
from dla_portal.comptes.droits import OUI, Refus, repondre

ADMIN = roles.Administrateur.code
AUTRE_OPERATEUR = "Ce dossier est suivi par un autre opérateur."


def operateur_de(utilisateur):
    """Return the operator id of the current rattachement, or None."""
    rattachement = getattr(utilisateur, "rattachement", None)
    return rattachement.operateur_id if rattachement else None


def region_de(utilisateur):
    """Return the region code of the current rattachement, or None."""
    rattachement = getattr(utilisateur, "rattachement", None)
    return rattachement.region_id if rattachement else None


def portee(utilisateur, lignes, *, equipe=roles.EQUIPE_OPERATEUR, operateur="operateur", region=""):
    """Scope a queryset: the operator's team, the DLA régional of the region, or the admin.

    `operateur` and `region` are lookup paths on the row itself (no join); callers pass a
    sub-query for anything further away. An empty `region` closes the rows to the DLA régional,
    except those of its own operator.
    """
    role = utilisateur.role
    if role == ADMIN:
        return lignes
    if role in equipe:
        return lignes.filter(**{operateur: operateur_de(utilisateur)})
    if role == roles.DlaRegional.code:
        if region:
            return lignes.filter(**{region: region_de(utilisateur)})
        if operateur_de(utilisateur):
            return lignes.filter(**{operateur: operateur_de(utilisateur)})
    return lignes.none()


def _de_l_operateur(utilisateur, objet, codes, phrase):
    if utilisateur is None or isinstance(utilisateur, str):
        return Refus("Cette action demande un compte.")
    if not utilisateur.is_active or utilisateur.role not in codes:
        return Refus(phrase)
    return repondre(operateur_de(utilisateur) == objet.operateur_id, AUTRE_OPERATEUR)


def instruit(utilisateur, objet):
    """A chargé de mission or the responsable of the operator leads the dossier."""
    return _de_l_operateur(
        utilisateur,
        objet,
        {*roles.INSTRUCTEURS, roles.DlaRegional.code},
        "Seule l'équipe d'accompagnement de l'opérateur peut faire ce geste.",
    )


def arbitre(utilisateur, objet):
    """The responsable of the operator decides what departs from the ordinary course."""
    return _de_l_operateur(
        utilisateur,
        objet,
        {roles.Responsable.code},
        "Ce geste revient au responsable de l'opérateur.",
    )


def gere(utilisateur, objet):
    """The gestionnaire or the responsable handles money."""
    return _de_l_operateur(
        utilisateur,
        objet,
        {roles.Gestionnaire.code, roles.Responsable.code},
        "Ce geste revient à la gestion de l'opérateur.",
    )


def suit(utilisateur, objet):
    """Anybody of the operator's team may record what arrives (invoice, scan, report)."""
    return _de_l_operateur(
        utilisateur,
        objet,
        {*roles.EQUIPE_OPERATEUR, roles.DlaRegional.code},
        "Seule l'équipe de l'opérateur peut faire ce geste.",
    )


def par_lien(par):
    """An actor without account is the name carried by its personal link, checked by the view."""
    return OUI if isinstance(par, str) and par else Refus("Ce geste se fait par un lien personnel.")
