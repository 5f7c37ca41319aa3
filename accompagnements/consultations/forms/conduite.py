"""Forms that lead a consultation: cahier des charges, sending, correction, choice."""

from django import forms

from accompagnements.consultations import regles
from accompagnements.consultations.cahier import CahierDesCharges
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampMoment,
    FormulaireBase,
    FormulaireObjet,
    FormulaireVerrouille,
    adapter_champs,
)
from dla_portal.socle.templatetags.portail import nombre


class CahierForm(FormulaireVerrouille):
    """The cahier des charges, section by section."""

    debut = ChampDate(label="Début souhaité", required=False)
    fin = ChampDate(label="Fin souhaitée", required=False)
    jours_max = ChampDecimal(label="Nombre de jours maximum", required=False)
    budget_max = ChampDecimal(label="Budget maximum TTC (€)", required=False)

    class Meta:
        model = CahierDesCharges
        fields = [*regles.SECTIONS, "debut", "fin", "jours_max", "budget_max"]

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin souhaitée précède le début.")
        return donnees


class ValiderCahierForm(FormulaireObjet):
    """The validation of the cahier des charges by the structure."""

    REGLES = {"valide_le": regles.ordre_de_validation}
    valide_le = ChampDate(label="Validé par la structure le")
    valide_par = forms.CharField(label="Par (nom et fonction)", max_length=120)


class ValiderParLienForm(FormulaireBase):
    """The validation by the structure itself, of the version it has read."""

    valide_par = forms.CharField(label="Votre nom et votre fonction", max_length=120)
    version_lue = forms.IntegerField(widget=forms.HiddenInput)


class ChangementsForm(FormulaireBase):
    """What the structure wants changed in the cahier des charges."""

    remarque = forms.CharField(
        label="Que faut-il changer ?", widget=forms.Textarea, max_length=2000
    )


class PublierForm(FormulaireObjet):
    """Deadline of the answers, with its hour."""

    REGLES = {
        "date_limite": lambda consultation, limite: regles.manques_de_la_limite(limite),
        "justification_nombre": regles.manque_de_justification,
    }
    date_limite = ChampMoment(
        label="Date et heure limites de réponse",
        help_text="Heure de Paris. Passé ce moment, aucun dépôt n'est accepté.",
    )
    justification_nombre = forms.CharField(
        label="Justification du nombre de prestataires",
        widget=forms.Textarea,
        required=False,
        help_text="À écrire si moins de deux ou plus de quatre prestataires sont sollicités.",
    )
    jours_questions = forms.IntegerField(
        label="Fin des questions, en jours avant la date limite",
        min_value=0,
        max_value=15,
        initial=3,
        help_text="Assez tôt pour que chacun utilise les réponses.",
    )


class ProlongerForm(FormulaireObjet):
    """A later deadline and the motive everybody reads."""

    REGLES = {"date_limite": regles.manques_de_la_prolongation}
    date_limite = ChampMoment(label="Nouvelle date limite", help_text="Heure de Paris.")
    motif = forms.CharField(
        label="Motif, communiqué à tous les prestataires", widget=forms.Textarea, max_length=1000
    )


class CorrigerForm(FormulaireObjet):
    """A correction of the cahier des charges after its sending, and why."""

    champs = [*regles.SECTIONS, "debut", "fin", "jours_max", "budget_max"]

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        modele = forms.fields_for_model(
            CahierDesCharges,
            fields=self.champs,
            field_classes={
                "debut": ChampDate,
                "fin": ChampDate,
                "jours_max": ChampDecimal,
                "budget_max": ChampDecimal,
            },
        )
        for nom, champ in modele.items():
            champ.required = True
            champ.initial = getattr(objet.cahier, nom)
            self.fields[nom] = champ
        self.fields["motif"] = forms.CharField(
            label="Ce qui change et pourquoi, communiqué à tous",
            widget=forms.Textarea,
            max_length=1000,
        )
        adapter_champs(self)

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin souhaitée précède le début.")
        return donnees


class AttribuerForm(FormulaireBase):
    """The choice made with the structure."""

    avec_objet = True
    proposition = forms.ModelChoiceField(
        label="Proposition retenue", queryset=None, widget=forms.RadioSelect, empty_label=None
    )
    presents = forms.CharField(label="Personnes présentes au choix", max_length=300)
    motif = forms.CharField(
        label="Motif du choix",
        widget=forms.Textarea,
        required=False,
        help_text="Exigé si le choix s'écarte du classement ou si une seule proposition est reçue.",
    )

    def __init__(self, *args, objet, **kwargs):
        self.consultation = objet
        super().__init__(*args, **kwargs)
        totaux = regles.totaux(objet)
        champ = self.fields["proposition"]
        champ.queryset = objet.propositions.select_related("sollicitation__prestataire")
        champ.label_from_instance = lambda p: f"{p.prestataire} — {nombre(totaux[p.pk], 1)} points"

    def clean(self):
        donnees = super().clean()
        if donnees.get("proposition"):
            manques = regles.motif_de_choix_requis(
                self.consultation, donnees["proposition"], donnees.get("motif", "")
            )
            if manques:
                self.add_error("motif", manques)
        return donnees
