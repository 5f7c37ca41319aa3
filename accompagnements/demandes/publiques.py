"""Pages without account: asking for an accompaniment, confirming one's mail."""

from contextlib import suppress
from functools import wraps

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accompagnements.demandes import courriels, reception, regles
from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.etats import EtatEnLigne
from accompagnements.demandes.forms_en_ligne import (
    PIEGE,
    DemandeEnLigneForm,
    DemandePrescripteurForm,
    RenvoiForm,
)
from dla_portal.socle import envois
from dla_portal.socle.jetons import vue_du_lien
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee


def _publique(vue):
    """Decorator: open to everybody, kept by no cache, listed by no search engine."""

    @login_not_required
    @never_cache
    @wraps(vue)
    def servir(request, *args, **kwargs):
        reponse = vue(request, *args, **kwargs)
        reponse["X-Robots-Tag"] = "noindex, nofollow"
        return reponse

    return servir


@_publique
def structure(request):
    """The form of a structure."""
    return _demander(
        request,
        DemandeEnLigneForm,
        titre="Demander un accompagnement",
        phrase="Le dispositif local d'accompagnement (DLA) aide les associations, coopératives et "
        "autres structures d'utilité sociale qui emploient à consolider leur activité. "
        "L'accompagnement est gratuit ; ce formulaire prend deux minutes.",
        autre=("accompagnements:demande_prescripteur", "Vous écrivez pour une autre structure ?"),
        prescripteur=False,
    )


@_publique
def prescripteur(request):
    """The form of a prescripteur, for a structure that agrees."""
    return _demander(
        request,
        DemandePrescripteurForm,
        titre="Orienter une structure vers le DLA",
        phrase="Vous accompagnez ou financez une structure d'utilité sociale et pensez que le DLA "
        "peut l'aider : décrivez son besoin, l'équipe de son territoire la contactera.",
        autre=("accompagnements:demande_en_ligne", "Vous demandez pour votre structure ?"),
        prescripteur=True,
    )


def _demander(request, classe, **contexte):
    """Show a form; sent, keep what it holds until the mail is confirmed."""
    formulaire, statut = classe(), 200
    if request.method == "POST":
        deja = envois.resultat_de(request.POST.get("cle_envoi", ""))
        if deja:
            return redirect(deja)
        formulaire, statut = classe(request.POST), 422
        if formulaire.is_valid():
            try:
                return redirect(_recevoir(request, formulaire))
            except Manques as erreur:
                formulaire.add_error(None, erreur)
                statut = 429
    contexte |= {"formulaire": formulaire, "piege": PIEGE}
    return render(request, "publiques/demande.html", contexte, status=statut)


@transaction.atomic
def _recevoir(request, formulaire):
    """Keep one sending once; return where to go."""
    envoi, premier = envois.reserver(formulaire.cleaned_data["cle_envoi"])
    if premier:
        adresse = get_adapter(request).get_client_ip(request)
        reception.recevoir(formulaire.save(commit=False), adresse=adresse)
        envoi.resultat = reverse("accompagnements:demande_envoyee")
        envoi.save(update_fields=["resultat"])
    return envoi.resultat


@_publique
def envoyee(request):
    """What to do now: look at one's mail, or ask for it again. The same page whatever was sent."""
    formulaire, statut = RenvoiForm(), 200
    if request.method == "POST":
        formulaire, statut = RenvoiForm(request.POST), 422
        if formulaire.is_valid():
            reception.renvoyer(formulaire.cleaned_data["courriel"])
            return redirect(f"{request.path}?renvoi=1")
    contexte = {
        "jours": courriels.VALIDITE,
        "formulaire": formulaire,
        "renvoi": "renvoi" in request.GET,
        "minutes": int(regles.ENTRE_LIENS.total_seconds() // 60),
    }
    return render(request, "publiques/envoyee.html", contexte, status=statut)


@vue_du_lien(courriels.USAGE)
def confirmation(request, jeton):
    """The link of the mail: reading changes nothing, the button sends or erases, once."""
    en_ligne = DemandeEnLigne.objects.select_related(
        "commune__departement", "secteur", "demande__operateur"
    ).get(pk=jeton.objet_id)
    if request.method == "POST":
        return _trancher(request, en_ligne)
    contexte = {
        "en_ligne": en_ligne,
        "a_confirmer": en_ligne.etat == EtatEnLigne.A_CONFIRMER,
        "operateurs": list(en_ligne.candidats.all()),
    }
    return render(request, "publiques/confirmation.html", contexte)


def _trancher(request, en_ligne):
    """Confirm or erase what waits; a second click finds it done."""
    action = request.POST.get("action")
    if en_ligne.etat == EtatEnLigne.A_CONFIRMER and action == "effacer":
        reception.effacer(en_ligne)
        return render(request, "publiques/effacee.html")
    if en_ligne.etat == EtatEnLigne.A_CONFIRMER and action == "confirmer":
        lue = request.POST.get("version_lue", en_ligne.version)
        if str(lue) != str(en_ligne.version):  # somebody rewrote it since it was read over
            return redirect(request.path)
        with suppress(Manques, VersionPerimee):  # the other click has just done it
            reception.confirmer(en_ligne)
    return redirect(request.path)
