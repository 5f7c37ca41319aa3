"""Gestures offered on a fiche of the register."""

from dla_portal.socle.gestes import FormulaireMotif, Geste
from prestataires import droits, etats, forms, regles, transitions

_LE = droits.tient_le_registre
GESTES = [
    Geste(
        "referencer",
        "Référencer",
        transitions.referencer,
        _LE,
        etats.REFERENCER.depuis,
        manques=regles.manques_pour_referencer,
        consequence="Le prestataire est référencé pour un an et en est informé.",
        fait="Le prestataire est référencé.",
    ),
    Geste(
        "deposer-attestation",
        "Déposer une attestation de vigilance",
        transitions.deposer_attestation,
        droits.modifie,
        tuple(etats.Etat),
        formulaire=forms.AttestationForm,
        consequence="Les attestations précédentes restent sur la fiche.",
        fait="L'attestation est gardée sur la fiche.",
        principal=False,
    ),
    Geste(
        "demander-mise-a-jour",
        "Demander la mise à jour de la fiche",
        transitions.demander_mise_a_jour,
        _LE,
        etats.DEMANDER_MISE_A_JOUR.depuis,
        consequence="Le prestataire n'est plus sollicité tant que sa fiche n'est pas à jour.",
        principal=False,
    ),
    Geste(
        "retablir",
        "Rétablir",
        transitions.retablir,
        _LE,
        etats.RETABLIR.depuis,
        formulaire=FormulaireMotif,
    ),
    Geste(
        "refuser",
        "Refuser le référencement",
        transitions.refuser,
        _LE,
        etats.REFUSER.depuis,
        formulaire=FormulaireMotif,
        consequence="Le prestataire reçoit le motif.",
        danger=True,
    ),
    Geste(
        "rendre-inactif",
        "Rendre inactif",
        transitions.rendre_inactif,
        _LE,
        etats.RENDRE_INACTIF.depuis,
        formulaire=FormulaireMotif,
        principal=False,
    ),
    Geste(
        "suspendre",
        "Suspendre",
        transitions.suspendre,
        _LE,
        etats.SUSPENDRE.depuis,
        formulaire=FormulaireMotif,
        consequence="Le prestataire reçoit le motif.",
        danger=True,
    ),
    Geste(
        "retirer",
        "Retirer du registre",
        transitions.retirer,
        _LE,
        etats.RETIRER.depuis,
        formulaire=FormulaireMotif,
        danger=True,
    ),
]
