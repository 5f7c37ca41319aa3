"""Gestures on a line of time and on an activity."""

from accompagnements.activites import regles, transitions
from accompagnements.activites.etats import Etat, EtatTemps
from dla_portal.socle.gestes import FormulaireMotif, Geste

GESTES_TEMPS = [
    Geste(
        "retirer",
        "Retirer cette ligne",
        transitions.retirer,
        regles.corrige,
        (EtatTemps.NOTE,),
        manques=regles.manques_pour_retirer,
        formulaire=FormulaireMotif,
        consequence="Elle ne compte plus ; elle reste lisible, avec le motif.",
        fait="La ligne est retirée.",
        danger=True,
    )
]
GESTES_ACTIVITE = [
    Geste(
        "annuler",
        "Annuler l'animation",
        transitions.annuler,
        regles.tient,
        (Etat.INSCRITE,),
        formulaire=FormulaireMotif,
        consequence="Elle reste au registre avec son motif, quitte les agendas et ne compte plus.",
        fait="L'animation est annulée.",
        danger=True,
    )
]
