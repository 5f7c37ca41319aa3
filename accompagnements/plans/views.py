"""Pages of the plan d'accompagnement: its actions, its versions, its gestures."""

import io

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accompagnements import droits
from accompagnements.demandes.models import Accompagnement
from accompagnements.plans import (
    comparaison,
    complexite,
    documents,
    forms,
    forms_lignes,
    lecture,
    regles,
    tableau,
    transitions,
)
from accompagnements.plans.etats import Etat
from accompagnements.plans.gestes import GESTES
from accompagnements.plans.models import Action, Plan
from dla_portal.comptes.droits import exiger
from dla_portal.socle import chronologie, edition, gestes
from dla_portal.socle.regles import Manques, exiger_aucun_manque
from dla_portal.socle.saisies import entier

PHRASES = {
    Etat.PARTAGE: "La structure lit le plan et le présente à l'instance qui en décide.",
    Etat.VALIDE: "Les actions suivent leur cours. Le plan se clôt quand chacune est réalisée ou "
    "abandonnée ; il s'actualise si le besoin change.",
}


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
    actions, versions = tableau.actions_de(plan), list(plan.versions.all())
    figees = regles.actions_figees(versions)
    instruit = bool(droits.instruit(request.user, plan))
    return render(
        request,
        "accompagnements/plans/plan.html",
        {
            "plan": plan,
            "badge": {"ton": plan.ton, "libelle": plan.get_etat_display()},
            "dossier": plan.accompagnement,
            "actions": [_decrire(action, figees) for action in actions],
            "totaux": tableau.totaux(actions),
            "complexite": complexite.expliquer(actions),
            "contributions": tableau.contributions_de(plan),
            "revues": list(plan.revues.all()),
            "versions": [(version, lecture.lire(version.contenu)) for version in versions],
            "redige": instruit and plan.etat == Etat.BROUILLON,
            "suit": instruit and plan.etat == Etat.VALIDE,
            "revoit": instruit and not regles.manques_pour_revoir(plan),
            "a_faire": gestes.a_faire(
                GESTES,
                request.user,
                plan,
                lambda geste: reverse("accompagnements:plan_geste", args=[pk, geste.nom]),
                a_qui="" if plan.responsable == "personne" else plan.responsable,
                phrase=PHRASES.get(plan.etat, ""),
                depuis=plan.soumis_le if plan.etat == Etat.PARTAGE else None,
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


def pdf(request, pk):
    """Download the version in force as a PDF."""
    plan = get_object_or_404(_visibles(request), pk=pk)
    nom, octets = documents.plan_pdf(plan)
    return FileResponse(io.BytesIO(octets), as_attachment=True, filename=nom)


def comparer(request, pk):
    """Two versions of the plan, what differs told in words; the last two by default."""
    plan = get_object_or_404(_visibles(request), pk=pk)
    versions = comparaison.versions_de(plan)
    apres = _version(versions, request.GET.get("apres"), 0)
    avant = _version(versions, request.GET.get("avant"), 1)
    ecarts = comparaison.comparer(avant.contenu, apres.contenu)
    return render(
        request,
        "accompagnements/plans/comparaison.html",
        {
            "plan": plan,
            "dossier": plan.accompagnement,
            "versions": versions,
            "avant": avant,
            "apres": apres,
            "ecarts": ecarts,
            "resume": comparaison.compter(ecarts),
            "rien": not any(
                (ecarts["textes"], ecarts["accord"], *dict(ecarts["parties"]).values())
            ),
        },
    )


def _version(versions, demandee, rang):
    """The version asked for by its number, else the one at this rank (or the oldest)."""
    if demandee is None:
        return versions[min(rang, len(versions) - 1)]
    numero = entier(demandee)
    for version in versions:
        if version.numero == numero:
            return version
    raise Http404("Cette version du plan n'existe pas.")


def modifier(request, pk):
    """Correct the goals and the date of the next review."""
    plan = _plan_en_redaction(request, pk)
    return edition.modifier(
        request,
        plan,
        forms.PlanForm,
        contexte={"titre": "Objectifs et engagements", "sous_titre": str(plan)},
    )


def contributions(request, pk):
    """What partners bring to the plan being prepared."""
    plan = _plan_en_redaction(request, pk)
    return edition.modifier(
        request,
        plan,
        forms_lignes.ContributionsForm,
        retour=_retour_des_lignes(request, f"{plan.get_absolute_url()}#contributions"),
        contexte={
            "titre": "Contributions des partenaires",
            "sous_titre": str(plan),
            "url_annuler": plan.get_absolute_url(),
        },
    )


def revues(request, pk):
    """Plan the reviews, and write what those held concluded."""
    plan = get_object_or_404(_visibles(request), pk=pk)
    exiger(droits.instruit(request.user, plan))
    exiger_aucun_manque(regles.manques_pour_revoir(plan))
    return edition.modifier(
        request,
        plan,
        forms_lignes.RevuesForm,
        retour=_retour_des_lignes(request, f"{plan.get_absolute_url()}#revues"),
        contexte={
            "titre": "Revues du plan",
            "sous_titre": str(plan),
            "url_annuler": plan.get_absolute_url(),
        },
    )


def _retour_des_lignes(request, ailleurs):
    """This form again when more rows are asked for."""
    return request.path if request.POST.get("suite") == "rester" else ailleurs


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
        retour=_retour_des_lignes(request, plan.get_absolute_url()),
        contexte={
            "titre": "Modifier l'action",
            "sous_titre": action.intitule,
            "url_annuler": plan.get_absolute_url(),
        },
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
