"""Pages of the socle: search, private files, links without account, demonstration mails, health."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dla_portal.socle import brouillons, codes, jetons, recherche_globale
from dla_portal.socle.courriels import ESSAIS_MAX, Courriel
from dla_portal.socle.fichiers import Fichier, lisible_par


@require_safe
def rechercher(request):
    """One box for everything, scoped to what the user sees."""
    question, groupes = recherche_globale.repondre(request.user, request.GET.get("q", ""))
    liens = {
        groupe.rubrique.cle: f"{reverse(nom)}?{urlencode({'q': question.texte})}"
        for groupe in groupes
        if groupe.suite and not question.approche and (nom := groupe.rubrique.nom_liste)
    }
    page = {
        "question": question,
        "groupes": [(groupe, liens.get(groupe.rubrique.cle, "")) for groupe in groupes],
        "total": sum(len(groupe.montrees) for groupe in groupes),
        "tout": not any(groupe.suite for groupe in groupes),
    }
    return render(request, "socle/recherche.html", page)


def telecharger(request, pk):
    """Serve a private file as an attachment, after the right registered for its thread."""
    fichier = get_object_or_404(Fichier, pk=pk)
    if not lisible_par(request.user, fichier):
        raise Http404
    reponse = FileResponse(fichier.contenu.open("rb"), as_attachment=True, filename=fichier.nom)
    reponse["Content-Type"] = fichier.type_mime
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse


@require_POST
def brouillon_garder(request):
    """Keep what is being typed; answer the sentence to show, 204 when the form is already sent."""
    saisie = request.POST.copy()
    adresse = (saisie.pop("adresse_brouillon", None) or [""])[-1]
    page = brouillons.lire_page(request.POST.get("page_brouillon"))
    if page is None or not brouillons.adresse_valable(adresse):
        return _phrase("Cette saisie ne peut pas être gardée : rechargez la page.", 400)
    if sum(len(valeur) for _, valeurs in saisie.lists() for valeur in valeurs) > (
        brouillons.TAILLE_MAX
    ):
        return _phrase("Cette saisie est trop longue pour être gardée : enregistrez-la.", 413)
    brouillon = brouillons.garder(request.user, adresse, page, saisie)
    if brouillon is None:
        return HttpResponse(status=204)
    return _phrase(f"Saisie gardée à {timezone.localtime(brouillon.garde_le):%H:%M}.")


def _phrase(texte, statut=200):
    return HttpResponse(texte, status=statut, content_type="text/plain; charset=utf-8")


@require_POST
def brouillon_oublier(request):
    """Forget the draft of an address, and show its form again as it is stored."""
    adresse = request.POST.get("adresse_brouillon", "")
    if not brouillons.adresse_valable(adresse):
        return redirect("/")
    brouillons.oublier(request.user, adresse)
    sure = url_has_allowed_host_and_scheme(adresse, allowed_hosts=None)
    return redirect(adresse if sure else "/")


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
