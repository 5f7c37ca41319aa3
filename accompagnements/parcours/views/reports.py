"""Putting one's own task off, and taking it up again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accompagnements.parcours import reports
from accompagnements.parcours.forms import ReporterForm
from accompagnements.parcours.taches import taches
from dla_portal.socle import edition

ADRESSE = "accueil"


def reporter(request, pk, source):
    """Put off a task of one's own list, until a day and for a reason."""
    tache = next(iter(taches(request.user, seulement=(source, pk))), None)
    if tache is None:
        raise Http404
    retour = f"{reverse(ADRESSE)}?vue=miennes"
    return edition.creer(
        request,
        ReporterForm,
        lambda formulaire: _Retour(
            reports.reporter(
                tache,
                par=request.user,
                jusquau=formulaire.cleaned_data["jusquau"],
                motif=formulaire.cleaned_data["motif"],
            )
        ),
        contexte={
            "titre": "Reporter une tâche",
            "sous_titre": f"{tache.libelle} · {tache.objet}",
            "libelle_bouton": "Reporter la tâche",
            "consequence": _consequence(tache),
            "url_annuler": retour,
        },
    )


def _consequence(tache):
    if tache.groupe == "retard":
        return (
            "L'échéance ne bouge pas : la tâche reste en retard dans la vue de l'équipe, avec votre "
            "motif. Elle revient plus tôt si son état ou son échéance change."
        )
    return "L'échéance ne bouge pas. La tâche revient plus tôt si son état ou son échéance change."


class _Retour:
    """Where one comes back to: one's own tasks."""

    def __init__(self, report):
        self.report = report

    def get_absolute_url(self):
        return f"{reverse(ADRESSE)}?vue=miennes"


@require_POST
def reprendre(request, pk, source):
    """Take up again a task that one had put off."""
    if reports.reprendre(f"{source}:{pk}", par=request.user):
        messages.success(request, "La tâche est de nouveau dans votre liste.")
    return redirect(f"{reverse(ADRESSE)}?vue=miennes")
