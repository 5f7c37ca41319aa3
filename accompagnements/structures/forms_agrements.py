"""The agréments of a structure, in rows of one form."""

from django import forms
from django.db.models import Q

from accompagnements.structures.agrements import AgrementDetenu
from accompagnements.structures.models import Structure
from dla_portal.socle.formulaires import ChampDate
from dla_portal.socle.lignes import FormulaireLignes
from dla_portal.socle.nomenclatures import Terme


class AgrementsForm(FormulaireLignes):
    """What the structure holds or held: what ends keeps its row, with its last day."""

    MODELE, RELATION, MOT, VIDES = AgrementDetenu, "agrements", "agrément", 2
    EXIGES = {"terme_id": "Choisissez l'agrément."}
    titre_lignes, en_cartes = "Agréments", True
    phrase_lignes = (
        "Un agrément renouvelé est une nouvelle ligne ; celui qui prend fin garde la sienne, avec sa "
        "dernière date. « Retirer » est pour une erreur."
    )

    class Meta:
        model = Structure
        fields = []

    def __init__(self, *args, **kwargs):
        self._references = None
        super().__init__(*args, **kwargs)

    def champs_de_ligne(self):
        termes, pieces = self._options()
        return {
            "terme_id": _reference("Agrément", termes, "Choisir"),
            "numero": forms.CharField(label="Numéro", max_length=60, required=False),
            "depuis_le": _date("Obtenu le"),
            "jusqu_au": _date("Valable jusqu'au"),
            "piece_id": _reference("Pièce", pieces, "Aucune"),
        }

    def _options(self):
        """(terms, documents) that a row may name: those in force, and those it names already."""
        if self._references is None:
            tenus = list(self.instance.agrements.all())
            termes, pieces = Terme.objects.de("agrement"), self.instance.pieces.all()
            termes = termes.filter(
                Q(pk__in=termes.en_vigueur().values("pk")) | Q(pk__in=[a.terme_id for a in tenus])
            )
            pieces = pieces.filter(
                Q(nature="agrement") | Q(pk__in=[a.piece_id for a in tenus if a.piece_id])
            )
            self._references = [
                [(ligne.pk, str(ligne)) for ligne in lues] for lues in (termes, pieces)
            ]
        return self._references

    def clean(self):
        donnees = super().clean()
        rangs = [rang for rang in range(len(self._cles)) if not self._retiree(rang)]
        vues = {}
        for rang in rangs:
            valeurs = self._valeurs(rang)
            debut, fin = valeurs["depuis_le"], valeurs["jusqu_au"]
            if debut and fin and fin < debut:
                self.add_error(f"ligne_{rang}_jusqu_au", "Cette date précède l'obtention.")
            if not valeurs["terme_id"]:
                continue
            cle = (valeurs["terme_id"], debut)
            if cle in vues:
                self.add_error(
                    f"ligne_{rang}_depuis_le",
                    f"La ligne {vues[cle]} dit déjà cet agrément à cette date.",
                )
            vues.setdefault(cle, rang + 1)
        return donnees


def _reference(libelle, options, vide):
    """A choice among known rows, by key: their labels are read once for every row of the form."""
    return forms.TypedChoiceField(
        label=libelle,
        choices=[("", vide), *options],
        coerce=int,
        empty_value=None,
        required=False,
    )


def _date(libelle):
    champ = ChampDate(label=libelle, required=False)
    champ.demi = True  # half of the line
    return champ
