"""The weekly sheet: a dossier and a kind by line, a day by column, saved at once."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.activites import regles, transitions
from accompagnements.activites.models import Temps
from accompagnements.activites.transitions import Case, empreinte_de
from dla_portal.socle import durees, horloge
from dla_portal.socle.durees import ChampDuree
from dla_portal.socle.formulaires import FormulaireBase, adapter_champ
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.saisies import entier
from dla_portal.socle.templatetags.portail import date_fr

VIDES = 3  # empty rows offered
RANGEES_MAX = 40
REPRISES = 8  # rows of the weeks before, offered again
AVANT = timedelta(days=14)
JOURS = range(7)
CELLULE = re.compile(r"d([0-9]{1,10})n([0-9]{1,10})_j[0-6]")  # of a known row


@dataclass(frozen=True)
class Rangee:
    """One row for the page: its name or its two choices, its seven cells."""

    nom: str
    dossier: object
    nature: object
    cases: list
    total: int


class FeuilleForm(FormulaireBase):
    """A week of a person. `lundi` is its Monday; `par` whoever types.

    A known row is named after its dossier and its kind, a new one after its place: what is typed
    never slides from one to another, whatever was stored meanwhile.
    """

    garde_la_saisie = True
    empreinte = forms.CharField(
        widget=forms.HiddenInput,
        max_length=64,
        error_messages={"required": "Rechargez la page : sa version est inconnue."},
    )

    def __init__(self, *args, personne, operateur, lundi, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.personne, self.operateur, self.lundi, self.par = personne, operateur, lundi, par
        self.jours = [lundi + timedelta(days=rang) for rang in JOURS]
        self._lire_la_semaine()
        self._lire_les_choix()
        self.cles = {f"x{rang}": None for rang in range(VIDES)}
        self.cles = {_nom(cle): cle for cle in self._connues()} | self.cles
        for nom, cle in self.cles.items():
            self._poser(nom, cle)
        if self.is_bound:
            self._completer()

    def _completer(self):
        """A cell which was not on the page sent keeps what is stored: it was not emptied."""
        self.data = self.data.copy()
        for nom, champ in self.fields.items():
            if nom not in self.data and champ.initial is not None:
                self.data[nom] = champ.prepare_value(champ.initial)

    def _lire_la_semaine(self):
        lignes = Temps.objects.de_la_semaine(self.personne, self.lundi).select_related(
            "nature", "demande__structure", "demande__accompagnement", "activite"
        )
        self.initial["empreinte"] = empreinte_de(lignes)
        siennes = [temps for temps in lignes if temps.operateur_id == self.operateur.pk]
        self.tenues = [temps for temps in siennes if temps.activite_id]  # entered on their page
        self.stockees = {}
        for temps in siennes:
            if not temps.activite_id:
                cle = (temps.demande_id, temps.nature_id)
                self.stockees.setdefault(cle, {}).setdefault(temps.le, []).append(temps)

    def _lire_les_choix(self):
        """Dossiers and kinds by key, read once for all the rows."""
        self.citees = {*self.stockees, *self._recentes(), *self._envoyees()}
        demandes = {demande for demande, _ in self.citees if demande}
        lignes = regles.dossiers_a_noter(self.par, demandes)
        self.dossiers = {demande.pk: demande for demande in lignes}
        self.natures = {terme.pk: terme for terme in Terme.objects.de("temps")}
        noms = [(pk, regles.nom_du_dossier(demande)) for pk, demande in self.dossiers.items()]
        vivantes = Terme.objects.de("temps").en_vigueur()
        self._choix = {
            "dossier": ("Dossier", [("", "Aucun dossier"), *noms]),
            "nature": ("Nature", [("", "Choisir"), *((t.pk, str(t)) for t in vivantes)]),
        }

    def _envoyees(self):
        """The known rows that were on the page sent, even if nothing is stored there any more."""
        lues = (CELLULE.fullmatch(nom) for nom in self.data)
        cles = [(entier(lue[1]), entier(lue[2])) for lue in lues if lue]
        return {(demande or None, nature) for demande, nature in cles[: 7 * RANGEES_MAX] if nature}

    def _recentes(self):
        """Rows of the two weeks before, the most used ones."""
        avant = Temps.objects.notes().filter(
            personne=self.personne,
            operateur=self.operateur,
            activite=None,
            le__range=(self.lundi - AVANT, self.lundi - timedelta(days=1)),
        )
        cles = list(avant.order_by().values_list("demande", "nature"))
        neuves = sorted(set(cles) - set(self.stockees), key=lambda c: (-cles.count(c), str(c)))
        return neuves[:REPRISES]

    def _connues(self):
        """The rows with a name, by dossier then by kind; those outside any dossier last."""
        cles = [
            cle
            for cle in self.citees
            if cle[0] in (None, *self.dossiers) and cle[1] in self.natures
        ]
        return sorted(cles, key=self._rang)[:RANGEES_MAX]

    def _rang(self, cle):
        demande, nature = self.dossiers.get(cle[0]), self.natures[cle[1]]
        return (demande is None, demande.structure.nom if demande else "", cle[0] or 0, nature.rang)

    def _poser(self, nom, cle):
        if cle is None:
            for quoi, (libelle, choix) in self._choix.items():
                champ = forms.ChoiceField(
                    label=f"{libelle}, {self._lieu(nom)}", choices=choix, required=False
                )
                champ.widget.attrs["class"] = "form-select"
                self.fields[f"{nom}_{quoi}"] = champ
        for jour, le in enumerate(self.jours):
            lignes = self._lignes(cle, jour)
            if len(lignes) < 2 and not self._ferme(le):
                champ = _champ_de_case(f"{date_fr(le).capitalize()}, {self._lieu(nom)}")
                champ.initial = lignes[0].minutes if lignes else None
                self.fields[f"{nom}_j{jour}"] = champ

    def _ferme(self, le):
        return bool(regles.manques_du_jour(le, self.par))

    def _lignes(self, cle, jour):
        return self.stockees.get(cle, {}).get(self.jours[jour], [])

    def _lieu(self, nom):
        """How a row is called in the labels of its cells."""
        cle = self.cles[nom]
        return self._libelle(cle) if cle else f"ligne {int(nom[1:]) + 1}"

    def _libelle(self, cle):
        demande = self.dossiers.get(cle[0])
        sujet = regles.nom_du_dossier(demande) if demande else "Hors dossier"
        return f"{sujet} — {self.natures[cle[1]]}"

    @property
    def rangees(self):
        """The rows, for the page."""
        return [self._rangee(nom, cle) for nom, cle in self.cles.items()]

    def _rangee(self, nom, cle):
        cases = [self._case(nom, cle, jour) for jour in JOURS]
        return Rangee(
            self._libelle(cle) if cle else "",
            None if cle else self[f"{nom}_dossier"],
            None if cle else self[f"{nom}_nature"],
            cases,
            sum(case["stocke"] for case in cases),
        )

    def _case(self, nom, cle, jour):
        lignes = self._lignes(cle, jour)
        nom = f"{nom}_j{jour}"
        return {
            "le": self.jours[jour],
            "champ": self[nom] if nom in self.fields else None,
            "stocke": sum(temps.minutes for temps in lignes),
            "plusieurs": len(lignes) > 1,
        }

    @property
    def totaux(self):
        """Minutes stored by day, activities included, with whether the day is a long one."""
        par_jour = dict.fromkeys(self.jours, 0)
        for jours in self.stockees.values():
            for le, lignes in jours.items():
                par_jour[le] += sum(temps.minutes for temps in lignes)
        for temps in self.tenues:
            par_jour[temps.le] += temps.minutes
        return [
            {"le": le, "minutes": m, "longue": m > regles.LONGUE_JOURNEE}
            for le, m in par_jour.items()
        ]

    @property
    def total(self):
        return sum(jour["minutes"] for jour in self.totaux)

    def clean(self):
        donnees = super().clean()
        self.changees, vues = [], set()
        for nom, connue in self.cles.items():
            remplie = any(donnees.get(f"{nom}_j{jour}") is not None for jour in JOURS)
            cle = connue or self._cle_choisie(nom, donnees, remplie)
            if cle is not None and cle in vues:
                self.add_error(f"{nom}_nature", "Cette ligne est déjà plus haut.")
            elif cle is not None:
                vues.add(cle)
                self._comparer(nom, cle, donnees, efface=connue is not None)
        return donnees

    def _cle_choisie(self, nom, donnees, remplie):
        """The dossier and the kind of a new row, or None when nothing is to be kept of it."""
        nature = self.natures.get(entier(donnees.get(f"{nom}_nature")))
        demande = self.dossiers.get(entier(donnees.get(f"{nom}_dossier")))
        if not remplie or f"{nom}_nature" in self.errors or f"{nom}_dossier" in self.errors:
            return None
        if nature is None:
            self.add_error(f"{nom}_nature", "Choisissez la nature du temps de cette ligne.")
            return None
        manques = regles.manques_du_dossier(nature, demande)
        if manques:
            self.add_error(f"{nom}_dossier", ValidationError(manques))
            return None
        return (demande.pk if demande else None, nature.pk)

    def _comparer(self, nom, cle, donnees, *, efface):
        """Keep the cells that differ from what is stored; `efface`: an empty one withdraws."""
        for jour in JOURS:
            case = f"{nom}_j{jour}"
            if case not in self.fields or case in self.errors:
                continue
            temps = next(iter(self._lignes(cle, jour)), None)
            minutes = donnees.get(case)
            rien = minutes is None and (temps is None or not efface)
            if rien or (temps and temps.minutes == minutes):
                continue
            demande, nature = self.dossiers.get(cle[0]), self.natures[cle[1]]
            self.changees.append(Case(temps, demande, nature, self.jours[jour], minutes))

    def enregistrer(self):
        """Apply what changed; return how many lines did."""
        return transitions.enregistrer_semaine(
            self.personne,
            self.operateur,
            self.lundi,
            par=self.par,
            cases=self.changees,
            empreinte=self.cleaned_data["empreinte"],
        )

    def apres_conflit(self):
        """Take the fingerprint of today: sending again then applies what is typed."""
        self.data["empreinte"] = self.initial["empreinte"]

    @property
    def ecarts(self):
        """Cells typed otherwise than what is stored by now, for `composants/conflit.html`."""
        return [
            {
                "libelle": f"{date_fr(case.le).capitalize()}, {case.nature}",
                "enregistre": durees.en_mots(case.temps.minutes) if case.temps else "",
                "saisi": durees.en_mots(case.minutes) if case.minutes else "",
            }
            for case in self.changees
        ]


def _nom(cle):
    """Name of a known row in the form."""
    return f"d{cle[0] or 0}n{cle[1]}"


def _champ_de_case(libelle):
    champ = ChampDuree(required=False, label=libelle)
    champ.help_text = ""
    champ.widget.attrs |= {"class": "form-control case-duree", "aria-label": libelle}
    adapter_champ(champ)
    return champ


def lundi_de(le):
    """The Monday of the week of a date."""
    return le - timedelta(days=le.weekday())


def lundi_lu(brut):
    """The Monday of the week that an address names, this week's when it names none.

    Never in the future, nor further back than what the product may hold.
    """
    aujourdhui = horloge.aujourdhui()
    try:
        le = type(aujourdhui).fromisoformat(brut or "")
    except ValueError:
        le = aujourdhui
    plancher = aujourdhui - 10 * regles.ARRIERE_RESPONSABLE
    return lundi_de(max(min(le, aujourdhui), plancher))
