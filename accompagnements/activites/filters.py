"""Filters of the time and of the animation activities, all in the URL."""

import django_filters
from django import forms

from accompagnements.activites.etats import Etat, EtatTemps
from accompagnements.activites.models import Activite, Temps
from accompagnements.structures.recherche import q_structure
from dla_portal.comptes.models import Utilisateur
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.recherche import Normalise, q_mots, q_reference
from dla_portal.territoires.models import Departement

DATE = forms.DateInput(attrs={"type": "date"})


def _recherche(exemple):
    return forms.TextInput(attrs={"type": "search", "placeholder": exemple})


class TempsFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q",
        label="Rechercher",
        widget=_recherche("Structure, référence, commentaire…"),
    )
    du = django_filters.DateFilter(field_name="le", lookup_expr="gte", label="Du", widget=DATE)
    au = django_filters.DateFilter(field_name="le", lookup_expr="lte", label="Au", widget=DATE)
    nature = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("temps"), label="Nature", empty_label="Toutes"
    )
    personne = django_filters.ModelChoiceFilter(
        queryset=Utilisateur.objects.all(), label="Personne", empty_label="Tout le monde"
    )
    etat = django_filters.ChoiceFilter(
        choices=EtatTemps, label="État", empty_label="Notés et retirés"
    )

    class Meta:
        model = Temps
        fields = ["q", "du", "au", "nature", "personne", "etat"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        gens = self.queryset.order_by().values("personne").distinct()
        self.filters["personne"].queryset = Utilisateur.objects.filter(pk__in=gens)

    def filtrer_q(self, lignes, nom, texte):
        """Words of the structure, of the activity or of the comment, or the reference."""
        return lignes.filter(
            q_structure(texte, "demande__structure__")
            | q_reference(texte, "demande__reference")
            | q_reference(texte, "demande__accompagnement__reference")
            | q_mots("activite__titre_normalise", texte)
            | q_mots(Normalise("commentaire"), texte)
        )


class ActiviteFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="filtrer_q", label="Rechercher", widget=_recherche("Titre, partenaire, référence…")
    )
    nature = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("animation"), label="Nature", empty_label="Toutes"
    )
    du = django_filters.DateFilter(field_name="le", lookup_expr="gte", label="Du", widget=DATE)
    au = django_filters.DateFilter(field_name="le", lookup_expr="lte", label="Au", widget=DATE)
    departements = django_filters.ModelChoiceFilter(
        queryset=Departement.objects.all(), label="Département", empty_label="Tous"
    )
    thematique = django_filters.ModelChoiceFilter(
        queryset=Terme.objects.de("thematique"), label="Thématique", empty_label="Toutes"
    )
    etat = django_filters.ChoiceFilter(choices=Etat, label="État", empty_label="Tous")

    class Meta:
        model = Activite
        fields = ["q", "nature", "du", "au", "departements", "thematique", "etat"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cites = self.queryset.order_by().values("departements").distinct()
        self.filters["departements"].queryset = Departement.objects.filter(pk__in=cites)

    def filtrer_q(self, lignes, nom, texte):
        """Words of the title or of the partners, or the reference."""
        return lignes.filter(
            q_mots("titre_normalise", texte)
            | q_mots(Normalise("partenaires"), texte)
            | q_reference(texte)
        )
