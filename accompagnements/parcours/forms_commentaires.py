"""Forms of the comments on a dossier."""

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.demandes import commenter
from accompagnements.demandes.commentaires import (
    CommentaireDossier,
    Portee,
    equipe,
    lecteurs,
    lecteurs_en_mots,
    portees_ouvertes,
)
from dla_portal.comptes.models import Utilisateur
from dla_portal.socle.formulaires import (
    ChampChoixMultiple,
    FormulaireModele,
    FormulaireVerrouille,
)

AIDE_TEXTE = (
    "Pour appeler quelqu'un, écrivez @ suivi de son prénom et de son nom, ou cochez-le ci-dessous."
)
AIDE_PREVENIR = (
    "Chaque personne cochée reçoit un courriel sans le texte, avec le lien, et retrouve la mention "
    "dans le portail."
)


class ChampPrevenir(ChampChoixMultiple):
    """The colleagues who may be called; those out of the team say so beside their name."""

    widget = forms.CheckboxSelectMultiple
    equipe = frozenset()

    def label_from_instance(self, personne):
        if personne.pk in self.equipe:
            return str(personne)
        return f"{personne} (lit seulement les commentaires partagés)"


def _champ_prevenir():
    return ChampPrevenir(
        label="Prévenir",
        queryset=Utilisateur.objects.none(),
        required=False,
        help_text=AIDE_PREVENIR,
    )


class CommenterForm(FormulaireModele):
    """A new comment: internal unless told otherwise, each choice saying who will read it."""

    prevenir = _champ_prevenir()

    class Meta:
        model = CommentaireDossier
        fields = ["portee", "texte"]
        widgets = {"portee": forms.RadioSelect, "texte": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"texte": AIDE_TEXTE}

    def __init__(self, *args, dossier, auteur, **options):
        super().__init__(*args, **options)
        self.dossier, self.auteur = dossier, auteur
        ouvertes = portees_ouvertes(auteur, dossier)
        self.fields["portee"].choices = [
            (portee.value, f"{portee.label}. {lecteurs_en_mots(dossier, portee)}")
            for portee in ouvertes
        ]
        self.initial.setdefault("portee", ouvertes[0] if ouvertes else Portee.PARTAGE)
        siens = set(equipe(dossier).values_list("pk", flat=True))
        possibles = lecteurs(dossier, Portee.PARTAGE).exclude(pk=auteur.pk)
        self.fields["prevenir"].equipe = siens
        self.fields["prevenir"].queryset = possibles.order_by("nom", "prenom")
        if not possibles.exists():
            del self.fields["prevenir"]

    def clean(self):
        donnees = super().clean()
        portee, texte = donnees.get("portee"), donnees.get("texte")
        if portee and texte:
            prevenir = donnees.get("prevenir", [])
            # What the transition demands again, said here at the field which is at fault.
            _, phrases = commenter.manques_des_mentions(
                self.dossier, portee, texte, prevenir, self.auteur
            )
            _dire_au_champ(self, phrases)
        return donnees


class CorrigerForm(FormulaireVerrouille):
    """The text of one's own comment, and who else to call; its readers stay the same."""

    prevenir = _champ_prevenir()

    class Meta:
        model = CommentaireDossier
        fields = ["texte"]
        widgets = {"texte": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"texte": AIDE_TEXTE}

    def __init__(self, *args, auteur, **options):
        super().__init__(*args, **options)
        self.auteur = auteur
        dossier, portee = self.instance.accompagnement, self.instance.portee
        deja = self.instance.mentions.values("personne")
        possibles = lecteurs(dossier, portee).exclude(pk=auteur.pk).exclude(pk__in=deja)
        self.fields["prevenir"].label = "Prévenir aussi (facultatif)"
        self.fields["prevenir"].equipe = set(possibles.values_list("pk", flat=True))
        self.fields["prevenir"].queryset = possibles.order_by("nom", "prenom")
        if not possibles.exists():
            del self.fields["prevenir"]

    def clean(self):
        donnees = super().clean()
        if donnees.get("texte"):
            _, phrases = commenter.manques_des_mentions(
                self.instance.accompagnement,
                self.instance.portee,
                donnees["texte"],
                donnees.get("prevenir", []),
                self.auteur,
            )
            _dire_au_champ(self, phrases)
        return donnees

    def save(self, commit=True):
        donnees = self.cleaned_data
        return commenter.corriger(
            self.instance,
            par=self.auteur,
            texte=donnees["texte"],
            prevenir=donnees.get("prevenir", []),
        )


def _dire_au_champ(formulaire, phrases):
    """A call written in the text is told there, a person ticked is told at « Prévenir »."""
    for phrase in phrases:
        champ = "texte" if phrase.startswith("« @") else "prevenir"
        formulaire.add_error(
            champ if champ in formulaire.fields else "texte", ValidationError(phrase)
        )
