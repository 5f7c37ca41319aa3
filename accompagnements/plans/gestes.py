"""Gestures offered on a plan d'accompagnement."""

from accompagnements import droits
from accompagnements.plans import etats, forms, regles, transitions
from dla_portal.socle.gestes import FormulaireMotif, Geste

GESTES = [
    Geste(
        "soumettre",
        "Soumettre à la structure",
        transitions.soumettre,
        droits.instruit,
        etats.SOUMETTRE.depuis,
        manques=regles.manques_pour_soumettre,
        consequence="La structure reçoit par courriel un lien personnel : elle y lit le plan, donne "
        "son accord ou demande une correction. Le plan ne change plus, sauf si vous en reprenez la "
        "rédaction.",
        fait="Le plan est soumis à la structure.",
    ),
    Geste(
        "valider",
        "Enregistrer l'accord de la structure",
        transitions.valider,
        droits.instruit,
        etats.VALIDER.depuis,
        manques=regles.manques_pour_valider,
        formulaire=forms.ValiderForm,
        consequence="Chaque action d'ingénierie reçoit sa référence ; la consultation peut suivre.",
        fait="L'accord de la structure est enregistré.",
    ),
    Geste(
        "corriger",
        "Reprendre la rédaction",
        transitions.corriger,
        droits.instruit,
        etats.CORRIGER.depuis,
        formulaire=FormulaireMotif,
        consequence="Le lien de la structure ne s'ouvre plus ; le plan devra être soumis de nouveau.",
        fait="La rédaction reprend.",
        principal=False,
    ),
    Geste(
        "clore",
        "Clore le plan",
        transitions.clore,
        droits.instruit,
        etats.CLORE.depuis,
        manques=regles.manques_pour_clore,
        fait="Le plan est clos.",
        principal=False,
    ),
    Geste(
        "actualiser",
        "Actualiser le plan",
        transitions.actualiser,
        droits.instruit,
        etats.ACTUALISER.depuis,
        formulaire=FormulaireMotif,
        consequence="La version en vigueur est figée ; la suivante demandera un nouvel accord.",
        fait="La version précédente est figée : vous pouvez changer les actions.",
        principal=False,
    ),
    Geste(
        "abandonner",
        "Abandonner le plan",
        transitions.abandonner,
        droits.instruit,
        etats.ABANDONNER.depuis,
        manques=regles.manques_pour_abandonner,
        formulaire=FormulaireMotif,
        danger=True,
    ),
    Geste(
        "rouvrir",
        "Rouvrir le plan",
        transitions.rouvrir,
        droits.arbitre,
        etats.ROUVRIR.depuis,
        formulaire=FormulaireMotif,
        principal=False,
    ),
]
