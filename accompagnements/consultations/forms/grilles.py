"""Forms of the grids: presets, points of the criteria, score sheets."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.consultations.choix import note_de_prix
from accompagnements.consultations.grilles import CRITERES_MAX, GrilleType
from accompagnements.consultations.lecture import EXTRAIT, ce_qui_est_dit
from dla_portal.socle.formulaires import (
    ChampDecimal,
    FormulaireObjet,
    FormulaireVersionne,
)


class CriteresForm(FormulaireVersionne):
    """Points of the criteria; they add up to the total of the grid."""

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
        if not self.errors and total != self.objet.total_points:
            raise ValidationError(
                f"Les points totalisent {total} : il en faut {self.objet.total_points}."
            )
        return donnees

    def points(self):
        """Return {criterion pk: points}."""
        return {c.pk: self.cleaned_data[f"critere_{c.pk}"] for c in self.criteres}


class ChoisirGrilleForm(FormulaireObjet):
    """Another grid, among those of the region and the national ones."""

    grille = forms.ModelChoiceField(
        GrilleType.objects.none(),
        label="Grille",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choisissez une grille."},
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.fields["grille"].queryset = GrilleType.objects.pour(
            objet.ingenierie.operateur
        ).prefetch_related("criteres")
        self.fields["grille"].label_from_instance = _decrire_grille


def _decrire_grille(grille):
    criteres = ", ".join(str(critere) for critere in grille.criteres.all())
    note = " ; la structure note aussi" if grille.notee_par_structure else ""
    return f"{grille} ({grille.total} points{note}) : {criteres}"


class GrilleTypeForm(FormulaireVersionne):
    """A preset and its criteria, one row each; empty rows are left out."""

    libelle = forms.CharField(
        label="Nom de la grille",
        max_length=120,
        help_text="Le nom d'une grille nationale : la vôtre prend sa place dans votre région.",
    )
    notee_par_structure = forms.BooleanField(
        label="La structure note aussi, obligatoirement", required=False
    )
    retiree = forms.BooleanField(label="Retirée du choix", required=False)

    def __init__(self, *args, grille, **kwargs):
        super().__init__(*args, objet=grille, **kwargs)
        if grille.region_id is None:
            self.fields["libelle"].help_text = "Proposée à toutes les régions."
        connus = list(grille.criteres.all()) if grille.pk else []
        for nom in ("libelle", "notee_par_structure", "retiree"):
            self.initial[nom] = getattr(grille, nom)
        for rang in range(CRITERES_MAX):
            connu = connus[rang] if rang < len(connus) else None
            for nom, champ in _champs_de_critere(rang + 1).items():
                champ.initial = getattr(connu, nom) if connu else None
                self.fields[f"{nom}_{rang}"] = champ

    @property
    def generaux(self):
        return [self[nom] for nom in ("libelle", "notee_par_structure", "retiree")]

    @property
    def rangees(self):
        noms = ("libelle", "points", "prix")
        return [[self[f"{nom}_{rang}"] for nom in noms] for rang in range(CRITERES_MAX)]

    def clean(self):
        donnees = super().clean()
        for rang in range(CRITERES_MAX):
            libelle, points = donnees.get(f"libelle_{rang}"), donnees.get(f"points_{rang}")
            if libelle and not points and f"points_{rang}" not in self.errors:
                self.add_error(f"points_{rang}", "Donnez ses points à ce critère.")
            if points and not libelle and f"libelle_{rang}" not in self.errors:
                self.add_error(f"libelle_{rang}", "Nommez ce critère.")
        prix = [rang for rang in range(CRITERES_MAX) if donnees.get(f"prix_{rang}")]
        if len(prix) > 1:
            self.add_error(f"prix_{prix[1]}", "Un seul critère se note d'après le prix.")
        return donnees

    def grille_saisie(self):
        """The preset as typed, on the version that was read."""
        for nom in ("libelle", "notee_par_structure", "retiree", "version"):
            setattr(self.objet, nom, self.cleaned_data[nom])
        return self.objet

    def criteres(self):
        """Return the rows that were filled: [{"libelle", "points", "prix"}]."""
        lignes = (
            {nom: self.cleaned_data[f"{nom}_{rang}"] for nom in ("libelle", "points", "prix")}
            for rang in range(CRITERES_MAX)
        )
        return [ligne for ligne in lignes if ligne["libelle"]]


def _champs_de_critere(numero):
    """The three fields of one row; `entete` is the heading shown on a phone."""
    champs = {
        "libelle": forms.CharField(
            label=f"Critère {numero}",
            max_length=120,
            required=False,
            widget=forms.TextInput(attrs={"class": "form-control"}),
        ),
        "points": forms.IntegerField(
            label=f"Points du critère {numero}",
            min_value=1,
            max_value=200,
            required=False,
            widget=forms.NumberInput(attrs={"class": "form-control note-saisie"}),
        ),
        "prix": forms.BooleanField(
            label=f"Critère {numero} noté par le prix",
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        ),
    }
    for nom, entete in (("libelle", "Critère"), ("points", "Points"), ("prix", "Noté par le prix")):
        champs[nom].entete = entete
    return champs


def _refus_de_note(critere):
    """What is told at the very cell of a note that cannot be one."""
    bornes = f"Entre 0 et {critere.points} points"
    return {
        "invalid": f"{bornes}, en chiffres : par exemple {critere.points // 2},5.",
        "min_value": f"{bornes}.",
        "max_value": f"{bornes} : {critere.points} est le maximum de ce critère.",
        "max_decimal_places": f"{bornes}, deux décimales au plus.",
    }


class GrilleForm(FormulaireVersionne):
    """Points of each proposition on each criterion, half points allowed; the price is computed.

    A draft may be incomplete; the button « Clore ma grille » (field `clore`) asks for every note.
    """

    extrait = EXTRAIT
    clore = forms.CharField(required=False, widget=forms.HiddenInput)
    sans_conflit = forms.BooleanField(
        label="Je déclare n'avoir aucun conflit d'intérêts avec les prestataires que je note.",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args, objet, fiche=None, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.criteres = list(objet.criteres.all())
        self.propositions = list(objet.propositions.select_related("sollicitation__prestataire"))
        notes = fiche.notes.all() if fiche else []
        connues = {(n.proposition_id, n.critere_id): n for n in notes}
        for proposition in self.propositions:
            for critere in self._a_noter():
                self.fields[f"note_{proposition.pk}_{critere.pk}"] = ChampDecimal(
                    label=f"{critere.libelle} — {proposition.prestataire}",
                    widget=forms.TextInput(
                        attrs={"inputmode": "decimal", "class": "form-control note-saisie"}
                    ),
                    max_value=Decimal(critere.points),
                    initial=getattr(connues.get((proposition.pk, critere.pk)), "points", None),
                    required=False,
                    error_messages=_refus_de_note(critere),
                )
                self.fields[f"commentaire_{proposition.pk}_{critere.pk}"] = forms.CharField(
                    label=f"Pourquoi : {critere.libelle} — {proposition.prestataire}",
                    widget=forms.TextInput(
                        attrs={"class": "form-control", "placeholder": "Pourquoi cette note"}
                    ),
                    max_length=300,
                    initial=getattr(connues.get((proposition.pk, critere.pk)), "commentaire", ""),
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
            if not donnees.get("sans_conflit"):
                self.add_error(
                    "sans_conflit",
                    "Déclarez l'absence de conflit d'intérêts, ou laissez noter quelqu'un d'autre.",
                )
        return donnees

    def rangees(self):
        """One row per criterion: (criterion, fields of the propositions or computed notes)."""
        plus_bas = min((p.montant_ttc for p in self.propositions), default=None)
        return [
            (critere, [self._cellule(p, critere, plus_bas) for p in self.propositions])
            for critere in self.criteres
        ]

    def _cellule(self, proposition, critere, plus_bas):
        dite = {"dit": ce_qui_est_dit(proposition, critere), "prestataire": proposition.prestataire}
        if critere.prix:
            return {
                **dite,
                "champ": None,
                "calculee": note_de_prix(critere, proposition, plus_bas),
            }
        cle = f"{proposition.pk}_{critere.pk}"
        return {
            **dite,
            "champ": self._marquer(f"note_{cle}"),
            "pourquoi": self._marquer(f"commentaire_{cle}"),
            "calculee": None,
        }

    def _marquer(self, nom):
        """The bound field, its cell marked and tied to its sentence when it is refused."""
        champ = self[nom]
        if champ.errors:
            attributs = champ.field.widget.attrs
            if "is-invalid" not in attributs["class"]:
                attributs["class"] += " is-invalid"
            attributs["aria-describedby"] = f"{champ.id_for_label}_error"
        return champ

    def notes(self):
        """Return {(proposition pk, criterion pk): points} of the notes given."""
        donnees = {
            (p.pk, c.pk): self.cleaned_data[f"note_{p.pk}_{c.pk}"]
            for p in self.propositions
            for c in self._a_noter()
        }
        return {cle: points for cle, points in donnees.items() if points is not None}

    def commentaires(self):
        """Return {(proposition pk, criterion pk): justification}."""
        return {
            (p.pk, c.pk): self.cleaned_data[f"commentaire_{p.pk}_{c.pk}"]
            for p in self.propositions
            for c in self._a_noter()
        }

    def feuille(self):
        """What `noter` is told of the sheet."""
        return {
            "notes": self.notes(),
            "commentaires": self.commentaires(),
            "sans_conflit": self.cleaned_data["sans_conflit"],
            "clore": bool(self.cleaned_data["clore"]),
        }
