"""Mails of the plan: what there is to do, never what it contains."""

from accompagnements.validation_par_lien import lien_pour
from dla_portal.socle import jetons
from dla_portal.socle.courriels import deposer

USAGE = "plan"
JOURS = 120  # life of the personal link: instances meet every two or three months


def _ecrire(plan, destinataire, sujet, gabarit, **contexte):
    dossier = plan.accompagnement
    return deposer(
        destinataire,
        f"{sujet} — {dossier.reference}",
        f"accompagnements/plans/courriels/{gabarit}",
        {"dossier": dossier, "plan": plan, **contexte},
        fil=plan.fil,
    )


def soumis(plan):
    """Tell the structure that its plan awaits its agreement, at its personal link."""
    adresse = plan.accompagnement.structure.courriel_principal()
    lien = lien_pour(USAGE, plan, adresse, JOURS)
    return _ecrire(
        plan, adresse, "Votre plan d'accompagnement attend votre accord", "soumis", lien=lien
    )


def rappel(plan):
    """Remind the structure, with another link: the former ones still open for who is reading."""
    adresse = plan.accompagnement.structure.courriel_principal()
    if not adresse:
        return None
    lien = jetons.adresse(jetons.creer(USAGE, plan, adresse, JOURS))
    sujet = "Rappel : votre plan d'accompagnement attend votre accord"
    return _ecrire(plan, adresse, sujet, "rappel", lien=lien)


def revoquer(plan):
    """The links open nothing any more: the plan is being written again."""
    return jetons.revoquer(plan, USAGE)


def _au_charge(plan, sujet, gabarit):
    charge = plan.accompagnement.charge
    return _ecrire(plan, charge.email if charge else "", sujet, gabarit)


def accord(plan):
    """Tell the chargé that the structure has agreed by its link."""
    return _au_charge(plan, "Accord de la structure sur le plan", "accord")


def a_corriger(plan):
    """Tell the chargé that corrections are asked; what they are stays in the journal."""
    return _au_charge(plan, "Plan d'accompagnement à corriger", "a_corriger")
