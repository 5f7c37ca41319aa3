"""When a survey may leave and when a follow-up is due."""

from accompagnements.plans.etats import StatutAction
from accompagnements.plans.models import Action
from accompagnements.suites.models import Enquete
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import plus_mois
from dla_portal.socle.regles import exiger_ordre

SUIVI_DEBUT, SUIVI_FIN = 12, 18  # months after the validated diagnostic (W29)
QUESTIONS = (
    "globale",
    "modalites",
    "deroulement",
    "competences",
    "resultats",
    "impact",
    "service_dla",
)


def fenetre_de_suivi(valide_le):
    """Return the first and last days of the follow-up (D27)."""
    return plus_mois(valide_le, SUIVI_DEBUT), plus_mois(valide_le, SUIVI_FIN)


def manques_pour_enqueter(restitution, accompagnement):
    """The survey leaves once per structure, after the restitution."""
    manques = []
    if restitution.tenue_le is None:
        manques.append("La restitution n'est pas tenue : l'enquête part ensuite.")
    if Enquete.objects.filter(restitution=restitution, accompagnement=accompagnement).exists():
        manques.append("L'enquête est déjà partie pour cette structure.")
    if not accompagnement.structure.courriel_principal():
        manques.append(f"{accompagnement.structure} n'a pas de courriel : ajoutez un contact.")
    return manques


def a_enqueter(restitution):
    """Dossiers of the mission whose survey has not left."""
    partis = Enquete.objects.filter(restitution=restitution).values("accompagnement")
    dossiers = restitution.mission.convention.ingenierie.accompagnements()
    return dossiers.exclude(pk__in=partis).select_related("structure")


def manques_du_suivi(suivi, realise_le):
    """A follow-up comes after the diagnostic and not in the future."""
    manques = []
    if realise_le > horloge.aujourdhui():
        manques.append("Le suivi ne peut être réalisé dans le futur.")
    return manques + exiger_ordre(
        ("La validation du diagnostic", suivi.diagnostic.valide_le), ("Le suivi", realise_le)
    )


def conseils_a_suivre(suivi):
    """What is asked about one by one: the advice of the diagnostic, else the actions of the plan."""
    conseils = list(suivi.diagnostic.lignes_preconisations.all())
    if conseils:
        return conseils
    actions = Action.objects.filter(plan__accompagnement=suivi.accompagnement_id)
    return list(actions.exclude(statut=StatutAction.ABANDONNEE))


def manques_des_conseils(suites):
    """What is done in part or not at all is explained. `suites`: [(advice, suite, why)]."""
    return [
        f"« {conseil} » : dites pourquoi ce n'est pas fait en entier."
        for conseil, suite, pourquoi in suites
        if suite and suite != "faite" and not pourquoi.strip()
    ]


def manques_pour_redemander(suivi):
    """A new need, told, and not asked for yet."""
    if suivi.demande_id:
        return ["La nouvelle demande est déjà enregistrée."]
    if not suivi.besoins.strip():
        return ["Le suivi ne dit aucun nouveau besoin."]
    return []


def redemande_possible(suivi):
    """Whether the gesture is offered."""
    return not manques_pour_redemander(suivi)
