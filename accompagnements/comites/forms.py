"""Forms of the séances, of the agenda and of the avis."""

from django import forms

from accompagnements.comites import regles
from accompagnements.comites.models import Convocation, Passage, Seance
from dla_portal.socle.formulaires import (
    ChampDecimal,
    ChampMoment,
    FormulaireBase,
    FormulaireGeste,
    FormulaireModele,
)

CHAMPS_SEANCE = ["quand", "format", "lieu", "ordre_du_jour"]
SANS_MEMBRE = (
    "Seules les personnes qui ont un compte de membre de comité d'appui peuvent être convoquées."
)


class _ChampMembres(forms.ModelMultipleChoiceField):
    def __init__(self, **options):
        super().__init__(
            queryset=None,
            label="Membres à convoquer",
            widget=forms.CheckboxSelectMultiple,
            help_text=SANS_MEMBRE,
            **options,
        )


class SeanceForm(FormulaireModele):
    """A new séance and the members convened to it."""

    quand = ChampMoment(label="Date et heure")
    membres = _ChampMembres(required=False)

    class Meta:
        model = Seance
        fields = CHAMPS_SEANCE

    def __init__(self, *args, operateur, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.operateur = operateur
        self.fields["membres"].queryset = regles.membres_possibles(operateur)


class SeanceModifierForm(FormulaireGeste):
    """Another day, place or way for a séance still to come."""

    quand = ChampMoment(label="Date et heure")

    class Meta:
        model = Seance
        fields = CHAMPS_SEANCE


class ConvoquerForm(FormulaireBase):
    """More members for a séance."""

    avec_objet = True
    membres = _ChampMembres()

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, **kwargs)
        deja = objet.convocations.values("membre")
        possibles = regles.membres_possibles(objet.operateur)
        self.fields["membres"].queryset = possibles.exclude(pk__in=deja)


class TenirForm(FormulaireBase):
    """Attendance: one line per member convened, and the others in words."""

    avec_objet = True
    presents = forms.CharField(
        label="Autres personnes présentes ou excusées",
        widget=forms.Textarea,
        required=False,
        max_length=2000,
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, **kwargs)
        self.convocations = list(objet.convocations.select_related("membre"))
        for convocation in self.convocations:
            self.fields[f"presence_{convocation.pk}"] = forms.ChoiceField(
                label=f"Présence de {convocation.membre}",
                choices=[("", "Choisir"), *Convocation.Presence.choices],
                initial=convocation.presence,
            )
        self.order_fields([*(f"presence_{c.pk}" for c in self.convocations), "presents"])

    def clean(self):
        """Hand over `presents` and the presences by Convocation, as the gesture takes them."""
        donnees = super().clean()
        presences = {c.pk: donnees.get(f"presence_{c.pk}", "") for c in self.convocations}
        return {"presents": donnees.get("presents", ""), "presences": presences}


class _ChampDossier(forms.ModelChoiceField):
    def label_from_instance(self, dossier):
        return f"{dossier.structure.nom} · {dossier.reference}"


class InscrireForm(FormulaireModele):
    """A dossier put on the agenda, with what the members will read of it."""

    dossier = _ChampDossier(
        label="Dossier",
        queryset=None,
        empty_label="Choisir",
        help_text="Dossiers en cours dont le diagnostic est validé par la structure.",
    )

    class Meta:
        model = Passage
        fields = ["synthese"]
        help_texts = {
            "synthese": "Seul texte que les membres liront. Laissez vide pour reprendre la "
            "problématique et les axes du diagnostic."
        }

    field_order = ["dossier", "synthese"]

    def __init__(self, *args, seance, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dossier"].queryset = regles.dossiers_a_inscrire(seance)


class SyntheseForm(FormulaireGeste):
    class Meta:
        model = Passage
        fields = ["synthese"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["synthese"].required = True


class AvisForm(FormulaireBase):
    """Avis of the comité as a whole."""

    avis = forms.ChoiceField(
        label="Avis du comité", choices=[("", "Choisir"), *Passage.Avis.choices]
    )
    reserves = forms.CharField(
        label="Réserves et conseils", widget=forms.Textarea, required=False, max_length=5000
    )
    ressources = forms.CharField(
        label="Ressources proposées par les membres",
        widget=forms.Textarea,
        required=False,
        max_length=5000,
    )
    jours_conseilles = ChampDecimal(label="Jours conseillés", required=False, max_value=999)


class DeciderForm(FormulaireBase):
    decision = forms.ChoiceField(
        label="Décision de l'opérateur", choices=[("", "Choisir"), *Passage.Decision.choices]
    )
    justification = forms.CharField(
        label="Justification",
        widget=forms.Textarea,
        required=False,
        max_length=5000,
        help_text="Obligatoire si la décision diffère de l'avis.",
    )

    def clean(self):
        donnees = super().clean()
        for phrase in regles.divergence_sans_raison(
            donnees.get("decision"), donnees.get("justification", "")
        ):
            self.add_error("justification", phrase)
        return donnees


class AvisMembreForm(FormulaireBase):
    """Own avis of a member."""

    avis = forms.ChoiceField(label="Votre avis", choices=[("", "Choisir"), *Passage.Avis.choices])
    commentaire = forms.CharField(
        label="Commentaire", widget=forms.Textarea, required=False, max_length=5000
    )
