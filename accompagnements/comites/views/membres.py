"""The register of the members of a comité: who, on whose behalf, from when to when."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accompagnements import droits
from accompagnements.comites import filters, forms, regles, transitions
from dla_portal.comptes.droits import exiger
from dla_portal.comptes.models import Rattachement
from dla_portal.socle import edition
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.page_de_liste import page_de_liste


class ListeMembres(Liste):
    titre = "Membres du comité d'appui"
    phrase = "Seules les personnes dont le mandat est en cours peuvent être convoquées."
    nom_fichier = "membres-du-comite"
    singulier, pluriel = "mandat", "mandats"
    filtre = filters.MandatFilter
    tri_initial = "utilisateur__nom"
    vide = "Aucun membre : donnez un premier mandat pour pouvoir convoquer."
    colonnes = [
        Colonne("membre", "Membre", lambda m: str(m.utilisateur), "utilisateur__nom"),
        Colonne("au_titre_de", "Au titre de", lambda m: m.au_titre_de, "au_titre_de"),
        Colonne("email", "Courriel", lambda m: m.utilisateur.email, "utilisateur__email"),
        Colonne("comite", "Comité", lambda m: m.portee),
        Colonne("debut", "Depuis le", lambda m: m.debut, "debut", "date"),
        Colonne("fin", "Jusqu'au", lambda m: m.fin, "fin", "date"),
    ]

    def base(self):
        operateur = _operateur(self.request)
        return regles.mandats(operateur).select_related("utilisateur", "operateur", "region")

    def url_ligne(self, mandat):
        """Only the terms of one's own comité are ended here."""
        if mandat.operateur_id is None:
            return ""
        return reverse("accompagnements:membre_fin", args=[mandat.pk])

    def libelle_acces(self, mandat):
        return f"Fin du mandat de {mandat.utilisateur}"

    @property
    def action(self):
        return {"url": reverse("accompagnements:membre_nouveau"), "libelle": "Donner un mandat"}


def liste(request):
    """The terms of the members that the operator may convene."""
    _operateur(request)  # refused now, not while an export streams
    return page_de_liste(request, ListeMembres)


def nouveau(request):
    """Give a person a term."""
    operateur = _operateur(request)
    return edition.creer(
        request,
        forms.MandatForm,
        lambda formulaire: _Retour(
            transitions.nommer_membre(operateur, par=request.user, **_sans_cle(formulaire))
        ),
        operateur=operateur,
        contexte={
            "titre": "Donner un mandat",
            "sous_titre": f"Comité d'appui de {operateur}",
            "libelle_bouton": "Donner le mandat",
            "consequence": "Cette personne n'a pas besoin de mot de passe : convoquée, elle "
            "reçoit un lien personnel.",
            "url_annuler": reverse("accompagnements:membres"),
        },
    )


def fin(request, pk):
    """Say when a term ends."""
    operateur = _operateur(request)
    siens = Rattachement.objects.select_related("utilisateur", "operateur")
    mandat = get_object_or_404(siens.filter(pk__in=_du_comite(operateur)), pk=pk)
    return edition.creer(
        request,
        forms.FinDeMandatForm,
        lambda formulaire: _Retour(
            transitions.finir_mandat(mandat, par=request.user, **_sans_cle(formulaire))
        ),
        mandat=mandat,
        contexte={
            "titre": "Fin d'un mandat",
            "sous_titre": f"{mandat.utilisateur}{f', {mandat.au_titre_de}' if mandat.au_titre_de else ''}",
            "libelle_bouton": "Enregistrer la fin du mandat",
            "consequence": "Les séances passées gardent son nom ; il ne sera plus proposé ensuite.",
            "url_annuler": reverse("accompagnements:membres"),
        },
    )


class _Retour:
    """What a creating form comes back to: the register."""

    def __init__(self, mandat):
        self.mandat = mandat

    def get_absolute_url(self):
        return reverse("accompagnements:membres")


def _du_comite(operateur):
    return regles.mandats(operateur).filter(operateur=operateur).values("pk")


def _sans_cle(formulaire):
    return {nom: v for nom, v in formulaire.cleaned_data.items() if nom != "cle_envoi"}


def _operateur(request):
    """The operator whose register it is; 404 for who belongs to none."""
    if droits.operateur_de(request.user) is None:
        raise Http404
    operateur = request.user.rattachement.operateur
    exiger(regles.compose(request.user, operateur))
    return operateur
