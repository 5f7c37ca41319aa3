"""Forms that lead a consultation: cahier des charges, sending, correction, choice."""

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.consultations import regles
from accompagnements.consultations.cahier import CahierDesCharges
from accompagnements.consultations.pieces import manques_des_pieces
from dla_portal.socle import horloge
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

PARTIES_DU_CAHIER = (
    ("Pourquoi cette mission", ("contexte", "problematique", "objectifs")),
    ("Ce qui est attendu", ("contenu", "livrables", "profil")),
    ("Calendrier et budget", ("debut", "fin", "jours_max", "budget_max")),
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom in (*regles.SECTIONS, "jours_max", "budget_max"):  # what the sending asks for
            champ = self.fields[nom]
            champ.label = str(champ.label).replace("(facultatif)", "(demandé pour l'envoi)")

    def clean_debut(self):
        debut = self.cleaned_data["debut"]
        if debut and "debut" in self.changed_data and debut < horloge.aujourdhui():
            raise ValidationError("Le début souhaité est déjà passé.")
        return debut

    @property
    def parties(self):
        """The sections of the document, in its order."""
        for titre, noms in PARTIES_DU_CAHIER:
            yield {"titre": titre, "phrase": "", "champs": [self[nom] for nom in noms]}

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
    justification_delai = forms.CharField(
        label="Justification du délai",
        widget=forms.Textarea,
        required=False,
        help_text=f"À écrire si moins de {regles.DELAI_MIN} jours ouvrés sont laissés pour répondre, "
        "ou si la date limite tombe un jour non ouvré.",
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

    def clean(self):
        donnees = super().clean()
        limite, jours = donnees.get("date_limite"), donnees.get("jours_questions")
        if limite is not None:
            manques = regles.manque_du_delai(limite, donnees.get("justification_delai", ""))
            if manques:
                self.add_error("justification_delai", manques)
            if jours is not None and (closes := regles.manque_des_questions(limite, jours)):
                self.add_error("jours_questions", closes)
        return donnees


class ProlongerForm(FormulaireObjet):
    """A later deadline and the motive everybody reads."""

    REGLES = {"date_limite": regles.manques_de_la_prolongation}
    date_limite = ChampMoment(label="Nouvelle date limite", help_text="Heure de Paris.")
    motif = forms.CharField(
        label="Motif, communiqué à tous les prestataires", widget=forms.Textarea, max_length=1000
    )
    justification_delai = forms.CharField(
        label="Justification de la date",
        widget=forms.Textarea,
        required=False,
        max_length=1000,
        help_text="À écrire si la nouvelle date limite tombe un jour non ouvré. Gardée au journal, "
        "elle n'est pas envoyée.",
    )

    def clean(self):
        donnees = super().clean()
        limite = donnees.get("date_limite")
        if limite is not None:
            manques = regles.manque_du_jour(limite, donnees.get("justification_delai", ""))
            if manques:
                self.add_error("justification_delai", manques)
        return donnees


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
            champ.required = nom not in ("debut", "fin")  # as when it was first written
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


class OuvrirForm(FormulaireObjet):
    """The opening; the motive is asked for once a deposit has refused to open."""

    motif_ecart = forms.CharField(
        label="Si un dépôt est illisible : pourquoi il est écarté",
        widget=forms.Textarea,
        required=False,
        max_length=1000,
        help_text="Communiqué à ce prestataire, et écrit au procès-verbal d'ouverture.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            del self.fields["motif_ecart"]


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
    malgre_les_pieces = forms.BooleanField(
        label="Je retiens cette proposition malgré ses pièces manquantes ou non vérifiées.",
        required=False,
        help_text="L'acceptation et la liste des pièces sont écrites au procès-verbal de choix.",
    )

    def __init__(self, *args, objet, **kwargs):
        self.consultation = objet
        super().__init__(*args, **kwargs)
        totaux = regles.totaux(objet)
        champ = self.fields["proposition"]
        champ.queryset = objet.propositions.select_related("sollicitation__prestataire")
        champ.label_from_instance = lambda p: f"{p.prestataire} — {nombre(totaux[p.pk], 2)} points"
        self.pieces = [(p, manques_des_pieces(p)) for p in champ.queryset]
        self.pieces = [(p, manques) for p, manques in self.pieces if manques]
        if not self.pieces:
            del self.fields["malgre_les_pieces"]

    def clean(self):
        donnees = super().clean()
        if donnees.get("proposition"):
            manques = regles.motif_de_choix_requis(
                self.consultation, donnees["proposition"], donnees.get("motif", "")
            )
            if manques:
                self.add_error("motif", manques)
            pieces = manques_des_pieces(donnees["proposition"])
            if pieces and not donnees.get("malgre_les_pieces"):
                phrase = " ".join([*pieces, "Vérifiez-les, ou cochez la case."])
                self.add_error("malgre_les_pieces", phrase)
        return donnees
