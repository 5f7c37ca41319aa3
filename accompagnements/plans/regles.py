"""What is missing before each gesture on a plan, in sentences."""

from accompagnements.demandes.etats import EtatAccompagnement
from accompagnements.demandes.partenaires import Partenaire
from accompagnements.demandes.regles import date_passee
from accompagnements.diagnostics.etats import Etat as EtatDiagnostic
from accompagnements.diagnostics.lignes import Preconisation
from accompagnements.plans.etats import (
    INGENIERIES,
    TERMINAUX,
    Etat,
    StatutAction,
    TypeAction,
)
from accompagnements.plans.models import Ingenierie
from dla_portal.socle import horloge
from dla_portal.socle.regles import exiger_ordre
from dla_portal.socle.templatetags.portail import euros

PARTAGEABLES = (TypeAction.ING_COL, TypeAction.ING_MIX)
_CONSULTATION_VIVANTE = ["brouillon", "validee", "publiee", "en_analyse"]
_MISSION_VIVANTE = ["en_cours", "en_alerte", "suspendue"]


def preconisations_a_reprendre(accompagnement):
    """What the validated diagnostic advises, by a known kind of action."""
    valides = accompagnement.diagnostics.filter(etat=EtatDiagnostic.VALIDE)
    return Preconisation.objects.filter(diagnostic__in=valides.values("pk")).exclude(genre="")


def partenaires_du_plan(plan):
    """Partners of the directory that may be proposed to the structure of a plan."""
    return Partenaire.objects.pour(plan.accompagnement.demande.departement)


def diagnostic_valide(accompagnement):
    """The validated diagnostic of a dossier, or None."""
    return accompagnement.diagnostics.filter(etat=EtatDiagnostic.VALIDE).first()


def manques_pour_preparer(accompagnement):
    """An open dossier, a validated diagnostic, no plan yet."""
    manques = []
    if accompagnement.etat != EtatAccompagnement.OUVERT:
        manques.append("Le dossier n'est plus en cours : rouvrez-le d'abord.")
    if diagnostic_valide(accompagnement) is None:
        manques.append("Le diagnostic n'est pas encore validé par la structure.")
    if getattr(accompagnement, "plan", None) is not None:
        manques.append("Ce dossier a déjà un plan d'accompagnement.")
    return manques


def manques_pour_modifier(plan):
    """Actions change while the plan is being prepared, never under a given agreement."""
    if plan.etat == Etat.PARTAGE:
        return [
            "Le plan est soumis à la structure : reprenez-en la rédaction pour en changer les "
            "actions."
        ]
    if plan.etat != Etat.BROUILLON:
        return [
            f"Le plan est à l'état « {plan.get_etat_display()} » : actualisez-le pour en changer "
            "les actions."
        ]
    return []


def manques_de_l_action(action):
    """An engineering is consulted on: its subject and its size are known beforehand."""
    if action.genre not in INGENIERIES:
        return []
    attendus = (
        ("la thématique", action.thematique_id),
        ("les jours prévus", action.jours_prevus),
        ("le montant prévu", action.montant_prevu),
    )
    absents = [libelle for libelle, valeur in attendus if not valeur]
    if not absents:
        return []
    return [f"Action « {action.intitule} » : indiquez {', '.join(absents)}."]


def manques_des_financeurs(action):
    """The shares planned make the cost planned, once any is told."""
    parts = [part.montant for part in action.financements.all()]
    if not parts or sum(parts) == (action.montant_prevu or 0):
        return []
    return [
        f"Action « {action.intitule} » : les parts des financeurs font {euros(sum(parts))}, le "
        f"coût prévu est de {euros(action.montant_prevu or 0)}."
    ]


def manques_pour_valider(plan):
    """At least one action, every engineering described, shares which add up."""
    vivantes = plan.actions.exclude(statut=StatutAction.ABANDONNEE)
    vivantes = vivantes.prefetch_related("financements")
    manques = [
        manque
        for action in vivantes
        for manque in manques_de_l_action(action) + manques_des_financeurs(action)
    ]
    if not vivantes:
        manques.append("Le plan ne contient aucune action.")
    return manques


def manques_pour_soumettre(plan):
    """The same, and somebody to write to."""
    manques = manques_pour_valider(plan)
    structure = plan.accompagnement.structure
    if not structure.courriel_principal():
        manques.append(
            f"{structure} n'a pas de courriel : ajoutez un contact, ou enregistrez un accord donné "
            "sur papier."
        )
    return manques


def manques_pour_revoir(plan):
    """Reviews are planned and held while the plan is prepared or in force."""
    if plan.etat not in (Etat.BROUILLON, Etat.VALIDE):
        return [f"Le plan est à l'état « {plan.get_etat_display()} » : ses revues ne changent pas."]
    return []


def ordre_de_l_accord(plan, valide_le):
    """The structure agrees after its diagnostic, after the frozen version, not in the future."""
    diagnostic = diagnostic_valide(plan.accompagnement)
    dates = [("La validation du diagnostic", diagnostic.valide_le if diagnostic else None)]
    if plan.valide_le:
        dates.append(("L'accord sur la version précédente", plan.valide_le))
    dates.append(("La soumission à la structure", plan.soumis_le))
    return exiger_ordre(*dates, ("L'accord de la structure", valide_le)) + date_passee(
        "L'accord de la structure", valide_le, horloge.aujourdhui()
    )


def manques_pour_clore(plan):
    """Every action is carried out or given up."""
    en_suspens = plan.actions.exclude(statut__in=TERMINAUX)
    return [
        f"L'action « {action.intitule} » est encore « {action.get_statut_display().lower()} »."
        for action in en_suspens
    ]


def manques_pour_abandonner(plan):
    """What is under way is ended first."""
    en_cours = plan.actions.filter(statut=StatutAction.EN_COURS)
    manques = [f"L'action « {action} » est en cours : terminez-la d'abord." for action in en_cours]
    for action in plan.actions.exclude(ingenierie=None).exclude(statut__in=TERMINAUX):
        manques += manques_pour_delaisser(action)
    return manques


def manques_pour_delaisser(action):
    """An engineering with a living consultation, convention or mission is not dropped silently.

    Those stages come later in the chain: they are known through the tables that point to us.
    """
    if action.ingenierie_id is None:
        return []
    soi = Ingenierie.objects.filter(pk=action.ingenierie_id)
    if soi.filter(actions__plan__accompagnement__isnull=False).exclude(genre="ING_IND").exists():
        return []  # a collective goes on with the others
    vivants = [
        ("une consultation", soi.filter(consultations__etat__in=_CONSULTATION_VIVANTE)),
        ("une convention", soi.filter(conventions__etat__in=["brouillon", "en_signature"])),
        ("une mission", soi.filter(conventions__mission__etat__in=_MISSION_VIVANTE)),
    ]
    return [
        f"L'action « {action} » a {quoi} en cours : mettez-y fin d'abord."
        for quoi, lignes in vivants
        if lignes.exists()
    ]


def actions_figees(versions):
    """Primary keys of the actions which the structure agreed to in an earlier version."""
    return {
        ligne.get("action") for version in versions for ligne in version.contenu.get("actions", [])
    }


def manques_pour_retirer(action):
    """An action the structure agreed to is given up, never erased."""
    if action.pk in actions_figees(action.plan.versions.all()):
        return ["La structure a donné son accord sur cette action : abandonnez-la plutôt."]
    return []


def ingenieries_a_partager(action):
    """Collective engineerings of the operator, of the same kind and still running."""
    ouvertes = Ingenierie.objects.filter(
        operateur=action.operateur_id,
        genre=action.genre,
        actions__statut__in=[StatutAction.PREVUE, StatutAction.EN_COURS],
    )
    # Once its convention is sent to be signed, an engineering takes nobody more: the newcomer
    # would be party to nothing. (Later in the chain: known through the table that points to us.)
    ouvertes = ouvertes.exclude(conventions__etat__in=["en_signature", "signee"])
    return ouvertes.exclude(actions__plan=action.plan_id).distinct()
