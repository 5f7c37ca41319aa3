"""Forms of one line of time."""

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.activites import regles, transitions
from accompagnements.activites.models import Temps
from dla_portal.socle import horloge
from dla_portal.socle.durees import ChampDuree
from dla_portal.socle.formulaires import ChampDate, FormulaireModele, FormulaireVerrouille
from dla_portal.socle.nomenclatures import Terme


class _ChampDossier(forms.ModelChoiceField):
    def label_from_instance(self, demande):
        return regles.nom_du_dossier(demande)


class _ChampsTemps(forms.ModelForm):
    """What both forms of a line share; the time of an animation asks for no dossier nor kind."""

    duree = ChampDuree(label="Durée")
    demande = _ChampDossier(
        label="Dossier",
        queryset=None,
        required=False,
        empty_label="Aucun dossier",
        help_text="Demandes et accompagnements en cours de votre opérateur.",
    )
    le = ChampDate(label="Date")

    class Meta:
        model = Temps
        fields = ["demande", "nature", "le", "personne", "commentaire"]
        help_texts = {"commentaire": "Sans rien de confidentiel : une ligne suffit."}

    field_order = ["demande", "nature", "duree", "le", "personne", "commentaire"]

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.par = par
        self._choisir_la_personne()
        if self.instance.activite_id:
            del self.fields["demande"], self.fields["nature"]
            return
        aussi = [self.instance.demande_id] if self.instance.demande_id else []
        self.fields["demande"].queryset = regles.dossiers_a_noter(self.par, aussi)
        self.fields["nature"].queryset = Terme.objects.de("temps").en_vigueur()
        self.fields["nature"].empty_label = "Choisir"

    def _choisir_la_personne(self):
        if not regles.pour_l_equipe(self.par):
            del self.fields["personne"]
            return
        self.fields["personne"].queryset = regles.equipe(self.instance.operateur_id)
        self.fields["personne"].empty_label = None

    def clean_le(self):
        le = self.cleaned_data["le"]
        manques = regles.manques_du_jour(le, self.par)
        if manques:
            raise ValidationError(manques)
        return le

    def clean(self):
        donnees = super().clean()
        if donnees.get("nature"):
            manques = regles.manques_du_dossier(donnees["nature"], donnees.get("demande"))
            if manques and "demande" not in self.errors:
                self.add_error("demande", ValidationError(manques))
        if donnees.get("duree"):
            self.instance.minutes = donnees["duree"]
        self._verifier_la_journee(donnees)
        return donnees

    def _verifier_la_journee(self, donnees):
        personne = donnees.get("personne") or self.instance.personne
        if not donnees.get("le") or not donnees.get("duree"):
            return
        manques = regles.manques_de_la_journee(
            personne, donnees["le"], donnees["duree"], self.instance.pk
        )
        if manques:
            self.add_error("duree", ValidationError(manques))


class TempsForm(_ChampsTemps, FormulaireModele):
    """A new line, for oneself unless the responsable says otherwise."""

    def __init__(self, *args, par, operateur, demande=None, activite=None, **kwargs):
        ligne = Temps(operateur=operateur, personne=par, demande=demande, activite=activite)
        if activite is not None:
            ligne.nature = Terme.objects.de("temps").get(code=regles.ANIMATION)
        kwargs["instance"] = ligne
        super().__init__(*args, par=par, **kwargs)
        self.initial["le"] = horloge.aujourdhui()

    def noter(self):
        """Enter the line; return it."""
        return transitions.noter(self.save(commit=False), par=self.par)


class TempsModifierForm(_ChampsTemps, FormulaireVerrouille):
    """Correction of a line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["duree"] = self.instance.minutes

    def valeur_stockee(self, etat, nom):
        """Where the duration lies, for the page of a conflict."""
        return (etat.minutes,) if nom == "duree" else None

    def save(self, commit=True):
        """Correct the line by its transition, which checks the whole day again."""
        return transitions.corriger(self.instance, par=self.par)
