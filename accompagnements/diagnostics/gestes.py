"""Gestures offered on a diagnostic partagé."""

from accompagnements import droits
from accompagnements.diagnostics import diffusion, etats, forms, regles, relire, transitions
from dla_portal.socle.gestes import FormulaireMotif, Geste

VIVANTS = tuple(etat for etat in etats.Etat if etat != etats.Etat.ABANDONNE)
GESTES = [
    Geste(
        "soumettre",
        "Soumettre à la structure",
        transitions.soumettre,
        droits.instruit,
        etats.SOUMETTRE.depuis,
        manques=regles.manques_pour_soumettre,
        consequence="La structure reçoit par courriel un lien personnel : elle y lit le diagnostic, "
        "le valide ou demande une correction. Le texte ne change plus, sauf si vous en reprenez la "
        "rédaction.",
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
        "demander-relecture",
        "Demander une relecture",
        relire.demander,
        droits.instruit,
        etats.DEMANDER_RELECTURE.depuis,
        manques=regles.manques_pour_relire,
        formulaire=forms.RelectureForm,
        consequence="La personne choisie lit ce diagnostic, et lui seul, jusqu'à ce qu'elle rende "
        "sa relecture. Le texte ne change pas pendant ce temps.",
        fait="La relecture est demandée.",
        principal=False,
    ),
    Geste(
        "clore-relecture",
        "Clore la relecture",
        relire.clore,
        droits.instruit,
        etats.CLORE_RELECTURE.depuis,
        formulaire=FormulaireMotif,
        consequence="La personne qui relit n'a plus accès au diagnostic.",
        fait="La relecture est close : la rédaction reprend.",
        principal=False,
    ),
    Geste(
        "classer",
        "Changer la confidentialité",
        diffusion.classer,
        droits.instruit,
        VIVANTS,
        formulaire=forms.ClasserForm,
        principal=False,
    ),
    Geste(
        "autoriser",
        "Enregistrer une autorisation de communiquer",
        diffusion.autoriser,
        droits.instruit,
        VIVANTS,
        manques=regles.manques_pour_communiquer,
        formulaire=forms.AutoriserForm,
        fait="L'autorisation est enregistrée. Vous pouvez remettre un exemplaire à son nom.",
        principal=False,
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
