"""Gestures offered on a restitution and on an invoice."""

from dataclasses import replace

from accompagnements import droits
from accompagnements.restitutions import etats, forms, regles, transitions
from dla_portal.comptes.droits import Refus
from dla_portal.socle.gestes import FormulaireMotif, Geste


def _a_declarer_conforme(utilisateur, restitution):
    """Only a report not declared conform yet may be declared so."""
    if restitution.rapport_conforme:
        return Refus("Le rapport est déjà déclaré conforme.")
    return droits.instruit(utilisateur, restitution)


def _a_recevoir_sur_papier(utilisateur, restitution):
    """Only for an operator which requires paper, once."""
    if not restitution.mission.convention.ingenierie.operateur.rapport_papier:
        return Refus("Cet opérateur ne demande pas d'exemplaire papier.")
    if restitution.rapport_papier_recu_le:
        return Refus("L'exemplaire papier est déjà enregistré.")
    return droits.suit(utilisateur, restitution)


def _a_planifier(utilisateur, restitution):
    """Before any date is set."""
    if restitution.prevue_le:
        return Refus("La restitution est déjà planifiée : changez sa date.")
    return droits.instruit(utilisateur, restitution)


def _a_replanifier(utilisateur, restitution):
    """Once a date is set."""
    if not restitution.prevue_le:
        return Refus("La restitution n'est pas planifiée.")
    return droits.instruit(utilisateur, restitution)


PREVENUS = "La structure, le prestataire et la personne chargée de mission reçoivent la date."
GESTES = [
    Geste(
        "planifier",
        "Planifier la restitution",
        transitions.planifier,
        _a_planifier,
        etats.PLANIFIER.depuis,
        formulaire=forms.PlanifierForm,
        consequence=PREVENUS,
        fait="La restitution est planifiée ; chacun reçoit la date par courriel.",
    ),
    Geste(
        "tenir",
        "Enregistrer la restitution",
        transitions.tenir,
        droits.instruit,
        etats.TENIR.depuis,
        formulaire=forms.TenirForm,
        fait="La restitution est enregistrée, la mission est terminée.",
    ),
    Geste(
        "replanifier",
        "Changer la date de la restitution",
        transitions.planifier,
        _a_replanifier,
        etats.REPLANIFIER.depuis,
        formulaire=forms.PlanifierForm,
        consequence=PREVENUS,
        fait="La restitution a une nouvelle date ; chacun la reçoit par courriel.",
        principal=False,
    ),
    Geste(
        "declarer-conforme",
        "Déclarer le rapport conforme",
        transitions.declarer_conforme,
        _a_declarer_conforme,
        (*etats.DECLARER_CONFORME.depuis, *etats.DECLARER_CONFORME_APRES.depuis),
        formulaire=forms.ConformeForm,
        fait="Le rapport est déclaré conforme.",
        principal=False,
    ),
    Geste(
        "papier",
        "Enregistrer l'exemplaire papier",
        transitions.recevoir_papier,
        _a_recevoir_sur_papier,
        (*etats.RECEVOIR_PAPIER.depuis, *etats.RECEVOIR_PAPIER_APRES.depuis),
        formulaire=forms.PapierForm,
        principal=False,
    ),
]


def _certifie(utilisateur, facture):
    """The gestion, but for the person who entered the invoice."""
    reponse = droits.gere(utilisateur, facture)
    if reponse and regles.manques_pour_certifier(facture, utilisateur):
        return Refus(regles.QUI_SAISIT)
    return reponse


def _a_saisi(utilisateur, facture):
    """The very person who entered it: the button is shown greyed, with the reason."""
    reponse = droits.gere(utilisateur, facture)
    return Refus("") if reponse and _certifie(utilisateur, facture) else reponse


CERTIFIER = Geste(
    "certifier",
    "Certifier le service fait",
    transitions.certifier,
    _certifie,
    etats.CERTIFIER.depuis,
    manques=regles.manques_du_prestataire,
    formulaire=forms.CertifierForm,
    fait="Le service fait est certifié.",
)
GESTES_FACTURE = [
    CERTIFIER,  # before the next one: the address of both serves this one
    replace(CERTIFIER, droit=_a_saisi, manques=lambda facture: [regles.QUI_SAISIT]),
    Geste(
        "payer",
        "Enregistrer le paiement",
        transitions.payer,
        droits.gere,
        etats.PAYER.depuis,
        manques=regles.manques_pour_payer,
        formulaire=forms.PayerForm,
        fait="Le paiement est enregistré.",
    ),
    Geste(
        "rejeter",
        "Rejeter la facture",
        transitions.rejeter,
        droits.gere,
        etats.REJETER.depuis,
        formulaire=FormulaireMotif,
        consequence="Le prestataire reçoit ce motif par courriel.",
        danger=True,
    ),
]
