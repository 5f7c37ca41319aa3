"""Forms of the structure, of its contacts and of its yearly figures."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html, format_html_join

from accompagnements.structures import doublons, regles, verifications
from accompagnements.structures.forms_lieu import ChampsDuLieu
from accompagnements.structures.models import (
    Contact,
    DonneesAnnuelles,
    Signalement,
    Structure,
)
from accompagnements.structures.salle import PieceStructure
from dla_portal.socle import fichiers, horloge, identifiants
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampFichier,
    ChampRna,
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
    "latitude",
    "longitude",
    "qpv",
    "qpv_source",
    "qpv_constate_le",
    "telephone",
    "email",
    "site",
    "reseaux",
    "primo_employeur",
]


class ChampSiretOuSiren(forms.CharField):
    """A SIRET, or a SIREN alone: the directory will tell the head office."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return value
        seul = len(identifiants.compacter(value)) == 9
        return identifiants.lire_siren(value) if seul else identifiants.lire_siret(value)


class _ChampsStructure(ChampsDuLieu, forms.ModelForm):
    """What both forms of a structure share: identity by SIRET, commune typed by hand."""

    siret = ChampSiretOuSiren(
        label="SIRET",
        required=False,
        help_text="14 chiffres, espaces acceptés ; à défaut le SIREN, 9 chiffres.",
    )
    rna = ChampRna(
        label="RNA", required=False, max_length=60, help_text="Pour une association : W131001234."
    )
    distincte = forms.BooleanField(
        label="C'est une autre structure que celles-ci : créer sa fiche",
        required=False,
        widget=forms.HiddenInput,
    )
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
            "reseaux": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, utilisateur, **kwargs):
        self.utilisateur = utilisateur
        super().__init__(*args, **kwargs)
        if self.instance.commune_id:
            self.initial["commune"] = str(self.instance.commune)
        if not self.initial.get("siret"):
            self.initial["siret"] = self.instance.siren
        for nom in ("secteur", "reseaux"):
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
        """Refuse a SIRET already in the register; a SIREN alone is kept apart."""
        numero = self.cleaned_data["siret"]
        self.instance.siren = (numero or "")[:9]
        if not numero or len(numero) == 9:
            return None
        existante = Structure.toutes.de_siret(numero)
        if existante is None or existante.pk == self.instance.pk:
            return numero
        raise ValidationError(self._deja(existante, "SIRET"))

    def _deja(self, existante, quoi):
        """Where the number is already, with a link when the user may follow it."""
        visibles = Structure.objects.visibles_par(self.utilisateur)
        if not visibles.filter(pk=existante.pk).exists():
            return (
                f"Une structure d'un autre territoire porte déjà ce {quoi} : rapprochez-vous du DLA "
                "régional."
            )
        return format_html(
            'Ce {} est déjà celui de <a href="{}">{}</a>.',
            quoi,
            existante.get_absolute_url(),
            existante.nom,
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
        identifiee = self.instance.siren or donnees.get("siret_absent")
        if not identifiee and "siret" not in self.errors:
            self.add_error("siret", "Indiquez le SIRET, ou pourquoi la structure n'en a pas.")
        if self.instance.siren:
            donnees["siret_absent"] = ""
        if donnees.get("commune"):
            self._suivre(donnees["commune"], donnees)
        if not self.errors:
            self._chercher_doublons(donnees)
        return donnees

    def _chercher_doublons(self, donnees):
        """Refuse the same organisation twice; ask once about what only looks like another."""
        if not {"siret", "rna", "nom", "commune"} & set(self.changed_data):
            return
        self.doublons = doublons.chercher(
            self.utilisateur,
            siret=donnees.get("siret") or self.instance.siren,
            rna=donnees.get("rna", ""),
            nom=donnees["nom"],
            commune=donnees["commune"],
            sauf=self.instance.pk,
        )
        certain = next((d for d in self.doublons if d.certain), None)
        if certain is not None:
            self.add_error("rna", self._deja(certain.structure, "RNA"))
        elif self.doublons and not donnees.get("distincte"):
            self.fields["distincte"].widget = forms.CheckboxInput()
            self.add_error(
                "distincte",
                format_html(
                    "Est-ce {} ? Ouvrez sa fiche, ou confirmez que ce sont deux structures.",
                    format_html_join(
                        ", ",
                        '<a href="{}">{}</a> ({})',
                        (
                            (d.structure.get_absolute_url(), d.structure, d.raison)
                            for d in self.doublons
                        ),
                    ),
                ),
            )

    def _suivre(self, commune, donnees):
        """The department and, unless they are typed, the postal code and the town."""
        self.instance.departement_id = commune.departement_id
        donnees["ville"] = donnees.get("ville") or commune.nom
        postaux = commune.codes_postaux.split("|")
        if not donnees.get("code_postal") and len(postaux) == 1:
            donnees["code_postal"] = postaux[0]


class StructureForm(_ChampsStructure, FormulaireModele):
    """A new structure of the register."""

    agrements = forms.ModelMultipleChoiceField(
        label="Agréments",
        queryset=Terme.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Leurs numéros et leurs dates se saisissent ensuite sur la fiche.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agrements"].queryset = Terme.objects.de("agrement").en_vigueur()

    def save(self, commit=True):
        verifications.preparer(self.instance)
        structure = super().save(commit)
        for terme in self.cleaned_data["agrements"]:
            structure.agrements.create(terme=terme)
        return structure


class StructureModifierForm(_ChampsStructure, FormulaireVerrouille):
    """Correction of the identity of a structure."""

    def save(self, commit=True):
        if {"siret", "rna"} & set(self.changed_data):
            verifications.preparer(self.instance)
        return super().save(commit)


class _ChampsContact(forms.ModelForm):
    class Meta:
        model = Contact
        fields = ["nom", "fonction", "email", "telephone", "depuis_le", "jusqu_au"]

    def clean(self):
        donnees = super().clean()
        if not self.errors and not donnees.get("email") and not donnees.get("telephone"):
            self.add_error("email", "Indiquez un courriel ou un téléphone.")
        debut, fin = donnees.get("depuis_le"), donnees.get("jusqu_au")
        if debut and fin and fin < debut:
            self.add_error("jusqu_au", "Cette date précède celle de l'arrivée.")
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


class _ChampsSignalement(forms.ModelForm):
    constate_le = ChampDate(label="Constatée le")

    class Meta:
        model = Signalement
        fields = ["nature", "constate_le", "precisions"]

    def clean_constate_le(self):
        jour = self.cleaned_data["constate_le"]
        if jour > horloge.aujourdhui():
            raise ValidationError("Indiquez une date passée.")
        return jour


class SignalementForm(_ChampsSignalement, FormulaireModele):
    """A difficulty noticed in a structure."""


class SignalementModifierForm(_ChampsSignalement, FormulaireVerrouille):
    """Correction of a difficulty, or its end."""

    leve_le = ChampDate(label="Levée le", required=False)

    class Meta(_ChampsSignalement.Meta):
        fields = [*_ChampsSignalement.Meta.fields, "leve_le"]

    def clean_leve_le(self):
        jour, constate = self.cleaned_data["leve_le"], self.cleaned_data.get("constate_le")
        if jour and constate and jour < constate:
            raise ValidationError("La difficulté ne peut être levée avant d'être constatée.")
        return jour


class PieceForm(FormulaireModele):
    """A document for the room of a structure."""

    expire_le = ChampDate(
        label="Valable jusqu'au", required=False, help_text="Si la pièce se périme."
    )
    contenu = ChampFichier(label="Fichier")

    class Meta:
        model = PieceStructure
        fields = ["nature", "exercice", "expire_le"]
        help_texts = {"exercice": "Pour des comptes, un budget ou un rapport."}

    def clean_exercice(self):
        annee, suivante = self.cleaned_data["exercice"], horloge.aujourdhui().year + 1
        if annee is not None and not PREMIERE_ANNEE <= annee <= suivante:
            raise ValidationError(f"Indiquez une année entre {PREMIERE_ANNEE} et {suivante}.")
        return annee

    def deposer(self, par):
        """Store the file and its line."""
        piece = self.save(commit=False)
        piece.fichier = fichiers.deposer(
            self.cleaned_data["contenu"],
            fil=piece.structure.fil,
            categorie="structure_piece",
            par=par,
        )
        piece.save()
        return piece
