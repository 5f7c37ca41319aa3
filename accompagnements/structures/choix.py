"""Form of a fusion: what is kept of two records, built from what differs between them."""

from django import forms

from dla_portal.socle.formulaires import FormulaireNaissance


class FusionForm(FormulaireNaissance):
    """What is kept of two records that differ; carries the versions that were compared."""

    version_gardee = forms.IntegerField(widget=forms.HiddenInput)
    version_absorbee = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, apercu, versions, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= dict(zip(("version_gardee", "version_absorbee"), versions, strict=True))
        self.noms, self.lignes = {}, {}
        for difference in apercu.differences:
            if difference.a_choisir:
                cle = f"champ_{difference.nom}"
                self.noms[cle] = difference.nom
                self._choix(cle, difference.libelle, difference.gardee, difference.absorbee)
        for rang, (lien, ici, la) in enumerate(apercu.collisions):
            if not lien.identiques(ici, la):
                cle = f"ligne_{rang}"
                self.lignes[cle] = f"{lien.cle[0]}:{la.pk}"
                self._choix(cle, lien.titre_de(la), lien.en_mots(ici), lien.en_mots(la))

    def _choix(self, cle, libelle, gardee, absorbee):
        self.fields[cle] = forms.ChoiceField(
            label=libelle,
            choices=[("gardee", gardee), ("absorbee", absorbee)],
            initial="gardee",
            widget=forms.RadioSelect(
                attrs={"class": "form-check-input", "aria-describedby": f"t_{cle}"}
            ),
        )

    def comparaisons(self):
        """Bound fields to choose, in the order of the page."""
        return [self[cle] for cle in (*self.noms, *self.lignes)]

    def choix(self):
        """The arguments of `fusions.fusionner`."""
        pris = {cle for cle, valeur in self.cleaned_data.items() if valeur == "absorbee"}
        return {
            "repris": [nom for cle, nom in self.noms.items() if cle in pris],
            "lignes_reprises": [ligne for cle, ligne in self.lignes.items() if cle in pris],
        }
