"""Forms of the séances, of the agenda and of the avis."""

from django import forms

from accompagnements.comites import regles
from accompagnements.comites.etats import Etat
from accompagnements.comites.models import Convocation, Passage, Seance
from dla_portal.comptes.models import Utilisateur
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import (
    ChampChoixMultiple,
    ChampDate,
    ChampDecimal,
    ChampMoment,
    FormulaireBase,
    FormulaireGeste,
    FormulaireModele,
    FormulaireNaissance,
)

CHAMPS_SEANCE = ["quand", "format", "lieu", "ordre_du_jour"]
SANS_MEMBRE = "Personnes dont le mandat est en cours. Les autres s'ajoutent à la page « Membres »."
SEUL_TEXTE = (
    "Seul texte que les membres liront. Laissez vide pour reprendre la problématique et les axes du "
    "diagnostic."
)
QUAND = "Pour une consultation électronique : le moment où elle se clôt."


class _ChampMembres(ChampChoixMultiple):
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

    quand = ChampMoment(label="Date et heure", help_text=QUAND)
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

    quand = ChampMoment(label="Date et heure", help_text=QUAND)

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
        help_texts = {"synthese": SEUL_TEXTE}

    field_order = ["dossier", "synthese"]

    def __init__(self, *args, seance, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dossier"].queryset = regles.dossiers_a_inscrire(seance)


class PresenterForm(FormulaireModele):
    """The same from the dossier: which séance, and what the members will read."""

    seance = forms.ModelChoiceField(
        label="Séance",
        queryset=None,
        empty_label="Choisir",
        help_text="Séances à venir. Une nouvelle séance se planifie depuis « Comités d'appui ».",
    )

    class Meta:
        model = Passage
        fields = ["synthese"]
        help_texts = {"synthese": SEUL_TEXTE}

    field_order = ["seance", "synthese"]

    def __init__(self, *args, dossier, **kwargs):
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        planifiees = Seance.objects.filter(operateur=dossier.operateur_id, etat=Etat.PLANIFIEE)
        self.fields["seance"].queryset = planifiees.order_by("quand")
        self.initial.setdefault("synthese", regles.synthese_du_diagnostic(dossier))

    def clean_seance(self):
        seance = self.cleaned_data["seance"]
        manques = regles.manques_pour_inscrire(seance, self.dossier)
        if manques:
            raise forms.ValidationError(manques)
        return seance


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
        label="Commentaire",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=5000,
    )
    ressources = forms.CharField(
        label="Ressources que vous proposez",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=5000,
        help_text="Financement, formation, réseau, mise en relation…",
    )
    jours_conseilles = ChampDecimal(
        label="Jours conseillés", required=False, min_value=0, max_value=999
    )


class DeportForm(FormulaireBase):
    """Why a member keeps out of a dossier."""

    motif = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Par exemple : administratrice de la structure, prestataire possible. Il figure "
        "au relevé.",
    )


class DeporterForm(DeportForm):
    """The same said by the operator, for one of the members convened."""

    avec_objet = True
    membre = forms.ModelChoiceField(label="Membre", queryset=None, empty_label="Choisir")
    field_order = ["membre", "motif"]

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, **kwargs)
        convoques = objet.seance.convocations.values("membre")
        membres = Utilisateur.objects.filter(pk__in=convoques)
        self.fields["membre"].queryset = membres.exclude(pk__in=objet.deports.values("membre"))


class MandatForm(FormulaireNaissance):
    """A person given a term in the comité."""

    prenom = forms.CharField(label="Prénom", max_length=80)
    nom = forms.CharField(label="Nom", max_length=80)
    au_titre_de = forms.CharField(
        label="Au titre de",
        max_length=160,
        help_text="Organisme ou qualité : réseau, collectivité…",
    )
    email = forms.EmailField(label="Courriel")
    debut = ChampDate(label="Début du mandat")
    fin = ChampDate(label="Fin du mandat", required=False)

    def __init__(self, *args, operateur, **kwargs):
        self.operateur = operateur
        super().__init__(*args, **kwargs)
        self.initial.setdefault("debut", horloge.aujourdhui())

    def clean(self):
        donnees = super().clean()
        debut, fin, email = (donnees.get(nom) for nom in ("debut", "fin", "email"))
        if fin and debut and fin < debut:
            self.add_error("fin", "La fin du mandat précède son début.")
        elif debut and email:
            manques = regles.manques_du_mandat(self.operateur, email, debut, fin)
            if manques:
                self.add_error("email", forms.ValidationError(manques))
        return donnees


class FinDeMandatForm(FormulaireNaissance):
    """The last day of a term."""

    fin = ChampDate(label="Dernier jour du mandat")

    def __init__(self, *args, mandat, **kwargs):
        self.mandat = mandat
        super().__init__(*args, **kwargs)
        self.initial.setdefault("fin", horloge.aujourdhui())

    def clean_fin(self):
        fin = self.cleaned_data["fin"]
        if fin < self.mandat.debut:
            raise forms.ValidationError("La fin du mandat précède son début.")
        return fin
