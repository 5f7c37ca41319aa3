"""Gestures offered on a restitution and on an invoice."""

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


GESTES = [
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

GESTES_FACTURE = [
    Geste(
        "certifier",
        "Certifier le service fait",
        transitions.certifier,
        droits.gere,
        etats.CERTIFIER.depuis,
        manques=regles.manques_du_prestataire,
        fait="Le service fait est certifié.",
    ),
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
