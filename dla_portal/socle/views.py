"""Pages of the socle: private files, links without account, demonstration mails, health."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from dla_portal.socle import codes, jetons
from dla_portal.socle.courriels import ESSAIS_MAX, Courriel
from dla_portal.socle.fichiers import Fichier, lisible_par


def telecharger(request, pk):
    """Serve a private file as an attachment, after the right registered for its thread."""
    fichier = get_object_or_404(Fichier, pk=pk)
    if not lisible_par(request.user, fichier):
        raise Http404
    reponse = FileResponse(fichier.contenu.open("rb"), as_attachment=True, filename=fichier.nom)
    reponse["Content-Type"] = fichier.type_mime
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse


@login_not_required
@never_cache
def lien(request, brut):
    """Open a personal link: the stage that owns its purpose serves the page."""
    try:
        jeton = jetons.lire(brut)
        vue = jetons.VUES[jeton.usage]
    except (Http404, KeyError):
        return render(request, "socle/lien_perime.html", status=404)
    return codes.servir(request, jeton) or vue(request, jeton)


def courriels_demo(request):
    """In the demonstration only: the mails that would have left, so that links can be followed."""
    if not settings.DEMONSTRATION:
        raise Http404
    page = Paginator(Courriel.objects.all(), 30).get_page(request.GET.get("page"))
    return render(request, "socle/courriels_demo.html", {"page": page})


@login_not_required
@never_cache
def sante(request):
    """Liveness: the process answers."""
    return JsonResponse({"etat": "vivant"})


@login_not_required
@never_cache
def sante_pret(request):
    """Readiness: database reachable, migrations applied, outbox not stuck."""
    executeur = MigrationExecutor(connection)
    en_attente = executeur.migration_plan(executeur.loader.graph.leaf_nodes())
    abandonnes = Courriel.objects.filter(envoye_le=None, essais__gte=ESSAIS_MAX).count()
    pret = not en_attente
    return JsonResponse(
        {
            "pret": pret,
            "migrations_en_attente": len(en_attente),
            "courriels_abandonnes": abandonnes,
        },
        status=200 if pret else 503,
    )
