"""Forms of the prestataires' side: questions, refusal, deposit, motive of a rejection."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.consultations import regles
from accompagnements.consultations.pieces import PIECES
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampMoment,
    ChampPdf,
    FormulaireBase,
)


class QuestionForm(FormulaireBase):
    """A question of a prestataire; it will be read by the others."""

    texte = forms.CharField(
        label="Votre question",
        widget=forms.Textarea,
        max_length=2000,
        help_text="La réponse part à tous les prestataires, sans dire qui a posé la question.",
    )


class ReponseForm(FormulaireBase):
    """The answer, sent to all."""

    reponse = forms.CharField(label="Votre réponse", widget=forms.Textarea, max_length=3000)


class MotifForm(FormulaireBase):
    """Why a proposition is not retained, written for the prestataire who has asked."""

    motif_rejet = forms.CharField(
        label="Motif communiqué au prestataire",
        widget=forms.Textarea,
        max_length=3000,
        help_text="Parlez de sa proposition seulement, jamais de celles des autres.",
    )


class SecretForm(FormulaireBase):
    """The acknowledgement of confidentiality which opens the diagnostic."""

    accepte = forms.BooleanField(
        label="Je garde ce diagnostic confidentiel, ne l'utilise que pour préparer ma proposition "
        "et le détruis si elle n'est pas retenue.",
        error_messages={"required": "Cochez la case pour accéder au diagnostic."},
    )


class DeclinForm(FormulaireBase):
    motif = forms.CharField(
        label="Pourquoi ne répondez-vous pas ?", widget=forms.Textarea, max_length=1000
    )


class DepotForm(FormulaireBase):
    """A proposition: amounts, days, people, method and one PDF file."""

    montant_ht = ChampDecimal(label="Montant HT (€)", min_value=Decimal("0.01"))
    montant_ttc = ChampDecimal(label="Montant TTC (€)", min_value=Decimal("0.01"))
    frais = ChampDecimal(label="Dont frais de déplacement HT (€)", required=False)
    jours = ChampDecimal(
        label="Nombre de jours", min_value=Decimal("0.25"), max_value=Decimal("999.75")
    )
    debut = ChampDate(label="Début proposé", required=False)
    fin = ChampDate(label="Fin proposée", required=False)
    intervenants = forms.CharField(
        label="Intervenants : expérience et compétences", widget=forms.Textarea
    )
    methode = forms.CharField(label="Démarche proposée", widget=forms.Textarea)
    fichier = ChampPdf(
        label="Proposition complète (PDF)",
        required=False,
        help_text="20 Mo au plus. Le fichier reste scellé jusqu'à l'ouverture.",
    )
    cv = ChampPdf(
        label="CV et références des intervenants (PDF)",
        required=False,
        help_text="Expérience et domaines de compétence ; l'âge n'est pas à donner.",
    )

    def clean_frais(self):
        return self.cleaned_data["frais"] or Decimal(0)

    def clean(self):
        donnees = super().clean()
        ht, ttc, frais = (donnees.get(nom) for nom in ("montant_ht", "montant_ttc", "frais"))
        if ht and ttc and ttc < ht:
            self.add_error("montant_ttc", "Le montant TTC ne peut être inférieur au montant HT.")
        if ht and frais and frais > ht:
            self.add_error("frais", "Les frais ne peuvent dépasser le montant HT.")
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin proposée précède le début.")
        return donnees


class DepotRecuForm(DepotForm):
    """An answer received by post or mail: when it arrived, and its scan."""

    def __init__(self, *args, sollicitation, **kwargs):
        self.sollicitation = sollicitation
        super().__init__(*args, **kwargs)
        self.fields["fichier"].required = True
        self.fields["fichier"].label = "Numérisation de la proposition (PDF)"
        self.order_fields(["arrivee_le"])

    arrivee_le = ChampMoment(
        label="Arrivée le",
        help_text="Heure de Paris. La saisie, elle, se fait avant la date limite.",
    )

    def clean_arrivee_le(self):
        manques = regles.manques_de_l_arrivee(self.sollicitation, self.cleaned_data["arrivee_le"])
        if manques:
            raise ValidationError(manques)
        return self.cleaned_data["arrivee_le"]


class PiecesForm(FormulaireBase):
    """The pieces found in a proposition."""

    pieces = forms.MultipleChoiceField(
        label="Pièces trouvées dans la proposition",
        choices=list(PIECES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez ce que la proposition contient."},
    )
