"""Gestures offered on a mission, on an entry of its journal and on a request out of the scope."""

from accompagnements import droits
from accompagnements.missions import etats, forms, regles, transitions
from dla_portal.comptes.droits import Refus
from dla_portal.socle.gestes import FormulaireMotif, Geste

PREVENUS = "Le prestataire et la structure reçoivent la décision par courriel."


def _classe_un_avenant(utilisateur, mission):
    """Shown to those who lead the dossier, while an avenant is awaited."""
    manques = regles.manques_pour_classer_l_avenant(mission)
    return Refus(manques[0]) if manques else droits.instruit(utilisateur, mission)


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
        formulaire=forms.DecisionForm,
        consequence=PREVENUS,
    ),
    Geste(
        "reorienter",
        "Réorienter la mission",
        transitions.reorienter,
        droits.instruit,
        etats.REORIENTER.depuis,
        formulaire=forms.DecisionForm,
        consequence=f"Un avenant est à préparer. {PREVENUS}",
        principal=False,
    ),
    Geste(
        "corriger-lancement",
        "Corriger le compte rendu de lancement",
        transitions.corriger_lancement,
        droits.instruit,
        etats.OUVERTES,
        formulaire=forms.CorrigerLancementForm,
        consequence="L'ancienne rédaction reste dans l'historique ; la correction et son motif se "
        "lisent au journal et sur le compte rendu, que le prestataire lit par son lien.",
        fait="Le compte rendu de lancement est corrigé.",
        principal=False,
    ),
    Geste(
        "suspendre",
        "Suspendre la mission",
        transitions.suspendre,
        droits.instruit,
        etats.SUSPENDRE.depuis,
        formulaire=forms.DecisionForm,
        consequence=PREVENUS,
        principal=False,
    ),
    Geste(
        "classer-avenant",
        "Classer l'avenant attendu",
        transitions.classer_avenant,
        _classe_un_avenant,
        tuple(etats.Etat),
        formulaire=FormulaireMotif,
        consequence="À faire quand l'avenant est signé, ou n'est plus nécessaire.",
        principal=False,
    ),
    Geste(
        "renvoyer-lien",
        "Renvoyer son lien au prestataire",
        transitions.renvoyer_lien,
        droits.instruit,
        etats.OUVERTES,
        consequence="Les liens déjà envoyés ne seront plus valables.",
        fait="Le nouveau lien part par courriel.",
        principal=False,
    ),
    Geste(
        "arreter",
        "Arrêter la mission",
        transitions.arreter,
        droits.arbitre,
        etats.ARRETER.depuis,
        formulaire=forms.DecisionForm,
        consequence="La mission s'arrête pour de bon ; seuls les jours réalisés seront payés.",
        danger=True,
    ),
]
GESTES_JOURNEE = [
    Geste(
        "retirer",
        "Retirer du journal",
        transitions.retirer_journee,
        droits.instruit,
        etats.RETIRER.depuis,
        formulaire=FormulaireMotif,
        consequence="L'intervention reste lisible, barrée, et ses jours ne comptent plus.",
    )
]
GESTES_HORS_CADRE = [
    Geste(
        "autoriser",
        "Autoriser par écrit",
        transitions.autoriser,
        droits.instruit,
        etats.AUTORISER.depuis,
        formulaire=forms.AutoriserForm,
        consequence="La personne chargée de mission ou le responsable décide ; le prestataire "
        "reçoit l'autorisation et son motif par courriel.",
    ),
    Geste(
        "refuser",
        "Refuser",
        transitions.refuser,
        droits.instruit,
        etats.REFUSER.depuis,
        formulaire=FormulaireMotif,
        consequence="Le prestataire reçoit le refus et son motif par courriel.",
        principal=False,
    ),
]
