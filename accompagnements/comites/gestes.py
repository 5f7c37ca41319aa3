"""Gestures offered on a séance of comité d'appui and on the dossiers of its agenda."""

from accompagnements import droits
from accompagnements.comites import etats, forms, regles, transitions
from dla_portal.socle.gestes import FormulaireMotif, Geste

PLANIFIEE = etats.TENIR.depuis
INSCRIT = etats.RENDRE_AVIS.depuis

GESTES = [
    Geste(
        "tenir",
        "Enregistrer la tenue",
        transitions.tenir,
        droits.instruit,
        PLANIFIEE,
        manques=regles.manques_pour_tenir,
        formulaire=forms.TenirForm,
        fait="La séance est enregistrée comme tenue.",
        si=lambda seance: not seance.electronique,
    ),
    Geste(
        "clore",
        "Clore la consultation",
        transitions.tenir,
        droits.instruit,
        PLANIFIEE,
        manques=regles.manques_pour_tenir,
        consequence="Les membres ne peuvent plus donner leur avis.",
        fait="La consultation est close.",
        si=lambda seance: seance.electronique,
    ),
    Geste(
        "convoquer",
        "Convoquer d'autres membres",
        transitions.convoquer,
        droits.instruit,
        PLANIFIEE,
        formulaire=forms.ConvoquerForm,
        consequence="Chaque personne choisie reçoit une convocation par courriel.",
        principal=False,
    ),
    Geste(
        "modifier",
        "Modifier la séance",
        transitions.modifier,
        droits.instruit,
        PLANIFIEE,
        formulaire=forms.SeanceModifierForm,
        consequence="Si la date, le lieu ou le format changent, les membres sont prévenus par "
        "courriel.",
        principal=False,
    ),
    Geste(
        "annuler",
        "Annuler la séance",
        transitions.annuler,
        droits.instruit,
        PLANIFIEE,
        formulaire=FormulaireMotif,
        consequence="Les membres sont prévenus ; les dossiers sans avis quittent l'ordre du jour.",
        danger=True,
    ),
]

GESTES_PASSAGE = [
    Geste(
        "donner-avis",
        "Donner mon avis",
        transitions.donner_avis,
        regles.siege,
        INSCRIT,
        manques=regles.manques_pour_donner_avis,
        formulaire=forms.AvisMembreForm,
        consequence="Il ne se change plus ensuite : vous lirez alors l'avis des autres membres.",
        fait="Votre avis est enregistré.",
    ),
    Geste(
        "me-deporter",
        "Me déporter de ce dossier",
        transitions.se_deporter,
        regles.siege,
        INSCRIT,
        manques=regles.manques_pour_deporter,
        formulaire=forms.DeportForm,
        consequence="Vous ne lirez plus ce dossier et ne donnerez pas d'avis ; le relevé le dit.",
        fait="Vous ne siégez pas sur ce dossier.",
        principal=False,
    ),
    Geste(
        "rendre-avis",
        "Enregistrer l'avis du comité",
        transitions.rendre_avis,
        droits.instruit,
        INSCRIT,
        manques=regles.manques_pour_rendre_avis,
        formulaire=forms.AvisForm,
    ),
    Geste(
        "decider",
        "Enregistrer la décision",
        transitions.decider,
        droits.instruit,
        etats.DECIDER.depuis,
        formulaire=forms.DeciderForm,
    ),
    Geste(
        "synthese",
        "Modifier la synthèse",
        transitions.corriger_synthese,
        droits.instruit,
        INSCRIT,
        formulaire=forms.SyntheseForm,
        principal=False,
    ),
    Geste(
        "deporter",
        "Déporter un membre",
        transitions.deporter,
        droits.instruit,
        INSCRIT,
        manques=regles.manques_pour_deporter,
        formulaire=forms.DeporterForm,
        consequence="Cette personne ne lira plus le dossier ; son avis éventuel est effacé.",
        principal=False,
    ),
    Geste(
        "retirer",
        "Retirer de l'ordre du jour",
        transitions.retirer,
        droits.instruit,
        etats.RETIRER.depuis,
        formulaire=FormulaireMotif,
        danger=True,
    ),
]
