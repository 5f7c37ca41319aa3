"""The weekly sheet: a dossier and a kind by line, a day by column, saved at once."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.activites import regles, transitions
from accompagnements.activites.models import Temps, reference_de
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


@dataclass(frozen=True)
class Rangee:
    """One row for the page: its two choices (hidden when known), its name, its seven cells."""

    dossier: object
    nature: object
    nom: str
    cases: list
    total: int

    @property
    def connue(self):
        return bool(self.nom)


class FeuilleForm(FormulaireBase):
    """A week of a person. `lundi` is its Monday; `par` whoever types."""

    garde_la_saisie = True
    empreinte = forms.CharField(
        widget=forms.HiddenInput,
        max_length=64,
        error_messages={"required": "Rechargez la page : sa version est inconnue."},
    )
    connues = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, personne, operateur, lundi, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.personne, self.operateur, self.lundi, self.par = personne, operateur, lundi, par
        self.jours = [lundi + timedelta(days=rang) for rang in JOURS]
        lignes = list(
            Temps.objects.de_la_semaine(personne, lundi)
            .filter(operateur=operateur)
            .select_related("nature", "demande__structure", "demande__accompagnement", "activite")
        )
        self.tenues = [temps for temps in lignes if temps.activite_id]  # entered on their page
        self.stockees = {}
        for temps in lignes:
            if not temps.activite_id:
                self.stockees.setdefault(_cle(temps), {}).setdefault(temps.le, []).append(temps)
        self.initial["empreinte"] = empreinte_de(Temps.objects.de_la_semaine(personne, lundi))
        self._lire_les_choix()
        self._poser_les_rangees()

    def _lire_les_choix(self):
        """Dossiers and kinds by key, read once for all the rows."""
        self.reprises = self._recentes()
        demandes = {demande for demande, _ in (*self.stockees, *self.reprises) if demande}
        demandes |= self._envoyees()
        lignes = regles.dossiers_a_noter(self.par, demandes)
        self.dossiers = {demande.pk: demande for demande in lignes}
        self.natures = {terme.pk: terme for terme in Terme.objects.de("temps")}
        vivantes = Terme.objects.de("temps").en_vigueur()
        noms = [(pk, regles.nom_du_dossier(demande)) for pk, demande in self.dossiers.items()]
        self._choix_dossier = [("", "Aucun dossier"), *noms]
        self._choix_nature = [("", "Choisir"), *((t.pk, str(t)) for t in vivantes)]
        self._natures_connues = [(t.pk, str(t)) for t in self.natures.values()]

    def _envoyees(self):
        """The dossiers that the rows sent name, even closed meanwhile."""
        if not self.is_bound:
            return set()
        brutes = (self.data.get(f"r{rang}_dossier") for rang in range(RANGEES_MAX))
        return {pk for pk in map(entier, brutes) if pk is not None}

    def _recentes(self):
        """Rows of the two weeks before, the most used first."""
        avant = Temps.objects.notes().filter(
            personne=self.personne,
            operateur=self.operateur,
            activite=None,
            le__range=(self.lundi - AVANT, self.lundi - timedelta(days=1)),
        )
        cles = list(avant.order_by().values_list("demande", "nature"))
        neuves = sorted(set(cles) - set(self.stockees), key=lambda c: (-cles.count(c), str(c)))
        return neuves[:REPRISES]

    def _poser_les_rangees(self):
        cles = [*self.stockees, *self.reprises]
        cles = [c for c in cles if c[0] in (None, *self.dossiers) and c[1] in self.natures]
        connues = len(cles)
        if self.is_bound:
            connues = min(entier(self.data.get("connues")) or 0, RANGEES_MAX - VIDES)
            cles = [self._cle_envoyee(rang) for rang in range(connues)]
        self.initial["connues"] = connues
        self.cles = [*cles, *[None] * VIDES]
        for rang, cle in enumerate(self.cles):
            self._poser(rang, cle)

    def _cle_envoyee(self, rang):
        return (
            entier(self.data.get(f"r{rang}_dossier")),
            entier(self.data.get(f"r{rang}_nature")),
        )

    def _poser(self, rang, cle):
        choix = {
            "dossier": forms.ChoiceField(label="Dossier", choices=self._choix_dossier),
            "nature": forms.ChoiceField(
                label="Nature", choices=self._natures_connues if cle else self._choix_nature
            ),
        }
        for (nom, champ), valeur in zip(choix.items(), cle or (None, None), strict=True):
            champ.required, champ.initial = False, valeur
            champ.label = f"{champ.label}, ligne {rang + 1}"
            champ.widget.attrs["class"] = "form-select"
            if cle:
                champ.widget = forms.HiddenInput()
            self.fields[f"r{rang}_{nom}"] = champ
        for jour, le in enumerate(self.jours):
            lignes = self.stockees.get(cle, {}).get(le, [])
            if len(lignes) < 2 and not regles.manques_du_jour(le, self.par):
                self.fields[f"r{rang}_j{jour}"] = _champ_de_case(rang, le, lignes)

    @property
    def rangees(self):
        """The rows, for the page."""
        return [self._rangee(rang, cle) for rang, cle in enumerate(self.cles)]

    def _rangee(self, rang, cle):
        nom = ""
        if cle and cle[1] in self.natures:
            demande = self.dossiers.get(cle[0])
            dossier = f"{demande.structure.nom} · {reference_de(demande)}" if demande else ""
            nom = " — ".join(filter(None, (dossier or "Hors dossier", str(self.natures[cle[1]]))))
        cases = [self._case(rang, cle, jour) for jour in JOURS]
        return Rangee(
            self[f"r{rang}_dossier"],
            self[f"r{rang}_nature"],
            nom,
            cases,
            sum(case["stocke"] for case in cases),
        )

    def _case(self, rang, cle, jour):
        lignes = self.stockees.get(cle, {}).get(self.jours[jour], [])
        nom = f"r{rang}_j{jour}"
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
        vues = set()
        self.changees = []
        for rang in range(len(self.cles)):
            remplies = [j for j in JOURS if donnees.get(f"r{rang}_j{j}") is not None]
            cle = self._cle_de(rang, donnees, bool(remplies))
            if cle is None:
                continue
            if cle in vues and remplies:
                self.add_error(f"r{rang}_nature", "Cette ligne est déjà plus haut.")
                continue
            vues.add(cle)
            self._comparer(rang, cle, donnees)
        return donnees

    def _cle_de(self, rang, donnees, remplie):
        """The dossier and the kind of a row, or None when nothing is to be kept of it."""
        nature = self.natures.get(entier(donnees.get(f"r{rang}_nature")))
        demande = self.dossiers.get(entier(donnees.get(f"r{rang}_dossier")))
        if nature is None:
            if remplie and f"r{rang}_nature" not in self.errors:
                self.add_error(f"r{rang}_nature", "Choisissez la nature du temps de cette ligne.")
            return None
        manques = regles.manques_du_dossier(nature, demande) if remplie else []
        if manques and f"r{rang}_dossier" not in self.errors:
            self.add_error(f"r{rang}_dossier", ValidationError(manques))
            return None
        return (demande.pk if demande else None, nature.pk)

    def _comparer(self, rang, cle, donnees):
        """Keep the cells that differ from what is stored."""
        for jour in JOURS:
            nom = f"r{rang}_j{jour}"
            if nom not in self.fields or nom in self.errors:
                continue
            lignes = self.stockees.get(cle, {}).get(self.jours[jour], [])
            if len(lignes) > 1:
                continue
            temps = lignes[0] if lignes else None
            minutes = donnees.get(nom)
            # A new row adds: an empty cell there says nothing of what a known one holds.
            efface = minutes is None and (temps is None or rang >= self.initial["connues"])
            if efface or (temps and temps.minutes == minutes):
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
        self.data = self.data.copy()
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


def _cle(temps):
    return (temps.demande_id, temps.nature_id)


def _champ_de_case(rang, le, lignes):
    champ = ChampDuree(required=False, label=f"{date_fr(le).capitalize()}, ligne {rang + 1}")
    champ.help_text = ""
    champ.initial = lignes[0].minutes if lignes else None
    champ.widget.attrs |= {"class": "form-control case-duree", "aria-label": champ.label}
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
