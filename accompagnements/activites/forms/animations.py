"""Forms of the animation activities."""

from django import forms

from accompagnements.activites import regles, transitions
from accompagnements.activites.models import Activite
from accompagnements.structures.regles import trouver_commune
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampEntier,
    ChampFichier,
    FormulaireModele,
    FormulaireNaissance,
    FormulaireVerrouille,
)
from dla_portal.socle.nomenclatures import Terme
from dla_portal.territoires.models import Departement

PLUSIEURS = ["departements", "cofinanceurs"]


class ChampHeure(forms.TimeField):
    """An hour of Europe/Paris."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    default_error_messages = {"invalid": "Indiquez une heure valide, par exemple 14:30."}


class _ChampsActivite(forms.ModelForm):
    """What both forms of an activity share."""

    le = ChampDate(label="Date")
    fin_le = ChampDate(
        label="Dernier jour", required=False, help_text="Si elle dure plusieurs jours."
    )
    heure_debut = ChampHeure(label="Heure de début", required=False)
    heure_fin = ChampHeure(label="Heure de fin", required=False)
    commune = forms.CharField(
        label="Commune", required=False, max_length=120, help_text="Nom ou code postal."
    )
    inscrits = ChampEntier(label="Personnes inscrites", required=False, max_value=100_000)
    presents = ChampEntier(label="Personnes présentes", required=False, max_value=100_000)
    structures = ChampEntier(label="Structures représentées", required=False, max_value=100_000)

    class Meta:
        model = Activite
        fields = [
            "nature",
            "titre",
            "le",
            "fin_le",
            "heure_debut",
            "heure_fin",
            "format",
            "lieu",
            "commune",
            "departements",
            "porteur",
            "thematique",
            "partenaires",
            "cofinanceurs",
            "inscrits",
            "presents",
            "structures",
            "notes",
        ]
        widgets = dict.fromkeys(PLUSIEURS, forms.CheckboxSelectMultiple)
        help_texts = {"departements": "Aucun coché : toute la région."}

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.par = par
        for nom, liste in (
            ("nature", "animation"),
            ("thematique", "thematique"),
            ("cofinanceurs", "financeur"),
        ):
            self.fields[nom].queryset = Terme.objects.de(liste).en_vigueur()
        self.fields["nature"].empty_label = "Choisir"
        self.fields["thematique"].empty_label = "Aucune en particulier"
        self.fields["departements"].queryset = Departement.objects.filter(
            region=self.instance.region_id
        )
        self.fields["porteur"].queryset = regles.equipe_d_animation(par)
        self.fields["porteur"].empty_label = None
        if self.instance.commune_id:
            self.initial["commune"] = str(self.instance.commune)

    def clean_commune(self):
        saisie = self.cleaned_data["commune"]
        departements = set(self.fields["departements"].queryset.values_list("pk", flat=True))
        return trouver_commune(saisie, departements) if saisie else None

    def clean(self):
        donnees = super().clean()
        le, fin = donnees.get("le"), donnees.get("fin_le")
        if le and fin and fin < le:
            self.add_error("fin_le", "Le dernier jour ne peut précéder le premier.")
        if fin == le:
            donnees["fin_le"] = None
        debut, fin_heure = donnees.get("heure_debut"), donnees.get("heure_fin")
        if bool(debut) != bool(fin_heure) and not {"heure_debut", "heure_fin"} & set(self.errors):
            manque = "heure_fin" if debut else "heure_debut"
            self.add_error(manque, "Indiquez l'heure de début et l'heure de fin, ou aucune.")
        elif debut and fin_heure and not donnees.get("fin_le") and fin_heure <= debut:
            self.add_error("heure_fin", "L'heure de fin suit l'heure de début.")
        return donnees


class ActiviteForm(_ChampsActivite, FormulaireModele):
    """A new activity in the register of the user's operator, or of her region."""

    def __init__(self, *args, par, **kwargs):
        rattachement = par.rattachement
        operateur = rattachement.operateur
        region = operateur.region if operateur else rattachement.region
        kwargs["instance"] = Activite(operateur=operateur, region=region, porteur=par)
        super().__init__(*args, par=par, **kwargs)

    def inscrire(self):
        """Enter the activity; return it."""
        termes = [(nom, self.cleaned_data[nom]) for nom in PLUSIEURS]
        return transitions.inscrire(self.save(commit=False), par=self.par, termes=termes)


class ActiviteModifierForm(_ChampsActivite, FormulaireVerrouille):
    """Correction of an activity, its attendance once it has taken place."""


class PieceActiviteForm(FormulaireNaissance):
    """A piece of an activity: the attendance sheet signed, the programme…"""

    nature = forms.ChoiceField(
        label="Pièce", choices=[("", "Choisir"), *transitions.PIECES.items()]
    )
    contenu = ChampFichier(label="Fichier", help_text="PDF, image ou document bureautique.")

    def __init__(self, *args, activite, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.activite, self.par = activite, par

    def joindre(self):
        """Store the piece; return the activity."""
        transitions.joindre(
            self.activite,
            self.cleaned_data["contenu"],
            par=self.par,
            nature=self.cleaned_data["nature"],
        )
        return self.activite
