"""Forms of the survey and of the follow-up."""

from django import forms

from accompagnements.suites import regles
from accompagnements.suites.models import Enquete, Satisfaction
from dla_portal.socle.formulaires import FormulaireBase

OUI_NON = [("oui", "Oui"), ("non", "Non")]


class ReponsesForm(FormulaireBase):
    """The questions of the survey, by personal link or on paper."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom in regles.QUESTIONS:
            libelle = Enquete._meta.get_field(nom).verbose_name
            self.fields[nom] = forms.TypedChoiceField(
                label=libelle[0].upper() + libelle[1:],
                choices=Satisfaction,
                coerce=int,
                widget=forms.RadioSelect,
                required=nom == "globale",
                empty_value=None,
                error_messages={"required": "Indiquez votre satisfaction globale."},
            )
        self.fields["recommande"] = forms.TypedChoiceField(
            label="Recommanderiez-vous ce prestataire ?",
            choices=OUI_NON,
            coerce=lambda valeur: valeur == "oui",
            widget=forms.RadioSelect,
            required=False,
            empty_value=None,
        )
        self.fields["commentaire"] = forms.CharField(
            label="Ce que vous souhaitez ajouter (facultatif)",
            widget=forms.Textarea,
            max_length=3000,
            required=False,
        )
        self.fields["consent_publication"] = forms.BooleanField(
            label="J'accepte que mon commentaire soit publié", required=False
        )
