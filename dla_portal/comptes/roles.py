"""The nine roles, one documented class each (produit.md §1, domaine.md §1.4).

A role says who the person is, over what its scope runs and what it may do. The rights on each
object are functions in the `droits.py` of the layer that owns the object; they read the code of
the role, never its label.
"""

OPERATEUR, REGION, TERRITOIRE, NATIONAL, CONVOCATIONS = (
    "operateur",
    "region",
    "territoire",
    "national",
    "convocations",
)


class Role:
    """Base of all roles: `portee` says which field of the Rattachement is required."""

    code = ""
    libelle = ""
    description = ""
    portee = NATIONAL


class ChargeMission(Role):
    """Leads dossiers of one operator, from the request to the follow-up."""

    code = "charge_mission"
    libelle = "Chargé·e de mission"
    description = "Instruit les dossiers de son opérateur, de la demande au suivi."
    portee = OPERATEUR


class Responsable(Role):
    """Runs an operator: same dossiers as the team, signatures, derogations, reopening."""

    code = "responsable"
    libelle = "Responsable d'opérateur"
    description = "Pilote l'équipe de l'opérateur, signe les conventions, arbitre."
    portee = OPERATEUR


class Gestionnaire(Role):
    """Handles invoices and pieces of an operator; never reads a diagnostic."""

    code = "gestionnaire"
    libelle = "Gestionnaire"
    description = "Suit les factures, le service fait et les paiements de l'opérateur."
    portee = OPERATEUR


class DlaRegional(Role):
    """Keeps the register of prestataires of a region (former C2RA) and consolidates its figures."""

    code = "dla_regional"
    libelle = "DLA régional (C2RA)"
    description = "Tient le registre des prestataires et consolide les chiffres de la région."
    portee = REGION


class Pilote(Role):
    """Funds and steers a region or a department: figures and objectives, nothing nominal."""

    code = "pilote"
    libelle = "Pilote"
    description = "Lit les résultats et les objectifs de son territoire ; aucun dossier nominatif."
    portee = TERRITOIRE


class MembreComite(Role):
    """Gives an avis on the dossiers of the séances he is convened to."""

    code = "membre_comite"
    libelle = "Membre de comité d'appui"
    description = "Rend un avis sur les dossiers des séances où il est convoqué."
    portee = CONVOCATIONS


class Crdla(Role):
    """Sector resource centre: reads what is sent to it for relecture, and sector figures."""

    code = "crdla"
    libelle = "Centre de ressources (CRDLA)"
    description = "Lit les chiffres de son secteur et les diagnostics transmis pour relecture."
    portee = NATIONAL


class National(Role):
    """National level: regions side by side, read only."""

    code = "national"
    libelle = "Pilotage national"
    description = "Lit les chiffres de toutes les régions."
    portee = NATIONAL


class Administrateur(Role):
    """Fixes data in the admin site, each fix with its reason."""

    code = "administrateur"
    libelle = "Administrateur"
    description = "Corrige les données dans l'administration, avec un motif journalisé."
    portee = NATIONAL


ROLES = {
    role.code: role
    for role in (
        ChargeMission,
        Responsable,
        Gestionnaire,
        DlaRegional,
        Pilote,
        MembreComite,
        Crdla,
        National,
        Administrateur,
    )
}
CHOIX = [(code, role.libelle) for code, role in ROLES.items()]
EQUIPE_OPERATEUR = frozenset({ChargeMission.code, Responsable.code, Gestionnaire.code})
INSTRUCTEURS = frozenset({ChargeMission.code, Responsable.code})
