"""Gestures offered on a demande and on an accompagnement, one by one or on many rows."""

from accompagnements import droits
from accompagnements.demandes import etats, forms, reception, regles, transitions
from accompagnements.demandes.forms_en_ligne import ConfierEnLigneForm
from dla_portal.comptes.droits import a_role
from dla_portal.socle.gestes import FormulaireMotif, Geste
from dla_portal.socle.lots import Lot


def _confier(depuis):
    return Geste(
        "confier",
        "Changer la personne chargée de mission",
        transitions.confier,
        droits.instruit,
        depuis,
        formulaire=forms.ConfierForm,
        fait="Le suivi a changé de mains.",
        principal=False,
    )


def _accompagne(utilisateur):
    """Say whether the user leads dossiers for an operator."""
    return bool(a_role(utilisateur, *regles.ACCOMPAGNENT)) and bool(
        droits.operateur_de(utilisateur)
    )


CONFIER_EN_LOT = Lot(
    "confier",
    "Changer la personne chargée de mission",
    transitions.confier,
    droits.instruit,
    _accompagne,
    formulaire=forms.ConfierEnLotForm,
    manques=regles.manques_pour_confier,
    consequence="Chaque changement est inscrit au journal de son dossier. Les tâches en cours "
    "passent dans « Aujourd'hui » de la personne choisie.",
)

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
        "prioriser",
        "Changer la priorité",
        transitions.prioriser,
        droits.instruit,
        (etats.Etat.EN_ATTENTE,),
        formulaire=forms.PrioriserForm,
        principal=False,
    ),
    Geste(
        "noter-suite",
        "Noter la suite de l'orientation",
        transitions.noter_suite,
        droits.instruit,
        (etats.Etat.REORIENTEE,),
        formulaire=forms.SuiteForm,
    ),
    Geste(
        "engager",
        "Enregistrer la charte ou l'accord du conseil",
        transitions.engager,
        droits.suit,
        regles.ENGAGEABLES,
        formulaire=forms.EngagerForm,
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
    _confier(etats.OUVERTES),
    Geste(
        "refuser",
        "Déclarer non éligible",
        transitions.refuser,
        droits.instruit,
        etats.REFUSER.depuis,
        formulaire=forms.RefuserForm,
        consequence="La structure reçoit cette lettre par courriel ; elle reste au dossier en PDF.",
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
        principal=False,
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
    _confier((etats.EtatAccompagnement.OUVERT,)),
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

GESTES_EN_LIGNE = [
    Geste(
        "prendre",
        "Prendre en charge",
        reception.prendre,
        reception.prend_en_charge,
        etats.PRENDRE.depuis,
        consequence="La demande entre dans votre liste et la personne qui l'a écrite en est avertie.",
        fait="La demande est à vous : planifiez l'accueil.",
    ),
    Geste(
        "confier",
        "Confier à un opérateur",
        reception.confier,
        reception.confie,
        etats.CONFIER_EN_LIGNE.depuis,
        formulaire=ConfierEnLigneForm,
        consequence="La demande entre dans la liste de cet opérateur ; lui et la personne qui l'a "
        "écrite en sont avertis par courriel.",
        fait="La demande est confiée.",
    ),
]
