"""Parts of the plan made of rows: contributions of partners, reviews."""

from django import forms
from django.db.models import Q
from django.utils.functional import cached_property

from accompagnements.demandes.regles import date_passee
from accompagnements.plans import regles, transitions
from accompagnements.plans.lignes import ContributionPartenaire, RevuePlan
from accompagnements.plans.models import Plan
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import ChampDate, ChampDecimal
from dla_portal.socle.lignes import FormulaireLignes

TEXTE_MAX = 5000  # characters in one cell


def _texte(libelle, rows=3):
    return forms.CharField(
        label=libelle, max_length=TEXTE_MAX, widget=forms.Textarea(attrs={"rows": rows})
    )


def _choix(libelle, choix):
    return forms.ChoiceField(label=libelle, choices=[("", "—"), *choix])


class ContributionsForm(FormulaireLignes):
    """What partners bring, valued; never an amount of the fonds d'ingénierie."""

    MODELE, RELATION, MOT, VIDES = ContributionPartenaire, "contributions", "contribution", 1
    EXIGES = {"nature": "Choisissez la nature de la contribution."}
    titre_lignes = "Contributions des partenaires"
    phrase_lignes = (
        "Ce que des partenaires apportent sans être payés par le DLA. Ces valorisations n'entrent "
        "pas dans les comptes du fonds d'ingénierie."
    )
    en_cartes = True

    class Meta:
        model = Plan
        fields = []

    @cached_property
    def _partenaires(self):
        """Those of the directory for this territory, and those already named."""
        siens = {ligne.partenaire_id for ligne in self.instance.contributions.all()}
        annuaire = regles.partenaires_du_plan(self.instance)
        connus = annuaire.model.objects.filter(Q(pk__in=annuaire.values("pk")) | Q(pk__in=siens))
        return [("", "—"), *((partenaire.pk, str(partenaire)) for partenaire in connus)]

    def champs_de_ligne(self):
        modele = ContributionPartenaire
        return {
            "partenaire_id": forms.TypedChoiceField(
                label="Partenaire de l'annuaire",
                choices=self._partenaires,
                coerce=int,
                empty_value=None,
            ),
            "organisme": forms.CharField(label="Ou autre organisme", max_length=160),
            "nature": _choix("Nature", modele.Nature.choices),
            "quantite": ChampDecimal(label="Quantité", max_value=999999),
            "unite": _choix("Unité", modele.Unite.choices),
            "valorisation": ChampDecimal(label="Valorisation (€)"),
            "convention_le": ChampDate(label="Convention signée le"),
            "methode": forms.CharField(label="Mode de calcul", max_length=250),
            "description": _texte("Ce qui est apporté"),
        }

    def _exiger(self, rang, valeurs):
        super()._exiger(rang, valeurs)
        couples = (
            ("quantite", "unite", "Choisissez l'unité de cette quantité."),
            ("valorisation", "methode", "Dites comment ce montant est calculé."),
        )
        for nombre, precision, phrase in couples:
            if valeurs[nombre] is not None and not valeurs[precision]:
                self.add_error(f"ligne_{rang}_{precision}", phrase)
        if not valeurs["partenaire_id"] and not valeurs["organisme"]:
            self.add_error(f"ligne_{rang}_organisme", "Dites quel partenaire l'apporte.")

    def save(self, commit=True):
        transitions.exiger_modifiable(self.instance)
        return super().save(commit)


class RevuesForm(FormulaireLignes):
    """The reviews planned, and what those held concluded; the next one is kept on the plan."""

    MODELE, RELATION, MOT, VIDES = RevuePlan, "revues", "revue", 2
    EXIGES = {"prevue_le": "Indiquez la date prévue."}
    titre_lignes = "Revues du plan"
    phrase_lignes = "La prochaine qui n'est pas encore tenue paraît dans « Aujourd'hui »."
    en_cartes = True

    class Meta:
        model = Plan
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Plans prepared before the reviews had rows only know the date of the next one.
        if self.instance.revue_le and not self._connues and "ligne_0_prevue_le" in self.fields:
            self.fields["ligne_0_prevue_le"].initial = self.instance.revue_le

    def champs_de_ligne(self):
        return {
            "prevue_le": ChampDate(label="Prévue le"),
            "tenue_le": ChampDate(label="Tenue le"),
            "conclusions": _texte("Conclusions"),
        }

    def _exiger(self, rang, valeurs):
        super()._exiger(rang, valeurs)
        if valeurs["tenue_le"]:
            futur = date_passee("La revue", valeurs["tenue_le"], horloge.aujourdhui())
            if futur:
                self.add_error(f"ligne_{rang}_tenue_le", futur)
            if not valeurs["conclusions"]:
                phrase = "Écrivez ce que cette revue a conclu."
                self.add_error(f"ligne_{rang}_conclusions", phrase)
        elif valeurs["conclusions"]:
            self.add_error(f"ligne_{rang}_tenue_le", "Indiquez quand cette revue s'est tenue.")

    def save(self, commit=True):
        rangs = [rang for rang in range(len(self._cles)) if not self._retiree(rang)]
        lignes = [self._valeurs(rang) for rang in rangs]
        attendues = [li["prevue_le"] for li in lignes if li["prevue_le"] and not li["tenue_le"]]
        self.instance.revue_le = min(attendues, default=None)
        return super().save(commit)
