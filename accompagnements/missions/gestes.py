"""Gestures offered on a mission."""

from accompagnements import droits
from accompagnements.missions import etats, forms, transitions
from dla_portal.socle.gestes import FormulaireMotif, Geste

GESTES = [
    Geste(
        "alerter",
        "Signaler une alerte",
        transitions.alerter,
        droits.instruit,
        etats.ALERTER.depuis,
        formulaire=forms.AlerterForm,
        principal=False,
    ),
    Geste(
        "poursuivre",
        "Décider de poursuivre",
        transitions.poursuivre,
        droits.instruit,
        etats.POURSUIVRE.depuis,
        formulaire=forms.PoursuivreForm,
    ),
    Geste(
        "suspendre",
        "Suspendre la mission",
        transitions.suspendre,
        droits.instruit,
        etats.SUSPENDRE.depuis,
        formulaire=FormulaireMotif,
        principal=False,
    ),
    Geste(
        "arreter",
        "Arrêter la mission",
        transitions.arreter,
        droits.arbitre,
        etats.ARRETER.depuis,
        formulaire=FormulaireMotif,
        consequence="La mission s'arrête pour de bon ; seuls les jours réalisés seront payés.",
        danger=True,
    ),
]
