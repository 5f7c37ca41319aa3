"""Mails of the diagnostic: what there is to do, never what it contains."""

from accompagnements.validation_par_lien import lien_pour
from dla_portal.socle import jetons
from dla_portal.socle.courriels import deposer

USAGE = "diagnostic"
JOURS = 120  # life of the personal link: instances meet every two or three months


def _ecrire(diagnostic, destinataire, sujet, gabarit, **contexte):
    dossier = diagnostic.accompagnement
    return deposer(
        destinataire,
        f"{sujet} — {dossier.reference}",
        f"accompagnements/diagnostics/courriels/{gabarit}",
        {"dossier": dossier, **contexte},
        fil=diagnostic.fil,
    )


def soumis(diagnostic):
    """Tell the structure that its diagnostic awaits its validation, at its personal link."""
    adresse = diagnostic.accompagnement.structure.courriel_principal()
    lien = lien_pour(USAGE, diagnostic, adresse, JOURS) if adresse else ""
    return _ecrire(
        diagnostic, adresse, "Votre diagnostic partagé est à valider", "soumis", lien=lien
    )


def rappel(diagnostic):
    """Remind the structure, with another link: the former ones still open for who is reading."""
    adresse = diagnostic.accompagnement.structure.courriel_principal()
    if not adresse:
        return None
    lien = jetons.adresse(jetons.creer(USAGE, diagnostic, adresse, JOURS))
    return _ecrire(
        diagnostic,
        adresse,
        "Rappel : votre diagnostic partagé est à valider",
        "rappel",
        lien=lien,
        soumis_le=diagnostic.soumis_le,
    )


def _au_charge(diagnostic, sujet, gabarit, **contexte):
    charge = diagnostic.accompagnement.charge
    return _ecrire(diagnostic, charge.email if charge else "", sujet, gabarit, **contexte)


def valide(diagnostic):
    """Tell the chargé that the structure has validated by its link."""
    return _au_charge(diagnostic, "Diagnostic validé", "valide", valide=diagnostic)


def a_corriger(diagnostic):
    """Tell the chargé that corrections are asked; what they are stays in the journal."""
    return _au_charge(diagnostic, "Diagnostic à corriger", "a_corriger")


def relecture_demandee(relecture):
    """Tell the reader that a diagnostic awaits them in the portal."""
    return _ecrire(
        relecture.diagnostic,
        relecture.lecteur.email,
        "Relecture d'un diagnostic demandée",
        "relecture_demandee",
        adresse=relecture.get_absolute_url(),
    )


def relecture_rendue(relecture):
    """Tell the chargé that the comments are there."""
    return _au_charge(relecture.diagnostic, "Relecture du diagnostic rendue", "relecture_rendue")
