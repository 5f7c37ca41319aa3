"""The agenda, its subscriptions, and the feed which agenda programs read."""

from datetime import date, timedelta
from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accompagnements.activites import agenda, flux
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import plus_mois

SEMAINE, MOIS = "semaine", "mois"
PAS = {SEMAINE: "Semaine", MOIS: "Mois"}
ANNEES = range(2000, 2100)


def page(request):
    """A week or a month of dates, one's own or the team's."""
    exiger(agenda.a_un_agenda(request.user))
    vue = request.GET.get("vue")
    vue = vue if vue in flux.VUES else agenda.PERSONNEL
    pas = SEMAINE if request.GET.get("pas") == SEMAINE else MOIS
    du = _debut(request.GET.get("du"), pas)
    suivant = _plus(du, pas, 1)
    au = suivant - timedelta(days=1)
    dates = agenda.dates(request.user, du, au, vue=vue)
    contexte = {
        "vue": vue,
        "vues": flux.VUES.items(),
        "pas": pas,
        "tous_les_pas": PAS.items(),
        "du": du,
        "au": au,
        "avant": _plus(du, pas, -1),
        "apres": suivant,
        "aujourdhui": horloge.aujourdhui(),
        "jours": [
            (jour, list(siennes))
            for jour, siennes in groupby(dates, key=lambda une: max(une.jour, du))
        ],
        "nombre": len(dates),
        "abonnements": _abonnements(request),
    }
    return render(request, "accompagnements/activites/agenda.html", contexte)


def _abonnements(request):
    ouverts = flux.ouverts(request.user.rattachement)
    return [(vue, libelle, ouverts.get(vue)) for vue, libelle in flux.VUES.items()]


def _debut(brut, pas):
    """First day of the week or of the month that the address names, the current one otherwise."""
    try:
        le = date.fromisoformat(brut or "")
    except ValueError:
        le = horloge.aujourdhui()
    if le.year not in ANNEES:
        le = horloge.aujourdhui()
    return le.replace(day=1) if pas == MOIS else le - timedelta(days=le.weekday())


def _plus(du, pas, nombre):
    return plus_mois(du, nombre) if pas == MOIS else du + timedelta(days=7 * nombre)


def _vue_envoyee(request):
    exiger(agenda.a_un_agenda(request.user))
    vue = request.POST.get("vue")
    if vue not in flux.VUES:
        raise Http404("Agenda inconnu.")
    return vue


@require_POST
def abonner(request):
    """Open a subscription or renew it; its address shows on this page and never again."""
    vue = _vue_envoyee(request)
    contexte = {"adresse": flux.renouveler(request.user, vue), "libelle": flux.VUES[vue]}
    return render(request, "accompagnements/activites/abonnement.html", contexte)


@require_POST
def revoquer(request):
    """End a subscription: the agenda programs which read it get nothing more."""
    vue = _vue_envoyee(request)
    if flux.revoquer(request.user, vue):
        messages.success(request, f"« {flux.VUES[vue]} » : l'adresse d'abonnement est révoquée.")
    return redirect(reverse("accompagnements:agenda"))


@login_not_required
@require_safe
def lire(request, brut):
    """The feed: kinds, references and addresses only, as of now."""
    try:
        jeton, utilisateur, vue = flux.ouvrir(brut)
    except Http404:
        return _texte("Cet agenda n'existe pas ou n'est plus partagé.\n", 404)
    if not flux.admet(jeton):
        reponse = _texte("Cet agenda est lu trop souvent : une fois par heure suffit.\n", 429)
        reponse["Retry-After"] = str(flux.HEURE)
        return reponse
    octets = flux.en_octets(utilisateur, vue)
    reponse = HttpResponse(octets, content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = 'inline; filename="agenda-dla.ics"'
    return _discrete(reponse)


def _texte(phrase, statut):
    reponse = HttpResponse(phrase, status=statut, content_type="text/plain; charset=utf-8")
    return _discrete(reponse)


def _discrete(reponse):
    """Kept by no shared cache, listed by no search engine."""
    reponse["Cache-Control"] = "private, no-cache"
    reponse["X-Robots-Tag"] = "noindex, nofollow"
    return reponse
