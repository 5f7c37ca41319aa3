"""The follow-up done: the figures beside those of year N, each advice, effects, new needs."""

from django import forms

from accompagnements.diagnostics import chiffres
from accompagnements.diagnostics.forms_chiffres import champ_de
from accompagnements.diagnostics.models import GOUVERNANCE, Diagnostic, Reponse
from accompagnements.suites import depart, regles
from accompagnements.suites.models import ModeSuivi
from accompagnements.suites.releves import ConseilSuivi
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import ChampDate, ChampEntier, FormulaireObjet

CONSTATS = ("effets", "effet_decisif", "effet_durable", "causes", "besoins", "preconisations")
TEXTE_MAX = 5000  # characters in one field


def _texte(libelle, aide="", lignes=3):
    return forms.CharField(
        label=libelle,
        help_text=aide,
        max_length=TEXTE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": lignes}),
    )


def _reponse(libelle):
    return forms.ChoiceField(
        label=libelle, choices=[("", "Ne sait pas"), *Reponse.choices], required=False
    )


class RealiserForm(FormulaireObjet):
    """Nothing is compulsory but the date, and the reason of an advice not followed in full."""

    garde_la_saisie = True
    gabarit_champs = "accompagnements/suites/_releve.html"
    REGLES = {"realise_le": regles.manques_du_suivi}
    realise_le = ChampDate(label="Suivi réalisé le")
    mode = forms.ChoiceField(
        label="Mode", choices=[("", "Non précisé"), *ModeSuivi.choices], required=False
    )
    annee = ChampEntier(
        label="Année des chiffres",
        required=False,
        help_text="Dernière année dont les comptes sont connus.",
    )
    beneficiaires = ChampEntier(label="Nombre de bénéficiaires", required=False)
    preconisations = _texte("Ce qui a été mis en œuvre")
    effets = _texte(
        "Effets constatés", "Ce qui a changé pour la structure, ses emplois, ses publics."
    )
    effet_decisif = _reponse("L'accompagnement a été décisif")
    effet_durable = _reponse("Ses effets durent")
    causes = _texte("Causes des évolutions", "Ce qui explique les écarts entre les deux années.")
    besoins = _texte(
        "Nouveaux besoins", "Vous pourrez ensuite en faire une nouvelle demande de la structure."
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        diagnostic = objet.diagnostic
        self.depart = depart.de(diagnostic)
        self.conseils = regles.conseils_a_suivre(objet)
        self.initial.setdefault("annee", depart.annee_proposee(diagnostic))
        for ligne in chiffres.LIGNES:
            self.fields[ligne.nom] = champ_de(ligne, "au suivi")
        for nom in GOUVERNANCE:
            libelle = str(Diagnostic._meta.get_field(nom).verbose_name)
            self.fields[nom] = _reponse(libelle[0].upper() + libelle[1:])
        for rang in range(len(self.conseils)):
            self.fields[f"suite_{rang}"] = forms.ChoiceField(
                label="Suite donnée",
                choices=[("", "Choisir"), *ConseilSuivi.Suite.choices],
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            self.fields[f"pourquoi_{rang}"] = _texte("Pourquoi, comment", lignes=2)
            self.fields[f"pourquoi_{rang}"].widget.attrs["class"] = "form-control"
        if self.conseils:
            self.fields["preconisations"].label = "Autres actions mises en œuvre"

    @property
    def parties_de_la_grille(self):
        """The figures for the page: [(title, [(line, what it was in year N, bound field)])]."""
        return [
            (titre, [(ligne, self.depart.rendre(ligne), self[ligne.nom]) for ligne in lignes])
            for titre, lignes in chiffres.PARTIES
        ]

    @property
    def questions(self):
        """[(bound field, answer of year N)] of the questions on governance."""
        return [(self[nom], self.depart.reponse(nom)) for nom in GOUVERNANCE]

    @property
    def rangees(self):
        """[(advice, bound field of its suite, bound field of the reason)]."""
        return [
            (conseil, self[f"suite_{rang}"], self[f"pourquoi_{rang}"])
            for rang, conseil in enumerate(self.conseils)
        ]

    def clean_annee(self):
        annee, cette_annee = self.cleaned_data["annee"], horloge.aujourdhui().year
        if annee is not None and not chiffres.ANNEE_MIN <= annee <= cette_annee:
            raise forms.ValidationError(
                f"Indiquez une année entre {chiffres.ANNEE_MIN} et {cette_annee}."
            )
        return annee or self.initial["annee"]

    def clean(self):
        """Check the figures and the reasons, then hand what the transition takes."""
        donnees = super().clean()
        valeurs = {ligne.nom: donnees.get(ligne.nom) for ligne in chiffres.LIGNES}
        for nom, phrase in chiffres.fautes(donnees.get("annee") or 0, valeurs):
            if nom not in self.errors:
                self.add_error(nom, phrase)
        suites = [
            (conseil, donnees.get(f"suite_{rang}", ""), donnees.get(f"pourquoi_{rang}", ""))
            for rang, conseil in enumerate(self.conseils)
        ]
        for rang, (_, suite, pourquoi) in enumerate(suites):
            if suite and suite != "faite" and not pourquoi:
                self.add_error(f"pourquoi_{rang}", "Dites pourquoi ce n'est pas fait en entier.")
        if self.errors:
            return donnees
        autres = ("beneficiaires", *GOUVERNANCE)
        mesures = {**chiffres.completer(valeurs), **{nom: donnees.get(nom) for nom in autres}}
        connues = any(valeur not in (None, "") for valeur in mesures.values())
        return {
            "realise_le": donnees["realise_le"],
            "mode": donnees["mode"],
            "chiffres": {"annee": donnees["annee"], **mesures} if connues else None,
            "suites": suites,
            **{nom: donnees[nom] for nom in CONSTATS},
        }
