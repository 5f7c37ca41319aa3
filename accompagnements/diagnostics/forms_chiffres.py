"""The grid of the figures: three years side by side, checked at the cell."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.diagnostics import chiffres
from accompagnements.diagnostics.chiffres import ANNEE_MIN, LIGNES, PARTIES
from accompagnements.diagnostics.lignes import ChiffresAnnuels
from accompagnements.diagnostics.models import Diagnostic
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import ChampDecimal, ChampEntier, FormulaireVerrouille
from dla_portal.socle.saisies import entier

MONTANT_MAX = Decimal("9999999999.99")


class ChiffresForm(FormulaireVerrouille):
    """Accounts and jobs of N-2, N-1 and N. Those of year N are the baseline of the follow-up."""

    garde_la_saisie = True
    gabarit_champs = "accompagnements/diagnostics/_chiffres.html"
    annee_n = ChampEntier(
        label="Année N",
        required=False,
        help_text="Dernière année dont les comptes sont connus. Ses chiffres servent de point de "
        "départ au suivi après l'accompagnement.",
    )
    affichee = forms.IntegerField(widget=forms.HiddenInput, required=False)
    mettre_a_jour = forms.BooleanField(
        label="Mettre aussi à jour la fiche de la structure avec ces chiffres",
        required=False,
        help_text="Effectif, CDI, insertion, ETP, budget et résultat de chaque année remplie.",
    )

    class Meta:
        model = Diagnostic
        fields = ["annee_n"]

    def __init__(self, *args, depuis_la_fiche=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["annee_n"].label = "Année N"  # left empty, it is the one proposed
        self.initial["annee_n"] = chiffres.annee_proposee(self.instance)
        posee = entier(self.data.get(self.add_prefix("affichee"))) if self.is_bound else None
        base = posee if posee and ANNEE_MIN <= posee <= horloge.aujourdhui().year else None
        self.annees = chiffres.annees_de(base or self.initial["annee_n"])
        self.initial["affichee"] = self.annees[-1]
        self.structure = self.instance.accompagnement.structure
        fiche = chiffres.de_la_fiche(self.structure, self.annees)
        self.fiche_connue = bool(fiche) and not depuis_la_fiche
        self._stockees = {ligne.annee: ligne for ligne in self.instance.annees.all()}
        for annee in self.annees:
            self._colonne(annee, fiche.get(annee, {}) if depuis_la_fiche else {})

    def _colonne(self, annee, fiche):
        """Add the cells of one year; what is stored wins over what the fiche says."""
        stockee = self._stockees.get(annee)
        depart = {}
        if not self._stockees and annee == self.annees[-1]:  # a baseline older than the grid
            ancien = self.instance
            depart = {"effectif": ancien.effectif, "etp": ancien.etp, "charges": ancien.budget}
        for ligne in LIGNES:
            connu = getattr(stockee, ligne.nom, None)
            if connu is None:
                connu = depart.get(ligne.nom)
            if connu is None:
                connu = fiche.get(ligne.nom)
            self.fields[cellule(ligne.nom, annee)] = champ_de(ligne, annee, connu)

    @property
    def parties_de_la_grille(self):
        """The grid for the page: [(title, [(line, [bound cells])])]."""
        return [
            (titre, [(ligne, [self[cellule(ligne.nom, a)] for a in self.annees]) for ligne in lot])
            for titre, lot in PARTIES
        ]

    def clean_annee_n(self):
        annee, cette_annee = self.cleaned_data["annee_n"], horloge.aujourdhui().year
        if annee is None:
            return self.initial["annee_n"]
        if not ANNEE_MIN <= annee <= cette_annee:
            raise ValidationError(f"Indiquez une année entre {ANNEE_MIN} et {cette_annee}.")
        return annee

    def clean(self):
        donnees = super().clean()
        for annee in self.annees:
            valeurs = self._valeurs(annee)
            for nom, phrase in chiffres.fautes(annee, valeurs, self.structure.date_creation):
                if cellule(nom, annee) not in self.errors:
                    self.add_error(cellule(nom, annee), phrase)
        return donnees

    def _valeurs(self, annee):
        return {li.nom: self.cleaned_data.get(cellule(li.nom, annee)) for li in LIGNES}

    def en_base(self, objet, nom):
        """Return (whether `nom` is a cell, what is stored there), for the page of a conflict."""
        ligne, _, annee = nom.rpartition("_")
        if not annee.isdigit() or ligne not in {li.nom for li in LIGNES}:
            return False, None
        return True, getattr(self._stockees.get(int(annee)), ligne, None)

    def save(self, commit=True):
        """Save the year N and its baseline with the diagnostic, then the rows, then the fiche."""
        saisies = {annee: chiffres.completer(self._valeurs(annee)) for annee in self.annees}
        diagnostic = self.instance
        self._poser_le_depart(diagnostic, saisies)
        super().save(commit)
        for annee, valeurs in saisies.items():
            self._ranger(diagnostic, annee, valeurs)
        if self.cleaned_data["mettre_a_jour"]:
            self.structure.refresh_from_db()
            for annee, valeurs in saisies.items():
                if any(valeur is not None for valeur in valeurs.values()):
                    chiffres.vers_la_fiche(self.structure, annee, valeurs)
        return diagnostic

    def _poser_le_depart(self, diagnostic, saisies):
        """The baseline is that of year N, whether it is on screen or stored; else it is unknown."""
        annee_n = self.cleaned_data["annee_n"]
        valeurs = saisies.get(annee_n)
        if valeurs is None:
            stockee = self._stockees.get(annee_n)
            valeurs = {li.nom: getattr(stockee, li.nom, None) for li in LIGNES}
        for nom, valeur in chiffres.point_de_depart(valeurs).items():
            setattr(diagnostic, nom, valeur)

    def _ranger(self, diagnostic, annee, valeurs):
        ligne = self._stockees.get(annee)
        if all(valeur is None for valeur in valeurs.values()):
            if ligne:
                ligne.delete()
            return
        ligne = ligne or ChiffresAnnuels(diagnostic=diagnostic, annee=annee)
        avant = {nom: getattr(ligne, nom) for nom in valeurs}
        for nom, valeur in valeurs.items():
            setattr(ligne, nom, valeur)
        if ligne._state.adding or avant != valeurs:
            ligne.save()


def cellule(nom, annee):
    """Name of the cell of a line and a year."""
    return f"{nom}_{annee}"


def champ_de(ligne, annee, connu=None):
    """Return the form field of a line of the grid, in one year; empty means unknown."""
    attributs = {"class": "form-control nombre-saisie", "autocomplete": "off"}
    libelle = f"{ligne.libelle}, {annee}"
    if ligne.euros or ligne.decimales:
        mini = -MONTANT_MAX if ligne.signee else Decimal(0)
        maxi = MONTANT_MAX if ligne.euros else Decimal(999999)
        widget = forms.TextInput(attrs={"inputmode": "decimal", **attributs})
        return ChampDecimal(
            label=libelle,
            required=False,
            min_value=mini,
            max_value=maxi,
            initial=connu,
            widget=widget,
        )
    return ChampEntier(
        label=libelle,
        required=False,
        initial=connu,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **attributs}),
    )
