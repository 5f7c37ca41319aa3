"""Gestures offered on a survey and on a follow-up."""

from accompagnements import droits
from accompagnements.suites import etats, forms, forms_suivi, regles, transitions
from dla_portal.socle.gestes import FormulaireMotif, Geste

GESTES = [
    Geste(
        "repondre",
        "Saisir une réponse reçue sur papier",
        transitions.repondre,
        droits.instruit,
        etats.REPONDRE.depuis,
        formulaire=forms.ReponsesForm,
        principal=False,
    ),
    Geste(
        "clore",
        "Clore sans réponse",
        transitions.clore,
        droits.instruit,
        etats.CLORE.depuis,
        formulaire=FormulaireMotif,
        principal=False,
    ),
]

GESTES_SUIVI = [
    Geste(
        "realiser",
        "Enregistrer le suivi",
        transitions.realiser,
        droits.instruit,
        etats.REALISER.depuis,
        formulaire=forms_suivi.RealiserForm,
        fait="Le suivi est enregistré.",
    ),
    Geste(
        "redemander",
        "Enregistrer la nouvelle demande",
        transitions.redemander,
        droits.instruit,
        (etats.EtatSuivi.REALISE,),
        manques=regles.manques_pour_redemander,
        si=regles.redemande_possible,
        consequence="Le nouveau besoin devient une demande de la même structure, liée à ce suivi.",
        fait="La nouvelle demande est enregistrée.",
    ),
    Geste(
        "injoignable",
        "Constater que la structure est injoignable",
        transitions.constater_injoignable,
        droits.instruit,
        etats.CONSTATER_INJOIGNABLE.depuis,
        formulaire=FormulaireMotif,
        principal=False,
    ),
    Geste(
        "disparue",
        "Constater que la structure a disparu",
        transitions.constater_disparition,
        droits.instruit,
        etats.CONSTATER_DISPARITION.depuis,
        formulaire=FormulaireMotif,
        principal=False,
    ),
]
