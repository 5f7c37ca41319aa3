"""Forms of the person's mails and of the suppléances."""

from django import forms

from dla_portal.comptes import roles, suppleer
from dla_portal.comptes.abonnements import PreferencesCourriel, Rythme
from dla_portal.comptes.suppleances import Suppleance
from dla_portal.socle.formulaires import ChampDate, FormulaireModele, FormulaireVerrouille


class CourrielsForm(FormulaireVerrouille):
    """A pace for each kind of news that the roles of the person have."""

    class Meta:
        model = PreferencesCourriel
        fields = []

    def __init__(self, *args, types, **kwargs):
        super().__init__(*args, **kwargs)
        self.types = types
        for t in types:
            self.fields[t.code] = forms.ChoiceField(
                label=t.libelle,
                help_text=t.aide,
                choices=Rythme.choices,
                widget=forms.RadioSelect,
                initial=self.instance.rythme(t),
            )

    def valeur_stockee(self, preferences, nom):
        """Where the pace lies, for the page of a conflict: None when it is no pace."""
        par_code = {t.code: t for t in self.types}
        return (preferences.rythme(par_code[nom]),) if nom in par_code else None

    def en_base(self, preferences, nom):
        """Return (whether `nom` is a pace, what is stored, in words)."""
        stocke = self.valeur_stockee(preferences, nom)
        return (True, Rythme(stocke[0]).label) if stocke else (False, None)

    def save(self, commit=True):
        """Keep the paces; the day of the last digest belongs to the command."""
        choisis = {t.code: self.cleaned_data[t.code] for t in self.types}
        self.instance.rythmes = {**self.instance.rythmes, **choisis}
        if self.instance._state.adding:
            self.instance.save()
        else:
            self.instance.save(update_fields=["rythmes"])
        return self.instance


class SuppleanceForm(FormulaireModele):
    """Who stands in, from when to when; for whom, when the responsable asks."""

    du = ChampDate(label="Du")
    au = ChampDate(
        label="Au", help_text="Dernier jour compris : la suppléance s'arrête d'elle-même."
    )

    class Meta:
        model = Suppleance
        fields = ["absent", "suppleant", "du", "au"]

    def __init__(self, *args, utilisateur, **kwargs):
        super().__init__(*args, **kwargs)
        rattachement = utilisateur.rattachement
        self.instance.operateur_id = rattachement.operateur_id
        self.instance.posee_par = utilisateur
        equipe = suppleer.equipe(rattachement.operateur_id)
        for nom in ("absent", "suppleant"):
            self.fields[nom].queryset = equipe
            self.fields[nom].empty_label = "Choisir"
        if utilisateur.role != roles.Responsable.code:
            del self.fields["absent"]
            self.instance.absent = utilisateur
            self.fields["suppleant"].queryset = equipe.exclude(pk=utilisateur.pk)

    @property
    def valeurs_de_la_suppleance(self):
        """What `suppleer.poser` takes."""
        donnees = {nom: self.cleaned_data[nom] for nom in ("suppleant", "du", "au")}
        absent = self.cleaned_data["absent"] if "absent" in self.fields else self.instance.absent
        return {"absent": absent, **donnees}

    def clean(self):
        donnees = super().clean()
        if not self.errors:
            valeurs = self.valeurs_de_la_suppleance
            for champ, phrases in suppleer.manques(self.instance.operateur_id, **valeurs).items():
                self.add_error(champ, forms.ValidationError(phrases))
        return donnees
