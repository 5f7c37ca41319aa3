"""Pages of the partner directory."""

import django_filters
from django import forms
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accompagnements.demandes import partenaires
from accompagnements.demandes.etats import Etat
from accompagnements.demandes.forms_partenaires import PartenaireForm, PartenaireModifierForm
from accompagnements.demandes.models import Demande
from accompagnements.demandes.partenaires import Partenaire
from dla_portal.comptes.droits import exiger
from dla_portal.socle import edition
from dla_portal.socle.listes import Colonne, Liste
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.page_de_liste import page_de_liste
from dla_portal.socle.recherche import q_mots
from dla_portal.socle.tris import vides_en_dernier


class PartenaireFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Nom…"}),
    )
    genre = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("orientation"), label="Nature", empty_label="Toutes"
    )

    class Meta:
        model = Partenaire
        fields = ["q", "genre"]

    def filtrer_q(self, lignes, nom, texte):
        return lignes.filter(q_mots("nom_normalise", texte))


class ListePartenaires(Liste):
    titre = "Partenaires"
    phrase = "Vers qui orienter une structure que le DLA n'aide pas lui-même."
    nom_fichier = "partenaires"
    singulier, pluriel = "partenaire", "partenaires"
    filtre = PartenaireFilter
    tri_initial = "nom_normalise"
    vide = "Aucun partenaire. Ajoutez ceux vers qui vous orientez déjà."
    colonnes = [
        Colonne("nom", "Nom", lambda p: p.nom, "nom_normalise"),
        Colonne("genre", "Nature", lambda p: str(p.genre), "genre__libelle"),
        Colonne("contact", "À joindre", lambda p: p.coordonnees),
        Colonne("region", "Région", lambda p: p.region.nom, "region__nom"),
        Colonne(
            "etat",
            "État",
            lambda p: "Retiré" if p.retire else "À jour",
            "retire",
            "badge",
            lambda p: "neutre" if p.retire else "fait",
        ),
    ]

    def base(self):
        lignes = Partenaire.objects.visibles_par(self.request.user)
        return lignes.select_related("genre", "region")

    @property
    def action(self):
        if partenaires.tient_l_annuaire(self.request.user):
            adresse = reverse("accompagnements:partenaire_nouveau")
            return {"url": adresse, "libelle": "Nouveau partenaire"}
        return None


def liste(request):
    """The partners of the region."""
    return page_de_liste(request, ListePartenaires)


def nouveau(request):
    """Add a partner."""
    exiger(partenaires.tient_l_annuaire(request.user))
    return edition.creer(
        request,
        PartenaireForm,
        lambda formulaire: formulaire.save(),
        region=partenaires.region_de_travail(request.user),
        contexte={
            "titre": "Nouveau partenaire",
            "libelle_bouton": "Ajouter à l'annuaire",
            "url_annuler": reverse("accompagnements:partenaires"),
        },
    )


def detail(request, pk):
    """The partner, whom to call, what came of the structures sent to it."""
    partenaire = get_object_or_404(_visibles(request), pk=pk)
    orientees = Demande.objects.visibles_par(request.user).filter(
        partenaire=partenaire, etat=Etat.REORIENTEE
    )
    orientees = orientees.order_by(*vides_en_dernier(Demande, "-decidee_le", "-pk"))
    return render(
        request,
        "accompagnements/demandes/partenaire.html",
        {
            "partenaire": partenaire,
            "departements": list(partenaire.departements.all()),
            "orientees": orientees.select_related("structure")[:50],
            "modifiable": bool(partenaires.tient_l_annuaire(request.user)),
        },
    )


def modifier(request, pk):
    """Correct a partner."""
    partenaire = get_object_or_404(_visibles(request), pk=pk)
    exiger(partenaires.tient_l_annuaire(request.user))
    return edition.modifier(
        request,
        partenaire,
        PartenaireModifierForm,
        region=partenaire.region_id,
        contexte={"titre": "Modifier le partenaire", "sous_titre": partenaire.nom},
    )


def _visibles(request):
    lignes = Partenaire.objects.visibles_par(request.user)
    return lignes.select_related("genre", "region")
