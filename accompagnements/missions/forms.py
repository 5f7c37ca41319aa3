"""Forms of the mission: launch, mid-term note, alert."""

from decimal import Decimal

from django import forms

from accompagnements.missions import regles
from accompagnements.missions.models import NoteMiParcours
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    FormulaireBase,
    FormulaireModele,
    FormulaireNaissance,
)


class LancerForm(FormulaireNaissance):
    """The launch meeting of the three parties."""

    lancee_le = ChampDate(label="Réunion de lancement tenue le")
    presents = forms.CharField(label="Personnes présentes", max_length=300)
    notes = forms.CharField(label="Relevé de la réunion", widget=forms.Textarea, required=False)

    def __init__(self, *args, convention, **kwargs):
        self.convention = convention
        super().__init__(*args, **kwargs)

    def clean_lancee_le(self):
        jour = self.cleaned_data["lancee_le"]
        manques = regles.manques_pour_lancer(self.convention, jour)
        if manques:
            raise forms.ValidationError(manques)
        return jour


class NoteForm(FormulaireModele):
    """The mid-term note received from the prestataire."""

    recue_le = ChampDate(label="Reçue le")
    jours_realises = ChampDecimal(label="Jours réalisés", min_value=Decimal(0))

    class Meta:
        model = NoteMiParcours
        fields = ["recue_le", "jours_realises", "travaux", "difficultes", "suite"]


class AlerterForm(FormulaireBase):
    emise_par = forms.CharField(label="Alerte donnée par", max_length=120)
    motif = forms.CharField(label="Situation", widget=forms.Textarea, max_length=2000)


class PoursuivreForm(FormulaireBase):
    reorientation = forms.BooleanField(
        label="La mission est réorientée",
        required=False,
        help_text="Un avenant est nécessaire si le périmètre, les jours ou le montant changent.",
    )
    motif = forms.CharField(label="Motif de la décision", widget=forms.Textarea, max_length=2000)
