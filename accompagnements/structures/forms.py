"""Forms of the structure, of its contacts and of its yearly figures."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html

from accompagnements.structures import regles
from accompagnements.structures.models import Contact, DonneesAnnuelles, Structure
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampSiret,
    FormulaireModele,
    FormulaireVerrouille,
)
from dla_portal.socle.nomenclatures import Terme

PREMIERE_ANNEE = 1990
CHAMPS = [
    "nom",
    "sigle",
    "siret",
    "siret_absent",
    "rna",
    "famille",
    "forme_juridique",
    "secteur",
    "date_creation",
    "naf",
    "commune",
    "adresse",
    "code_postal",
    "ville",
    "telephone",
    "email",
    "site",
    "agrements",
    "reseaux",
]


class _ChampsStructure(forms.ModelForm):
    """What both forms of a structure share: identity by SIRET, commune typed by hand."""

    siret = ChampSiret(label="SIRET", required=False)
    commune = forms.CharField(
        label="Commune",
        max_length=120,
        help_text="Nom ou code postal, par exemple « 13400 Aubagne ».",
    )
    date_creation = ChampDate(label="Date de création", required=False)
    site = forms.URLField(label="Site internet", required=False, assume_scheme="https")

    class Meta:
        model = Structure
        fields = CHAMPS
        help_texts = {
            "siret_absent": "À remplir seulement si la structure n'a pas encore de SIRET.",
            "naf": "Par exemple 94.99Z.",
            "code_postal": "À remplir s'il diffère de celui de la commune.",
            "ville": "À remplir si elle diffère de la commune.",
        }
        widgets = {
            "agrements": forms.CheckboxSelectMultiple,
            "reseaux": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, utilisateur, **kwargs):
        self.utilisateur = utilisateur
        super().__init__(*args, **kwargs)
        if self.instance.commune_id:
            self.initial["commune"] = str(self.instance.commune)
        for nom in ("secteur", "agrements", "reseaux"):
            self.fields[nom].queryset = self._termes(nom)
        for nom in ("famille", "secteur"):
            self.fields[nom].required = True
        self.fields["secteur"].empty_label = "Choisir"
        self.fields["famille"].choices = [("", "Choisir"), *Structure.Famille.choices]
        for nom in ("famille", "secteur", "siret"):
            self.fields[nom].label = self.fields[nom].label.removesuffix(" (facultatif)")

    def _termes(self, nom):
        """Terms in force, and those the structure already holds."""
        deja = self.initial.get(nom) or []
        deja = [
            getattr(terme, "pk", terme) for terme in (deja if isinstance(deja, list) else [deja])
        ]
        termes = Terme.objects.de(Structure._meta.get_field(nom).get_limit_choices_to()["liste"])
        return termes.filter(Q(pk__in=termes.en_vigueur().values("pk")) | Q(pk__in=deja))

    def clean_siret(self):
        """Refuse a SIRET already in the register, with a link when the user may follow it."""
        siret = self.cleaned_data["siret"] or None
        existante = Structure.objects.filter(siret=siret).exclude(pk=self.instance.pk).first()
        if siret is None or existante is None:
            return siret
        visibles = Structure.objects.visibles_par(self.utilisateur)
        if not visibles.filter(pk=existante.pk).exists():
            raise ValidationError(
                "Une structure d'un autre territoire porte déjà ce SIRET : rapprochez-vous du DLA "
                "régional."
            )
        raise ValidationError(
            format_html(
                'Ce SIRET est déjà celui de <a href="{}">{}</a>.',
                existante.get_absolute_url(),
                existante.nom,
            )
        )

    def clean_commune(self):
        saisie = self.cleaned_data["commune"]
        departements = set(regles.departements_de(self.utilisateur).values_list("pk", flat=True))
        commune = regles.trouver_commune(saisie, departements)
        deja = self.instance.departement_id
        if commune.departement_id not in departements and commune.departement_id != deja:
            raise ValidationError(
                f"{commune} est hors de votre territoire : un autre opérateur suit cette structure."
            )
        return commune

    def clean(self):
        donnees = super().clean()
        identifiee = donnees.get("siret") or donnees.get("siret_absent")
        if not identifiee and "siret" not in self.errors:
            self.add_error("siret", "Indiquez le SIRET, ou pourquoi la structure n'en a pas.")
        if donnees.get("siret"):
            donnees["siret_absent"] = ""
        if donnees.get("commune"):
            self._suivre(donnees["commune"], donnees)
        return donnees

    def _suivre(self, commune, donnees):
        """The department and, unless they are typed, the postal code and the town."""
        self.instance.departement_id = commune.departement_id
        donnees["ville"] = donnees.get("ville") or commune.nom
        postaux = commune.codes_postaux.split("|")
        if not donnees.get("code_postal") and len(postaux) == 1:
            donnees["code_postal"] = postaux[0]


class StructureForm(_ChampsStructure, FormulaireModele):
    """A new structure of the register."""


class StructureModifierForm(_ChampsStructure, FormulaireVerrouille):
    """Correction of the identity of a structure."""


class _ChampsContact(forms.ModelForm):
    class Meta:
        model = Contact
        fields = ["nom", "fonction", "email", "telephone"]

    def clean(self):
        donnees = super().clean()
        if not self.errors and not donnees.get("email") and not donnees.get("telephone"):
            self.add_error("email", "Indiquez un courriel ou un téléphone.")
        return donnees


class ContactForm(_ChampsContact, FormulaireModele):
    """A person to talk to."""


class ContactModifierForm(_ChampsContact, FormulaireVerrouille):
    """Correction of a contact."""


class _ChampsAnnee(forms.ModelForm):
    etp = ChampDecimal(label="ETP", required=False)
    budget = ChampDecimal(label="Budget annuel (€)", required=False, max_value=9_999_999_999)
    resultat = ChampDecimal(
        label="Résultat (€)",
        required=False,
        min_value=-9_999_999_999,
        max_value=9_999_999_999,
        help_text="Négatif pour un déficit.",
    )

    class Meta:
        model = DonneesAnnuelles
        fields = [
            "annee",
            "effectif",
            "cdi",
            "insertion",
            "permanents",
            "etp",
            "budget",
            "resultat",
        ]
        help_texts = {"effectif": "Nombre de personnes salariées au 31 décembre."}

    def clean_annee(self):
        annee, courante = self.cleaned_data["annee"], horloge.aujourdhui().year
        if not PREMIERE_ANNEE <= annee <= courante:
            raise ValidationError(f"Indiquez une année entre {PREMIERE_ANNEE} et {courante}.")
        deja = DonneesAnnuelles.objects.filter(structure=self.instance.structure, annee=annee)
        if deja.exclude(pk=self.instance.pk).exists():
            raise ValidationError(f"Les chiffres de {annee} sont déjà saisis : modifiez-les.")
        return annee

    def clean(self):
        donnees = super().clean()
        effectif = donnees.get("effectif")
        for nom in ("cdi", "insertion", "permanents"):
            if effectif is not None and (donnees.get(nom) or 0) > effectif:
                self.add_error(nom, f"Ce nombre dépasse l'effectif total ({effectif}).")
        return donnees


class AnneeForm(_ChampsAnnee, FormulaireModele):
    """Jobs and budget of one more year."""


class AnneeModifierForm(_ChampsAnnee, FormulaireVerrouille):
    """Correction of the figures of a year."""
