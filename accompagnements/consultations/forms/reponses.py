"""Forms of the prestataires' side: questions, refusal, deposit, motive of a rejection."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.consultations import regles, reponses
from accompagnements.consultations.courriels import moment
from accompagnements.consultations.pieces import PIECES
from accompagnements.consultations.traces import Moyen
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampMoment,
    ChampPdf,
    FormulaireBase,
    FormulaireObjet,
)
from dla_portal.socle.templatetags.portail import euros, jours

REJOINDRE = "Joignez de nouveau vos fichiers : ils ne sont pas gardés quand l'envoi est refusé."


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
    """A refusal by the personal link, asked for twice: the second time with its consequence read."""

    motif = forms.CharField(
        label="Pourquoi ne répondez-vous pas ?", widget=forms.Textarea, max_length=1000
    )
    confirme = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def a_confirmer(self):
        """Well filled, and not confirmed yet."""
        return self.is_bound and self.is_valid() and not self.confirme

    def clean(self):
        donnees = super().clean()
        self.confirme = donnees.pop("confirme", False)
        return donnees


class RefusRecuForm(FormulaireObjet):
    """A refusal received by phone or letter, noted by the chargé."""

    REGLES = {"recu_le": reponses.manques_du_refus_recu}
    moyen = forms.ChoiceField(
        label="Comment l'avez-vous reçu ?",
        choices=[(moyen.value, moyen.label.capitalize()) for moyen in Moyen],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites comment le refus a été reçu."},
    )
    recu_le = ChampDate(
        label="Reçu le",
        initial=horloge.aujourdhui,
        error_messages={"required": "Indiquez quand le refus a été reçu."},
    )
    motif = forms.CharField(
        label="Motif donné", widget=forms.Textarea, max_length=1000, required=False
    )


class DepotForm(FormulaireBase):
    """A proposition: amounts, days, people, method and one PDF file."""

    garde_la_saisie = False  # sealed: nothing of it may lie in clear, not even what is being typed

    montant_ht = ChampDecimal(label="Montant HT (€)", min_value=Decimal("0.01"))
    tva = ChampDecimal(
        label="TVA (€)",
        min_value=Decimal(0),
        help_text="Zéro si vous n'y êtes pas assujetti. Le montant TTC est la somme des deux.",
    )
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
        help_text="20 Mo au plus. Le fichier reste scellé jusqu'à l'ouverture.",
    )
    cv = ChampPdf(
        label="CV et références des intervenants (PDF)",
        required=False,
        help_text="Expérience et domaines de compétence ; l'âge n'est pas à donner.",
    )

    confirme = forms.BooleanField(
        label="Je confirme ces montants, au-dessus du cahier des charges.", required=False
    )

    def __init__(self, *args, cahier=None, **kwargs):
        """`cahier`: what the amounts are compared with, when a warning is wanted."""
        self.cahier = cahier
        super().__init__(*args, **kwargs)
        if not self.is_bound or cahier is None:
            del self.fields["confirme"]

    def rejoindre(self):
        """Say that the files are lost with the refusal: a browser never sends them back by itself."""
        for nom in ("fichier", "cv"):
            if self.files.get(self.add_prefix(nom)) and nom not in self.errors:
                self.add_error(nom, REJOINDRE)

    def _comparer(self, donnees):
        """An amount above the cahier des charges is free, once its author says he means it."""
        au_dessus = []
        for nom, maximum in (("montant_ttc", "budget_max"), ("jours", "jours_max")):
            valeur, borne = donnees.get(nom), getattr(self.cahier, maximum)
            if valeur is not None and borne is not None and valeur > borne:
                quoi = euros(borne, "TTC") if nom == "montant_ttc" else jours(borne)
                au_dessus.append(f"le maximum est de {quoi}")
        if not au_dessus:
            del self.fields["confirme"]
        elif not donnees.get("confirme"):
            phrase = f"Au cahier des charges, {' et '.join(au_dessus)} : corrigez, ou confirmez."
            self.add_error("confirme", phrase)

    def clean_frais(self):
        return self.cleaned_data["frais"] or Decimal(0)

    def clean(self):
        donnees = super().clean()
        ht, frais = donnees.get("montant_ht"), donnees.get("frais")
        tva = donnees.pop("tva", None)
        if ht is not None and tva is not None:
            donnees["montant_ttc"] = ht + tva
            if tva > ht:
                self.add_error("tva", "La TVA ne peut dépasser le montant HT.")
        if ht and frais and frais > ht:
            self.add_error("frais", "Les frais ne peuvent dépasser le montant HT.")
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin proposée précède le début.")
        if "confirme" in self.fields:
            self._comparer(donnees)
        donnees.pop("confirme", None)
        if self.errors:
            self.rejoindre()
        return donnees


class ArriveeTardiveForm(FormulaireBase):
    """An answer by post recorded after the deadline: when it arrived, nothing of its content."""

    arrivee_le = ChampMoment(label="Arrivée le", help_text="Heure de Paris.")

    def __init__(self, *args, sollicitation, **kwargs):
        self.sollicitation = sollicitation
        super().__init__(*args, **kwargs)

    def clean_arrivee_le(self):
        manques = regles.manques_de_l_arrivee(self.sollicitation, self.cleaned_data["arrivee_le"])
        if manques:
            raise ValidationError(manques)
        return self.cleaned_data["arrivee_le"]


class DepotRecuForm(ArriveeTardiveForm, DepotForm):
    """An answer received by post or mail: when it arrived, and its scan."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fichier"].label = "Numérisation de la proposition (PDF)"
        self.fields["arrivee_le"].help_text += " La saisie, elle, se fait avant la date limite."
        courant = reponses.depot_courant(self.sollicitation)
        self.en_ligne = courant if courant and not courant.recu_par_courrier else None
        if self.en_ligne:
            quand = moment(self.en_ligne.recu_le)
            self.fields["malgre_le_lien"] = forms.BooleanField(
                label=f"J'enregistre ce courrier malgré le dépôt en ligne du {quand}, en sachant "
                "lequel des deux compte.",
                required=False,
            )
            # What is confirmed is this deposit, not another one that would have replaced it.
            self.fields["depot_lu"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=self.en_ligne.pk
            )
        self.order_fields(["arrivee_le", "malgre_le_lien"])

    def clean(self):
        donnees = super().clean()
        if self.en_ligne and not self._confirme(donnees):
            phrases = reponses.manque_devant_le_lien(self.sollicitation, donnees.get("arrivee_le"))
            self.add_error("malgre_le_lien", phrases or ["Indiquez d'abord l'arrivée du courrier."])
            self.rejoindre()
        return donnees

    def _confirme(self, donnees):
        lu = donnees.get("depot_lu")
        if lu in (None, self.en_ligne.pk):
            return donnees.get("malgre_le_lien")
        self.data = self.data.copy()  # the prestataire has deposited again: read, then confirmed
        self.data[self.add_prefix("depot_lu")] = self.en_ligne.pk
        self.data.pop(self.add_prefix("malgre_le_lien"), None)
        return False


class PiecesForm(FormulaireBase):
    """The pieces found in a proposition."""

    pieces = forms.MultipleChoiceField(
        label="Pièces trouvées dans la proposition",
        choices=list(PIECES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Aucune case cochée : aucune pièce n'est trouvée.",
    )
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "Rechargez la page : sa version est inconnue."},
    )
