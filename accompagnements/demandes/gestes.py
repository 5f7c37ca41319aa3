"""Gestures offered on a demande and on an accompagnement."""

from accompagnements import droits
from accompagnements.demandes import etats, forms, regles, transitions
from dla_portal.socle.gestes import FormulaireMotif, Geste

GESTES = [
    Geste(
        "planifier-accueil",
        "Planifier l'accueil",
        transitions.planifier_accueil,
        droits.instruit,
        etats.PLANIFIER_ACCUEIL.depuis,
        formulaire=forms.PlanifierAccueilForm,
        consequence="La structure reçoit la date par courriel.",
        principal=False,
    ),
    Geste(
        "accueillir",
        "Enregistrer l'accueil",
        transitions.accueillir,
        droits.instruit,
        etats.ACCUEILLIR.depuis,
        formulaire=forms.AccueillirForm,
    ),
    Geste(
        "ouvrir",
        "Ouvrir l'accompagnement",
        transitions.ouvrir,
        droits.instruit,
        etats.OUVRIR.depuis,
        manques=regles.manques_pour_ouvrir,
        consequence="Le secteur, la taille et les zonages de la structure sont gardés à cette date.",
        fait="L'accompagnement est ouvert.",
    ),
    Geste(
        "mettre-en-attente",
        "Mettre en liste d'attente",
        transitions.mettre_en_attente,
        droits.instruit,
        etats.METTRE_EN_ATTENTE.depuis,
        manques=regles.manques_pour_attendre,
        formulaire=forms.AttenteForm,
        principal=False,
    ),
    Geste(
        "orienter",
        "Orienter vers un autre organisme",
        transitions.orienter,
        droits.instruit,
        etats.ORIENTER.depuis,
        formulaire=forms.OrienterForm,
        consequence="La structure reçoit cette orientation et son motif par courriel.",
        principal=False,
    ),
    Geste(
        "refuser",
        "Déclarer non éligible",
        transitions.refuser,
        droits.instruit,
        etats.REFUSER.depuis,
        formulaire=FormulaireMotif,
        consequence="La structure reçoit le motif par courriel.",
        danger=True,
    ),
    Geste(
        "classer",
        "Classer sans suite",
        transitions.classer,
        droits.instruit,
        etats.CLASSER.depuis,
        formulaire=FormulaireMotif,
        danger=True,
    ),
    Geste(
        "rouvrir",
        "Rouvrir la demande",
        transitions.rouvrir,
        droits.arbitre,
        etats.ROUVRIR.depuis,
        formulaire=FormulaireMotif,
    ),
]

GESTES_ACCOMPAGNEMENT = [
    Geste(
        "clore",
        "Clore l'accompagnement",
        transitions.clore,
        droits.instruit,
        etats.CLORE.depuis,
        manques=regles.manques_pour_clore,
        formulaire=forms.CloreForm,
        principal=False,
    ),
    Geste(
        "abandonner",
        "Abandonner l'accompagnement",
        transitions.abandonner,
        droits.instruit,
        etats.ABANDONNER.depuis,
        manques=regles.manques_pour_clore,
        formulaire=FormulaireMotif,
        danger=True,
    ),
    Geste(
        "rouvrir",
        "Rouvrir l'accompagnement",
        transitions.rouvrir_accompagnement,
        droits.arbitre,
        etats.REPRENDRE_ACCOMPAGNEMENT.depuis,
        formulaire=FormulaireMotif,
    ),
]
