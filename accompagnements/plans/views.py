"""Pages of the plan d'accompagnement: its actions, its versions, its gestures."""

import io

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accompagnements import droits
from accompagnements.demandes.models import Accompagnement
from accompagnements.plans import documents, forms, regles, transitions
from accompagnements.plans.etats import Etat, StatutAction
from accompagnements.plans.gestes import GESTES
from accompagnements.plans.models import Action, Plan
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.regles import Manques

EN_COURS = (
    "Les actions suivent leur cours. Le plan se clôt quand chacune est réalisée ou abandonnée ; il "
    "s'actualise si le besoin change."
)


def preparer(request, pk):
    """Start the plan of a dossier."""
    dossier = get_object_or_404(Accompagnement.objects.visibles_par(request.user), pk=pk)
    exiger(droits.instruit(request.user, dossier))
    return edition.creer(
        request,
        forms.PreparerForm,
        lambda formulaire: transitions.preparer(
            dossier,
            par=request.user,
            objectifs=formulaire.cleaned_data["objectifs"],
            revue_le=formulaire.cleaned_data["revue_le"],
            preconisations=formulaire.cleaned_data.get("preconisations", ()),
        ),
        accompagnement=dossier,
        contexte={
            "titre": "Préparer le plan d'accompagnement",
            "sous_titre": str(dossier),
            "libelle_bouton": "Préparer le plan",
            "url_annuler": dossier.get_absolute_url(),
        },
    )


def detail(request, pk):
    """The page of a plan."""
    plan = get_object_or_404(_visibles(request), pk=pk)
    actions = list(plan.actions.select_related("thematique", "ingenierie"))
    versions = list(plan.versions.all())
    figees = regles.actions_figees(versions)
    redige = bool(droits.instruit(request.user, plan)) and plan.etat == Etat.BROUILLON
    suit = bool(droits.instruit(request.user, plan)) and plan.etat == Etat.VALIDE
    return render(
        request,
        "accompagnements/plans/plan.html",
        {
            "plan": plan,
            "badge": {"ton": plan.ton, "libelle": plan.get_etat_display()},
            "dossier": plan.accompagnement,
            "actions": [_decrire(action, figees) for action in actions],
            "total_jours": _somme(action.jours_prevus for action in actions),
            "total_montant": _somme(action.montant_prevu for action in actions),
            "complexe": plan.est_complexe,
            "definition_complexe": regles.COMPLEXE,
            "versions": versions,
            "redige": redige,
            "suit": suit,
            "a_faire": gestes.a_faire(
                GESTES,
                request.user,
                plan,
                lambda geste: reverse("accompagnements:plan_geste", args=[pk, geste.nom]),
                a_qui="" if plan.responsable == "personne" else plan.responsable,
                phrase=EN_COURS if plan.etat == Etat.VALIDE else "",
            ),
            "evenements": chronologie.evenements([plan.fil], avec_fichiers=False),
        },
    )


def _decrire(action, figees):
    """An action with what may be done to it while the plan is being prepared."""
    seule = action.ingenierie_id is None
    return {
        "objet": action,
        "retirable": action.pk not in figees,
        "partageable": seule and action.genre in regles.PARTAGEABLES,
    }


def _somme(valeurs):
    connues = [valeur for valeur in valeurs if valeur is not None]
    return sum(connues) if connues else None


def pdf(request, pk):
    """Download the version in force as a PDF."""
    plan = get_object_or_404(_visibles(request), pk=pk)
    vivantes = plan.actions.exclude(statut=StatutAction.ABANDONNEE)
    nom, octets = documents.plan_pdf(plan, vivantes.select_related("thematique"))
    return FileResponse(io.BytesIO(octets), as_attachment=True, filename=nom)


def modifier(request, pk):
    """Correct the goals and the date of the next review."""
    plan = _plan_en_redaction(request, pk)
    return edition.modifier(
        request,
        plan,
        forms.PlanForm,
        contexte={"titre": "Objectifs et revue du plan", "sous_titre": str(plan)},
    )


def geste(request, pk, nom):
    """Serve one gesture on a plan."""
    plan = get_object_or_404(_visibles(request), pk=pk)
    return gestes.servir(request, gestes.trouver(GESTES, nom), plan, retour=plan.get_absolute_url())


def action_ajouter(request, pk):
    """Add an action to a plan being prepared."""
    plan = _plan_en_redaction(request, pk)

    def executer(formulaire):
        transitions.ajouter_action(formulaire.save(commit=False), par=request.user)
        return plan

    return edition.creer(
        request,
        forms.ActionForm,
        executer,
        instance=Action(plan=plan),
        contexte={
            "titre": "Ajouter une action",
            "sous_titre": str(plan),
            "libelle_bouton": "Ajouter l'action",
            "url_annuler": plan.get_absolute_url(),
        },
    )


def action_modifier(request, pk):
    """Correct an action while the plan is being prepared."""
    action = _action(request, pk)
    plan = _plan_en_redaction(request, action.plan_id)
    return edition.modifier(
        request,
        action,
        forms.ActionModifierForm,
        retour=plan.get_absolute_url(),
        contexte={"titre": "Modifier l'action", "sous_titre": action.intitule},
    )


def action_avancement(request, pk):
    """Record the progress and the result of an action of a plan in force."""
    action = _action(request, pk)
    exiger(droits.instruit(request.user, action))
    if action.plan.etat != Etat.VALIDE:
        raise Manques(["L'avancement se note sur un plan validé par la structure."])
    return edition.modifier(
        request,
        action,
        forms.AvancementForm,
        retour=action.plan.get_absolute_url(),
        contexte={"titre": "Avancement de l'action", "sous_titre": action.intitule},
    )


@require_POST
def action_retirer(request, pk):
    """Remove an action from a plan being prepared; what the structure agreed to stays."""
    action = _action(request, pk)
    plan = _plan_en_redaction(request, action.plan_id)
    try:
        transitions.retirer_action(action, par=request.user)
    except Manques as erreur:
        for phrase in erreur.phrases:
            messages.error(request, phrase)
    else:
        messages.success(request, "L'action est retirée du plan.")
    return redirect(plan)


def action_rattacher(request, pk):
    """Join a collective engineering of the operator instead of opening another."""
    action = _action(request, pk)
    plan = _plan_en_redaction(request, action.plan_id)

    def executer(formulaire):
        transitions.rattacher(
            action, par=request.user, ingenierie=formulaire.cleaned_data["ingenierie"]
        )
        return plan

    return edition.creer(
        request,
        forms.RattacherForm,
        executer,
        instance=action,
        contexte={
            "titre": "Rejoindre une ingénierie collective",
            "sous_titre": action.intitule,
            "libelle_bouton": "Rejoindre cette ingénierie",
            "url_annuler": plan.get_absolute_url(),
        },
    )


def _visibles(request):
    lignes = Plan.objects.visibles_par(request.user)
    return lignes.select_related(
        "accompagnement__structure", "accompagnement__charge", "accompagnement__operateur"
    )


def _plan_en_redaction(request, pk):
    """The plan, when the user may write it and its state allows it."""
    plan = get_object_or_404(_visibles(request), pk=pk)
    exiger(droits.instruit(request.user, plan))
    manques = regles.manques_pour_modifier(plan)
    if manques:
        raise Manques(manques)
    return plan


def _action(request, pk):
    plans = Plan.objects.visibles_par(request.user)
    actions = Action.objects.filter(plan__in=plans.values("pk"))
    return get_object_or_404(actions.select_related("plan__accompagnement"), pk=pk)
