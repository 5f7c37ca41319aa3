"""Rows of an object edited in the form of the object itself: one version guards them all.

A row left empty is no row; a stored row emptied, or ticked « Retirer », goes away. A few empty
rows always follow the stored ones, so that the page works without any script.
"""

from dataclasses import dataclass

from django import forms

from dla_portal.socle.formulaires import FormulaireVerrouille, adapter_champ
from dla_portal.socle.saisies import entier

LIGNES_MAX = 60  # beyond, no more may be added; those already stored are all shown
RECUES_MAX = 500  # read from one sending: nobody's page holds so many


@dataclass(frozen=True)
class Rangee:
    """One row for the page: its bound fields, its removing box (None on a new row)."""

    numero: int
    cle: object
    champs: list
    retirer: object

    @property
    def fausse(self):
        """Whether a cell of the row is to be corrected."""
        return any(champ.errors for champ in self.champs)


class FormulaireLignes(FormulaireVerrouille):
    """Editing form of an object and of its rows.

    The subclass says `MODELE`, `RELATION` (name of the rows on the object), `EXIGES` (sentences of
    the cells that a row which is not empty must fill), `MOT` (what a row is, for the labels) and
    `VIDES`, the empty rows offered.
    """

    garde_la_saisie = True
    gabarit_champs = "composants/lignes.html"
    MODELE, RELATION, MOT, VIDES = None, "", "ligne", 3
    EXIGES = {}
    nombre_lignes = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._connues = {ligne.pk: ligne for ligne in getattr(self.instance, self.RELATION).all()}
        self._cles = self._lire_cles() if self.is_bound else list(self._connues)
        if not self.is_bound:
            vides = min(self.VIDES, max(LIGNES_MAX - len(self._connues), 0))
            self._cles += [None] * vides
        self.initial["nombre_lignes"] = len(self._cles)
        for rang, cle in enumerate(self._cles):
            self._ajouter(rang, self._connues.get(cle))

    def champs_de_ligne(self):
        """Return fresh form fields by name, in the order of the columns."""
        raise NotImplementedError

    def _lire_cles(self):
        nombre = min(entier(self.data.get(self.add_prefix("nombre_lignes"))) or 0, RECUES_MAX)
        lues = [entier(self.data.get(self.add_prefix(f"ligne_{i}_id"))) for i in range(nombre)]
        return [cle if cle in self._connues else None for cle in lues]

    def _ajouter(self, rang, ligne):
        self.fields[f"ligne_{rang}_id"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=ligne.pk if ligne else ""
        )
        for nom, champ in self.champs_de_ligne().items():
            adapter_champ(champ)
            champ.colonne = champ.label
            champ.label = f"{champ.label}, {self.MOT} {rang + 1}"
            champ.required = False
            classe = "form-select" if isinstance(champ.widget, forms.Select) else "form-control"
            champ.widget.attrs.setdefault("class", classe)
            champ.initial = getattr(ligne, nom) if ligne else None
            self.fields[f"ligne_{rang}_{nom}"] = champ
        if ligne:
            self.fields[f"ligne_{rang}_retirer"] = forms.BooleanField(
                required=False,
                label=f"Retirer {self.MOT} {rang + 1}",
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    @property
    def pleine(self):
        """Whether there is no room left for another row."""
        return len(self._connues) >= LIGNES_MAX

    @property
    def entetes(self):
        return [champ.label for champ in self.champs_de_ligne().values()]

    @property
    def rangees(self):
        """The rows, for the page."""
        noms = list(self.champs_de_ligne())
        return [
            Rangee(
                rang + 1,
                self[f"ligne_{rang}_id"],
                [self[f"ligne_{rang}_{nom}"] for nom in noms],
                self[f"ligne_{rang}_retirer"] if f"ligne_{rang}_retirer" in self.fields else None,
            )
            for rang in range(len(self._cles))
        ]

    @property
    def generaux(self):
        """The fields which are not those of a row."""
        return [champ for champ in self.visible_fields() if not champ.name.startswith("ligne_")]

    def _valeurs(self, rang):
        noms = self.champs_de_ligne()
        return {nom: self.cleaned_data.get(f"ligne_{rang}_{nom}") for nom in noms}

    def _retiree(self, rang):
        return bool(self.cleaned_data.get(f"ligne_{rang}_retirer"))

    def clean(self):
        donnees = super().clean()
        for rang in range(len(self._cles)):
            if self._retiree(rang):
                for nom in self.champs_de_ligne():  # what goes away need not be right
                    self._errors.pop(f"ligne_{rang}_{nom}", None)
                continue
            valeurs = self._valeurs(rang)
            if any(valeur not in (None, "") for valeur in valeurs.values()):
                self._exiger(rang, valeurs)
        return donnees

    def _exiger(self, rang, valeurs):
        for nom, phrase in self.EXIGES.items():
            cellule = f"ligne_{rang}_{nom}"
            if valeurs[nom] in (None, "") and cellule not in self.errors:
                self.add_error(cellule, phrase)

    def en_base(self, objet, nom):
        """Return (whether `nom` is a cell, what is stored there), for the page of a conflict."""
        _, _, reste = nom.partition("ligne_")
        rang, _, champ = reste.partition("_")
        if champ not in self.champs_de_ligne():
            return False, None
        ligne = self._connues.get(self._cles[int(rang)])
        affiche = getattr(ligne, f"get_{champ}_display", None)
        return True, affiche() if affiche else getattr(ligne, champ, None)

    def save(self, commit=True):
        """Save the object (its version is the lock), then its rows."""
        objet = super().save(commit)
        for rang, cle in enumerate(self._cles):
            self._ranger(objet, self._connues.get(cle), self._retiree(rang), self._valeurs(rang))
        return objet

    def _ranger(self, objet, ligne, retiree, valeurs):
        remplie = any(valeur not in (None, "") for valeur in valeurs.values())
        if retiree or not remplie:
            if ligne:
                ligne.delete()
            return
        champ_objet = getattr(type(objet), self.RELATION).field.name
        ligne = ligne or self.MODELE(**{champ_objet: objet})
        avant = {nom: getattr(ligne, nom) for nom in valeurs}
        for nom, valeur in valeurs.items():
            vide = None if self.MODELE._meta.get_field(nom).null else ""
            setattr(ligne, nom, vide if valeur in (None, "") else valeur)
        if ligne._state.adding or avant != {nom: getattr(ligne, nom) for nom in valeurs}:
            ligne.save()
