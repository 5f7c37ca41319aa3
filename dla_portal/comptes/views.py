"""Gestures of the signed-in person on her own session, her mails and her suppléance."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dla_portal.comptes import resumes, roles, suppleer
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.comptes.forms import CourrielsForm, SuppleanceForm
from dla_portal.comptes.middleware import CLE_RATTACHEMENT
from dla_portal.comptes.models import PreferencesCourriel, Suppleance
from dla_portal.socle import edition
from dla_portal.socle.saisies import entier


@require_safe
def adresse(request):
    """The address of the account: read here, changed by an administrator only."""
    return render(request, "account/email.html")


@require_POST
def changer_rattachement(request):
    """Work under another of one's rattachements in force."""
    choisi = get_object_or_404(
        request.user.rattachements_en_cours(), pk=entier(request.POST.get("rattachement"))
    )
    request.session[CLE_RATTACHEMENT] = choisi.pk
    return redirect("accueil")


def courriels(request):
    """What the person wants to be told by mail, and how often."""
    connues = PreferencesCourriel.objects.filter(utilisateur=request.user).first()
    types = resumes.types_pour(request.user.roles_en_cours)
    if not types:
        return render(request, "comptes/sans_courriel.html")
    return edition.modifier(
        request,
        connues or PreferencesCourriel(utilisateur=request.user),
        CourrielsForm,
        retour=reverse("comptes:courriels"),
        types=types,
        contexte={
            "titre": "Courriels",
            "sous_titre": "Ce que le portail vous écrit de vos tâches. Les liens, les codes et les "
            "convocations partent toujours.",
            "url_annuler": reverse("accueil"),
        },
    )


@require_safe
def suppleances(request):
    """Who stands in for whom in the team, now and later."""
    exiger(a_role(request.user, *roles.EQUIPE_OPERATEUR))
    operateur = request.user.rattachement.operateur
    lignes = Suppleance.objects.visibles_par(request.user).a_venir_ou_en_cours()
    lignes = lignes.select_related("absent", "suppleant")
    contexte = {
        "suppleances": [
            {
                "suppleance": s,
                "peut_finir": bool(suppleer.organise(request.user, s.absent, operateur.pk)),
            }
            for s in lignes
        ],
        "operateur": operateur,
    }
    return render(request, "comptes/suppleances.html", contexte)


def suppleance_nouvelle(request):
    """Say who stands in for oneself; for anybody of the team when one is its responsable."""
    exiger(a_role(request.user, *roles.EQUIPE_OPERATEUR))
    operateur = request.user.rattachement.operateur
    return edition.creer(
        request,
        SuppleanceForm,
        lambda formulaire: suppleer.poser(
            operateur.pk, par=request.user, **formulaire.valeurs_de_la_suppleance
        ),
        utilisateur=request.user,
        contexte={
            "titre": "Organiser une suppléance",
            "sous_titre": f"Équipe de {operateur}",
            "libelle_bouton": "Enregistrer la suppléance",
            "consequence": "Pendant ces jours, les tâches de la personne absente paraissent aussi "
            "dans «\u00a0Aujourd'hui\u00a0» et dans les courriels de qui la supplée. Les dossiers ne "
            "changent pas de mains, et aucun droit n'est donné.",
            "url_annuler": reverse("comptes:suppleances"),
        },
    )


@require_POST
def suppleance_finir(request, pk):
    """End a suppléance now."""
    lignes = Suppleance.objects.visibles_par(request.user).select_related("absent", "suppleant")
    suppleance = get_object_or_404(lignes, pk=pk)
    suppleer.retirer(suppleance, par=request.user)
    messages.success(request, f"{suppleance.suppleant} ne supplée plus {suppleance.absent}.")
    return redirect("comptes:suppleances")
