"""Form of the eligibility criteria of a region."""

import secrets

from django import forms

from accompagnements.demandes import eligibilite
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import ChampDate, FormulaireBase, adapter_champs

LIBRES = 2  # empty lines offered after the written ones


class GrilleEligibiliteForm(FormulaireBase):
    """The next version: a line emptied goes away; the code follows the line."""

    numero = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        error_messages={"required": "Rechargez la page : sa version est inconnue."},
    )
    applicable_le = ChampDate(label="Applicable à partir du")

    def __init__(self, *args, criteres, numero, **kwargs):
        super().__init__(*args, **kwargs)
        self.ecrits = criteres
        self.total = min(len(criteres) + LIBRES, eligibilite.CRITERES_MAX)
        self.initial |= {"numero": numero, "applicable_le": horloge.aujourdhui()}
        for rang in range(1, self.total + 1):
            ecrit = criteres[rang - 1]["libelle"] if rang <= len(criteres) else ""
            self.fields[f"critere_{rang}"] = forms.CharField(
                label=f"Critère {rang}", max_length=160, required=False, initial=ecrit
            )
        libelles = {nom: champ.label for nom, champ in self.fields.items()}
        adapter_champs(self)
        for nom, libelle in libelles.items():  # an empty line goes without saying
            self.fields[nom].label = libelle

    def clean(self):
        donnees = super().clean()
        self.criteres = []
        for rang in range(1, self.total + 1):
            libelle = donnees.get(f"critere_{rang}", "").strip()
            if libelle:
                connu = rang <= len(self.ecrits)
                code = self.ecrits[rang - 1]["code"] if connu else secrets.token_hex(4)
                self.criteres.append({"code": code, "libelle": libelle})
        if donnees.get("applicable_le"):
            for phrase in eligibilite.manques_de_la_grille(self.criteres, donnees["applicable_le"]):
                self.add_error(None, phrase)
        return donnees
