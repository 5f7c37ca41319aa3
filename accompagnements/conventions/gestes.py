"""Gestures offered on a convention."""

from accompagnements import droits
from accompagnements.conventions import etats, forms, regles, transitions
from dla_portal.socle.gestes import FormulaireMotif, Geste

GESTES = [
    Geste(
        "mettre-en-signature",
        "Mettre à la signature",
        transitions.mettre_en_signature,
        droits.instruit,
        etats.METTRE_EN_SIGNATURE.depuis,
        manques=regles.manques_pour_signature,
        consequence="La convention est figée et chaque partie reçoit un courriel.",
        fait="La convention attend ses signatures.",
    ),
    Geste(
        "signer",
        "Enregistrer une signature",
        transitions.signer,
        droits.instruit,
        etats.SIGNER.depuis,
        formulaire=forms.SignerForm,
        fait="La signature est enregistrée.",
    ),
    Geste(
        "corriger",
        "Reprendre la préparation",
        transitions.corriger,
        droits.instruit,
        etats.CORRIGER.depuis,
        formulaire=FormulaireMotif,
        consequence="Les signatures déjà reçues seront à recueillir de nouveau.",
        principal=False,
    ),
    Geste(
        "resilier",
        "Résilier la convention",
        transitions.resilier,
        droits.arbitre,
        etats.RESILIER.depuis,
        manques=regles.manques_pour_resilier,
        formulaire=FormulaireMotif,
        danger=True,
    ),
    Geste(
        "abandonner",
        "Abandonner la convention",
        transitions.abandonner,
        droits.instruit,
        etats.ABANDONNER.depuis,
        formulaire=FormulaireMotif,
        danger=True,
    ),
]
