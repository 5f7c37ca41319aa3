"""Filters of the lists of demandes and of accompagnements, all in the URL."""

import django_filters
from django import forms

from accompagnements.demandes.en_ligne import DemandeEnLigne
from accompagnements.demandes.etats import Etat, EtatAccompagnement, EtatEnLigne
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.structures.recherche import q_structure
from dla_portal.comptes.models import Utilisateur
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.recherche import Normalise, q_mots_parmi, q_reference
from dla_portal.territoires.models import Departement


class FiltreDeDossiers(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Nom, SIRET, référence, commune…"}
        ),
    )
    departement = django_filters.ModelChoiceFilter(
        queryset=Departement.objects.all(), label="Département", empty_label="Tous"
    )
    charge = django_filters.ModelChoiceFilter(
        queryset=Utilisateur.objects.all(), label="Suivi par", empty_label="Tout le monde"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        visibles = self.queryset.order_by().values("departement").distinct()
        self.filters["departement"].queryset = Departement.objects.filter(pk__in=visibles)
        charges = self.queryset.order_by().values("charge").distinct()
        self.filters["charge"].queryset = Utilisateur.objects.filter(pk__in=charges)

    def filtrer_q(self, lignes, nom, texte):
        """Words of the structure's name or commune, its SIRET or RNA, or the reference."""
        return lignes.filter(q_structure(texte, "structure__") | q_reference(texte))


class DemandeFilter(FiltreDeDossiers):
    etat = django_filters.ChoiceFilter(choices=Etat, label="État", empty_label="Tous")
    prescripteur = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("prescripteur"), label="Origine", empty_label="Toutes"
    )

    class Meta:
        model = Demande
        fields = ["q", "etat", "departement", "charge", "prescripteur"]


class AccompagnementFilter(FiltreDeDossiers):
    etat = django_filters.ChoiceFilter(choices=EtatAccompagnement, label="État", empty_label="Tous")
    secteur = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("secteur"), label="Secteur", empty_label="Tous"
    )

    class Meta:
        model = Accompagnement
        fields = ["q", "etat", "departement", "charge", "secteur"]


class EnLigneFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Nom, SIRET, commune…"}),
    )
    etat = django_filters.ChoiceFilter(
        choices=[c for c in EtatEnLigne.choices if c[0] != EtatEnLigne.A_CONFIRMER],
        label="État",
        empty_label="Tous",
    )

    class Meta:
        model = DemandeEnLigne
        fields = ["q", "etat"]

    def filtrer_q(self, lignes, nom, texte):
        """Words of the structure's name or commune, or its SIRET."""
        champs = [Normalise("structure_nom"), "commune__nom_normalise", "siret"]
        return lignes.filter(q_mots_parmi(champs, texte))
