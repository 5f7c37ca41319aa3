"""Form of a task put off."""

from django import forms

from accompagnements.parcours.reports import PROPOSES, dernier_jour, manques_du_report
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ajouter_jours_ouvres
from dla_portal.socle.formulaires import ChampDate, FormulaireNaissance
from dla_portal.socle.templatetags.portail import date_fr

AUTRE = "autre"


class ReporterForm(FormulaireNaissance):
    """Until when, and why."""

    delai = forms.ChoiceField(label="Me la remontrer", widget=forms.RadioSelect)
    jusquau = ChampDate(label="Autre date", required=False)
    motif = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Le responsable de l'opérateur le lit, à côté de l'échéance.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["delai"].choices = [*_propositions(), (AUTRE, "Une autre date")]
        self.fields["jusquau"].help_text = f"Au plus tard le {date_fr(dernier_jour())}."

    def clean(self):
        donnees = super().clean()
        if donnees.get("delai") == AUTRE:
            jour = donnees.get("jusquau")
            if jour is None and "jusquau" not in self.errors:
                self.add_error("jusquau", "Indiquez la date.")
            elif jour:
                for phrase in manques_du_report(jour):
                    self.add_error("jusquau", phrase)
        elif donnees.get("delai"):
            jours = int(donnees["delai"])
            donnees["jusquau"] = ajouter_jours_ouvres(horloge.aujourdhui(), jours)
        return donnees


def _propositions():
    for jours in PROPOSES:
        jour = ajouter_jours_ouvres(horloge.aujourdhui(), jours)
        ouvres = "jour ouvré" if jours == 1 else "jours ouvrés"
        yield str(jours), f"Dans {jours} {ouvres} : {date_fr(jour)}"
