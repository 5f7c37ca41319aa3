"""Forms of the mission: launch, journal, mid-term note, alert and decision, out of scope.

Those which both the chargé and the prestataire use carry a key: sent twice, they count once.
"""

from decimal import Decimal

from django import forms

from accompagnements.missions import regles
from accompagnements.missions.hors_cadre import HorsCadre
from accompagnements.missions.journees import Journee
from accompagnements.missions.models import NoteMiParcours
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampFichier,
    FormulaireBase,
    FormulaireModele,
    FormulaireNaissance,
    FormulaireObjet,
)
from dla_portal.socle.regles import Manques

TEXTE = forms.Textarea(attrs={"rows": 4})
SCANS = ("pdf", "png", "jpg", "jpeg")


class _Lancement(forms.Form):
    """What the record of a launch meeting says."""

    lancee_le = ChampDate(label="Réunion de lancement tenue le")
    lieu = forms.CharField(label="Lieu", max_length=200)
    presents = forms.CharField(label="Personnes présentes", max_length=300)
    objectifs = forms.CharField(label="Objectifs rappelés", widget=TEXTE)
    calendrier = forms.CharField(label="Calendrier convenu", widget=TEXTE)
    suites = forms.CharField(label="Prochaines étapes", widget=TEXTE)
    notes = forms.CharField(label="Autres points", widget=TEXTE, required=False)


class LancerForm(_Lancement, FormulaireNaissance):
    """The record of the launch meeting of the three parties."""

    def __init__(self, *args, convention, **kwargs):
        self.convention = convention
        super().__init__(*args, **kwargs)
        self.initial.setdefault("objectifs", convention.objet)

    def clean_lancee_le(self):
        jour = self.cleaned_data["lancee_le"]
        manques = regles.manques_pour_lancer(self.convention, jour)
        if manques:
            raise forms.ValidationError(manques)
        return jour


class CorrigerLancementForm(_Lancement, FormulaireObjet):
    """The record of the launch meeting, as it should have been written, and why it changes."""

    REGLES = {"lancee_le": regles.manques_du_lancement_corrige}
    motif = forms.CharField(label="Motif de la correction", widget=TEXTE, max_length=2000)

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.initial["lancee_le"] = objet.lancee_le
        for nom in ("lieu", "presents", "objectifs", "calendrier", "suites", "notes"):
            self.initial[nom] = getattr(objet, f"lancement_{nom}")


class JourneeForm(FormulaireModele):
    """An intervention, written in the journal."""

    le = ChampDate(label="Date")
    duree = ChampDecimal(
        label="Durée (jours)",
        min_value=Decimal("0.5"),
        max_value=Decimal(5),
        help_text="Par demi-journées, tous intervenants réunis : 0,5 ; 1 ; 1,5… Un jour au plus par "
        "personne nommée.",
    )

    field_order = ["le", "moment", "duree", "intervenants", "lieu", "travaux", "rencontres"]

    class Meta:
        model = Journee
        fields = ["le", "moment", "intervenants", "lieu", "travaux", "rencontres"]
        widgets = {"travaux": TEXTE}

    def __init__(self, *args, mission, **kwargs):
        self.mission = mission
        super().__init__(*args, **kwargs)

    def clean(self):
        donnees = super().clean()
        le, duree = donnees.get("le"), donnees.get("duree")
        if le:
            self._dire("le", regles.manques_de_la_date(self.mission, le))
        if duree:
            self._dire("duree", regles.manques_de_la_duree(self.mission, duree))
        # What people type from now on: past journals were kept in rows of several days.
        qui = donnees.get("intervenants")
        if duree and qui and donnees.get("moment"):
            self._dire("duree", regles.manques_du_moment(donnees["moment"], duree, qui))
        if duree and qui and le and not self.errors:
            self._dire("le", regles.manques_du_meme_jour(self.mission, le, duree, qui))
        return donnees

    def _dire(self, champ, manques):
        if manques:
            self.add_error(champ, forms.ValidationError(manques))

    def contenu(self):
        """Return the arguments of `transitions.inscrire_journee`."""
        return {nom: self.cleaned_data[nom] for nom in self.field_order}


class NoteForm(FormulaireModele):
    """The mid-term note; what the journal knows is filled in beforehand."""

    recue_le = ChampDate(label="Datée du")
    objectifs = forms.CharField(label="Rappel des objectifs", widget=TEXTE)
    suite = forms.CharField(label="Suite et calendrier", widget=TEXTE)
    jours_realises = ChampDecimal(label="Jours réalisés", min_value=Decimal(0))
    restitution_envisagee_le = ChampDate(label="Restitution envisagée le", required=False)

    class Meta:
        model = NoteMiParcours
        fields = [
            "recue_le",
            "objectifs",
            "jours_realises",
            "reunions",
            "travaux",
            "resultats",
            "difficultes",
            "ecarts",
            "risques",
            "suite",
            "restitution_envisagee_le",
        ]
        widgets = dict.fromkeys(
            ("reunions", "travaux", "resultats", "difficultes", "ecarts", "risques"), TEXTE
        )

    def __init__(self, *args, mission, **kwargs):
        self.mission = mission
        kwargs["instance"] = NoteMiParcours(mission=mission)
        super().__init__(*args, **kwargs)
        self.fields["jours_realises"].help_text = regles.phrase_des_jours(mission)
        if not self.is_bound:
            self.initial |= self._connus()

    def _connus(self):
        journees = self.mission.journees.inscrites().order_by("le", "pk")
        tenues = [f"{j.le:%d/%m/%Y}, {j.lieu} : {j.rencontres or '—'}" for j in journees]
        return {
            "recue_le": horloge.aujourdhui(),
            "objectifs": self.mission.objectifs,
            "jours_realises": self.mission.jours_realises,
            "reunions": "\n".join(tenues),
        }

    def clean(self):
        donnees = super().clean()
        if not self.errors:
            for nom in ("recue_le", "jours_realises"):
                setattr(self.instance, nom, donnees[nom])
            manques = regles.manques_de_la_note(self.instance)
            if manques:
                raise Manques(manques)
        return donnees


class AlerterForm(FormulaireBase):
    """An alert recorded by the chargé."""

    emise_par = forms.CharField(label="Alerte donnée par", max_length=120)
    motif = forms.CharField(label="Situation", widget=TEXTE, max_length=2000)


class AlerteForm(FormulaireNaissance):
    """An alert given by the prestataire on his page."""

    motif = forms.CharField(
        label="Situation",
        widget=TEXTE,
        max_length=2000,
        help_text="Ce qui se passe, ce que vous proposez : poursuivre autrement, suspendre, arrêter.",
    )


class DecisionForm(FormulaireObjet):
    """The record of a decision on an alert."""

    decidee_le = ChampDate(label="Décidée le", initial=horloge.aujourdhui)
    consultes = forms.CharField(
        label="Personnes consultées", max_length=300, help_text="La structure, le prestataire…"
    )
    motif = forms.CharField(label="Motif de la décision", widget=TEXTE, max_length=2000)
    suites = forms.CharField(label="Suites données", widget=TEXTE, max_length=2000)
    REGLES = {"decidee_le": regles.manques_de_la_date_de_decision}


class HorsCadreForm(FormulaireModele):
    """A request to work out of the agreed scope."""

    jours = ChampDecimal(label="Jours nécessaires", min_value=Decimal("0.5"))
    field_order = ["description", "jours", "raison"]

    class Meta:
        model = HorsCadre
        fields = ["description", "jours", "raison"]
        widgets = {"description": TEXTE, "raison": TEXTE}

    def contenu(self):
        """Return the arguments of `transitions.demander_hors_cadre`."""
        return {nom: self.cleaned_data[nom] for nom in self.field_order}


class AutoriserForm(FormulaireObjet):
    """The written authorisation."""

    motif = forms.CharField(label="Motif", widget=TEXTE, max_length=2000)
    avenant_attendu = forms.BooleanField(
        label="Un avenant à la convention est à préparer",
        required=False,
        help_text="Nécessaire dès que le périmètre, les jours, le montant ou les dates changent.",
    )


class FeuilleForm(FormulaireNaissance):
    """The scan of a signed attendance sheet."""

    journee = forms.ModelChoiceField(
        label="Intervention", queryset=Journee.objects.none(), empty_label="Choisissez…"
    )
    feuille = ChampFichier(
        label="Feuille d'émargement signée", extensions=SCANS, help_text="PDF, PNG ou JPEG."
    )

    def __init__(self, *args, mission, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["journee"].queryset = mission.journees.inscrites()

    def contenu(self):
        """Return the arguments of `transitions.joindre_feuille`."""
        return {nom: self.cleaned_data[nom] for nom in ("journee", "feuille")}
