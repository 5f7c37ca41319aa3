"""Comments on a dossier: write, find, correct, withdraw; the mentions that wait for somebody."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accompagnements.demandes import commenter
from accompagnements.demandes.commentaires import (
    CommentaireDossier,
    Mention,
    commente,
    lecteurs_en_mots,
    reprend,
)
from accompagnements.demandes.models import Accompagnement
from accompagnements.parcours import forms_commentaires as forms
from accompagnements.parcours.chronologie import GENRE_COMMENTAIRE, PAR_PAGE
from dla_portal.comptes.droits import exiger
from dla_portal.socle import edition
from dla_portal.socle.regles import Manques

GABARIT = "accompagnements/parcours/commenter.html"


def ecrire(request, pk):
    """Write a comment on a dossier."""
    visibles = Accompagnement.objects.visibles_par(request.user)
    dossier = get_object_or_404(
        visibles.select_related("structure__commune", "operateur", "departement__region"), pk=pk
    )
    exiger(commente(request.user, dossier))
    return edition.creer(
        request,
        forms.CommenterForm,
        lambda formulaire: commenter.commenter(
            dossier,
            par=request.user,
            texte=formulaire.cleaned_data["texte"],
            portee=formulaire.cleaned_data["portee"],
            prevenir=formulaire.cleaned_data.get("prevenir", []),
        ),
        gabarit=GABARIT,
        dossier=dossier,
        auteur=request.user,
        contexte={
            "titre": "Commenter le dossier",
            "sous_titre": str(dossier),
            "libelle_bouton": "Enregistrer le commentaire",
            "url_annuler": dossier.get_absolute_url(),
        },
    )


def _visible(request, pk):
    lignes = CommentaireDossier.objects.visibles_par(request.user)
    return get_object_or_404(
        lignes.select_related(
            "auteur",
            "accompagnement__structure__commune",
            "accompagnement__operateur",
            "accompagnement__departement__region",
        ),
        pk=pk,
    )


def trouver(request, pk):
    """Show a comment where it stands, in the timeline of its dossier."""
    commentaire = _visible(request, pk)
    avant = CommentaireDossier.objects.visibles_par(request.user).filter(
        accompagnement=commentaire.accompagnement_id, cree_le__gt=commentaire.cree_le
    )
    page = avant.count() // PAR_PAGE + 1
    question = urlencode({"genre": GENRE_COMMENTAIRE, **({"page": page} if page > 1 else {})})
    dossier = reverse("accompagnements:dossier", args=[commentaire.accompagnement_id])
    return redirect(f"{dossier}?{question}#commentaire-{pk}")


def corriger(request, pk):
    """Correct one's own comment; the earlier text stays readable to those who read it."""
    commentaire = _visible(request, pk)
    exiger(reprend(request.user, commentaire))
    if commentaire.retire_le:
        raise Manques(["Ce commentaire est retiré : il ne se corrige plus."])
    lu_par = lecteurs_en_mots(commentaire.accompagnement, commentaire.portee)
    return edition.modifier(
        request,
        commentaire,
        forms.CorrigerForm,
        gabarit=GABARIT,
        auteur=request.user,
        contexte={
            "titre": "Corriger le commentaire",
            "sous_titre": f"{commentaire.get_portee_display()}. {lu_par}",
            "libelle_bouton": "Corriger le commentaire",
            "consequence": "Le texte d'avant reste lisible par les mêmes personnes, avec la date "
            "de la correction. Pour changer de lecteurs, retirez ce commentaire et écrivez-en un "
            "autre.",
        },
    )


def retirer(request, pk):
    """Withdraw one's own comment; its place stays, with who withdrew it and when."""
    commentaire = _visible(request, pk)
    exiger(reprend(request.user, commentaire))
    return edition.naitre(
        request,
        lambda: commenter.retirer(commentaire, par=request.user),
        titre="Retirer le commentaire",
        sous_titre=str(commentaire.accompagnement),
        consequence="Son texte disparaît du dossier pour tout le monde. La chronologie dira que "
        "vous l'avez retiré, et l'historique en garde la trace.",
        url_annuler=commentaire.get_absolute_url(),
    )


def mentions(request):
    """The mentions that the person has not read yet."""
    return render(
        request,
        "accompagnements/parcours/mentions.html",
        {
            "titre": "Mentions non lues",
            "sous_titre": "Les commentaires où l'on vous appelle. Une mention lue quitte la liste.",
            "mentions": commenter.mentions_non_lues(request.user),
        },
    )


@require_POST
def mention_lue(request, pk):
    """Say that a mention is read, and come back to where it was shown."""
    siennes = Mention.objects.filter(personne=request.user).select_related("commentaire")
    mention = get_object_or_404(siennes, pk=pk)
    commenter.noter_lue(mention, par=request.user)
    messages.success(request, "La mention est lue.")
    if request.POST.get("retour") == "dossier":
        return redirect("accompagnements:dossier", pk=mention.commentaire.accompagnement_id)
    return redirect("accompagnements:mentions")
