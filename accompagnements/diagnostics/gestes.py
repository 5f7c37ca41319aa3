"""Gestures offered on a diagnostic partagé."""

from accompagnements import droits
from accompagnements.diagnostics import etats, forms, regles, transitions
from dla_portal.socle.gestes import FormulaireMotif, Geste

GESTES = [
    Geste(
        "soumettre",
        "Soumettre à la structure",
        transitions.soumettre,
        droits.instruit,
        etats.SOUMETTRE.depuis,
        manques=regles.manques_pour_soumettre,
        consequence="La structure est avertie par courriel, sans le contenu. Le texte ne change "
        "plus, sauf si vous en reprenez la rédaction.",
        fait="Le diagnostic est soumis à la structure.",
    ),
    Geste(
        "valider",
        "Enregistrer la validation",
        transitions.valider,
        droits.instruit,
        etats.VALIDER.depuis,
        formulaire=forms.ValiderForm,
        fait="Le diagnostic est validé. Vous pouvez préparer le plan d'accompagnement.",
    ),
    Geste(
        "corriger",
        "Reprendre la rédaction",
        transitions.corriger,
        droits.instruit,
        etats.CORRIGER.depuis,
        formulaire=FormulaireMotif,
        consequence="Le diagnostic devra être soumis de nouveau à la structure.",
        principal=False,
    ),
    Geste(
        "clore-sans-plan",
        "Clore sans plan d'accompagnement",
        transitions.clore_sans_plan,
        droits.instruit,
        etats.CLORE_SANS_PLAN.depuis,
        manques=regles.manques_pour_clore_sans_plan,
        formulaire=FormulaireMotif,
        consequence="L'accompagnement s'arrête au diagnostic.",
        danger=True,
    ),
    Geste(
        "abandonner",
        "Abandonner le diagnostic",
        transitions.abandonner,
        droits.instruit,
        etats.ABANDONNER.depuis,
        formulaire=FormulaireMotif,
        consequence="Le texte est conservé ; un nouveau diagnostic pourra être commencé.",
        danger=True,
    ),
]
