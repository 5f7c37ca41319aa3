"""Forms of the consultation: cahier des charges, criteria, sending, deposit, choice."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.consultations import regles
from accompagnements.consultations.cahier import CahierDesCharges
from accompagnements.consultations.choix import note_de_prix
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampMoment,
    ChampPdf,
    FormulaireBase,
    FormulaireObjet,
    FormulaireVerrouille,
    FormulaireVersionne,
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


class CriteresForm(FormulaireVersionne):
    """Points of the criteria; they add up to 100."""

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.criteres = list(objet.criteres.all())
        for critere in self.criteres:
            self.fields[f"critere_{critere.pk}"] = forms.IntegerField(
                label=critere.libelle, min_value=0, max_value=100, initial=critere.points
            )

    def clean(self):
        donnees = super().clean()
        total = sum(donnees.get(f"critere_{c.pk}") or 0 for c in self.criteres)
        if not self.errors and total != regles.TOTAL_DES_POINTS:
            raise ValidationError(f"Les points totalisent {total} : il en faut 100.")
        return donnees

    def points(self):
        """Return {criterion pk: points}."""
        return {c.pk: self.cleaned_data[f"critere_{c.pk}"] for c in self.criteres}


class ValiderCahierForm(FormulaireObjet):
    """The validation of the cahier des charges by the structure."""

    REGLES = {"valide_le": regles.ordre_de_validation}
    valide_le = ChampDate(label="Validé par la structure le")
    valide_par = forms.CharField(label="Par (nom et fonction)", max_length=120)


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


class GrilleForm(FormulaireVersionne):
    """Points of each proposition on each criterion, half points allowed; the price is computed.

    A draft may be incomplete; the button « Clore ma grille » (field `clore`) asks for every note.
    """

    clore = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, objet, fiche=None, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.criteres = list(objet.criteres.all())
        self.propositions = list(objet.propositions.select_related("sollicitation__prestataire"))
        connues = (
            {(n.proposition_id, n.critere_id): n.points for n in fiche.notes.all()} if fiche else {}
        )
        for proposition in self.propositions:
            for critere in self._a_noter():
                self.fields[f"note_{proposition.pk}_{critere.pk}"] = ChampDecimal(
                    label=f"{critere.libelle} — {proposition.prestataire}",
                    widget=forms.TextInput(
                        attrs={"inputmode": "decimal", "class": "form-control note-saisie"}
                    ),
                    max_value=Decimal(critere.points),
                    initial=connues.get((proposition.pk, critere.pk)),
                    required=False,
                )

    def _a_noter(self):
        return [critere for critere in self.criteres if not critere.prix]

    def clean(self):
        donnees = super().clean()
        if donnees.get("clore"):
            for nom in self.fields:
                if nom.startswith("note_") and nom not in self.errors and donnees.get(nom) is None:
                    self.add_error(nom, "Donnez une note, même zéro.")
        return donnees

    def rangees(self):
        """One row per criterion: (criterion, fields of the propositions or computed notes)."""
        plus_bas = min((p.montant_ttc for p in self.propositions), default=None)
        return [
            (critere, [self._cellule(p, critere, plus_bas) for p in self.propositions])
            for critere in self.criteres
        ]

    def _cellule(self, proposition, critere, plus_bas):
        if critere.prix:
            return {"champ": None, "calculee": note_de_prix(critere, proposition, plus_bas)}
        return {"champ": self[f"note_{proposition.pk}_{critere.pk}"], "calculee": None}

    def notes(self):
        """Return {(proposition pk, criterion pk): points} of the notes given."""
        donnees = {
            (p.pk, c.pk): self.cleaned_data[f"note_{p.pk}_{c.pk}"]
            for p in self.propositions
            for c in self._a_noter()
        }
        return {cle: points for cle, points in donnees.items() if points is not None}


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
