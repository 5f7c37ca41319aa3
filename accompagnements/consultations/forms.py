"""Forms of the consultation: cahier des charges, criteria, sending, deposit, choice."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.consultations import regles
from accompagnements.consultations.cahier import CahierDesCharges
from dla_portal.socle.formulaires import (
    ChampDate,
    ChampDecimal,
    ChampMoment,
    FormulaireBase,
    FormulaireVerrouille,
)


class CahierForm(FormulaireVerrouille):
    """The cahier des charges, section by section."""

    debut = ChampDate(label="Début souhaité", required=False)
    fin = ChampDate(label="Fin souhaitée", required=False)
    jours_max = ChampDecimal(label="Nombre de jours maximum", required=False)
    budget_max = ChampDecimal(label="Budget maximum TTC (€)", required=False)

    class Meta:
        model = CahierDesCharges
        fields = [*regles.SECTIONS, "debut", "fin", "jours_max", "budget_max"]


class CriteresForm(FormulaireBase):
    """Points of the criteria; they add up to 100."""

    avec_objet = True

    def __init__(self, *args, objet, **kwargs):
        self.criteres = list(objet.criteres.all())
        super().__init__(*args, **kwargs)
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

    def enregistrer(self):
        """Save the points of each criterion."""
        for critere in self.criteres:
            critere.points = self.cleaned_data[f"critere_{critere.pk}"]
            critere.save()


class ValiderCahierForm(FormulaireBase):
    valide_le = ChampDate(label="Validé par la structure le")
    valide_par = forms.CharField(label="Par (nom et fonction)", max_length=120)


class PublierForm(FormulaireBase):
    """Deadline of the answers, with its hour."""

    avec_objet = True
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

    def __init__(self, *args, objet, **kwargs):
        self.consultation = objet
        super().__init__(*args, **kwargs)

    def clean_date_limite(self):
        limite = self.cleaned_data["date_limite"]
        manques = regles.manques_de_la_limite(limite)
        if manques:
            raise ValidationError(manques)
        return limite

    def clean_justification_nombre(self):
        texte = self.cleaned_data["justification_nombre"]
        manques = regles.manque_de_justification(self.consultation, texte)
        if manques:
            raise ValidationError(manques)
        return texte


class ProlongerForm(FormulaireBase):
    date_limite = ChampMoment(label="Nouvelle date limite", help_text="Heure de Paris.")
    motif = forms.CharField(
        label="Motif, communiqué à tous les prestataires", widget=forms.Textarea, max_length=1000
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
    jours = ChampDecimal(label="Nombre de jours", min_value=Decimal("0.25"))
    debut = ChampDate(label="Début proposé", required=False)
    fin = ChampDate(label="Fin proposée", required=False)
    intervenants = forms.CharField(
        label="Intervenants : expérience et compétences", widget=forms.Textarea
    )
    methode = forms.CharField(label="Démarche proposée", widget=forms.Textarea)
    fichier = forms.FileField(
        label="Proposition complète (PDF)",
        required=False,
        help_text="20 Mo au plus. Le fichier reste scellé jusqu'à l'ouverture.",
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


class GrilleForm(FormulaireBase):
    """Points of each proposition on each criterion, half points allowed."""

    avec_objet = True

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteres = list(objet.criteres.all())
        self.propositions = list(
            objet.propositions.select_related("sollicitation__prestataire").prefetch_related(
                "notes"
            )
        )
        for proposition in self.propositions:
            connues = {note.critere_id: note.points for note in proposition.notes.all()}
            for critere in self.criteres:
                self.fields[f"note_{proposition.pk}_{critere.pk}"] = ChampDecimal(
                    label=f"{critere.libelle} — {proposition.prestataire}",
                    max_value=Decimal(critere.points),
                    initial=connues.get(critere.pk),
                )

    def rangees(self):
        """One row per criterion: (criterion, fields of the propositions)."""
        return [
            (critere, [self[f"note_{p.pk}_{critere.pk}"] for p in self.propositions])
            for critere in self.criteres
        ]

    def notes(self):
        """Return {(proposition pk, criterion pk): points}."""
        return {
            (p.pk, c.pk): self.cleaned_data[f"note_{p.pk}_{c.pk}"]
            for p in self.propositions
            for c in self.criteres
        }


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
        champ.label_from_instance = lambda p: f"{p.prestataire} — {totaux[p.pk]} points"

    def clean(self):
        donnees = super().clean()
        if donnees.get("proposition"):
            manques = regles.motif_de_choix_requis(
                self.consultation, donnees["proposition"], donnees.get("motif", "")
            )
            if manques:
                self.add_error("motif", manques)
        return donnees
