"""Gestures offered on many structures of the register at once."""

from django import forms
from django.db import transaction

from accompagnements.structures import regles
from dla_portal.comptes.droits import exiger
from dla_portal.socle.lots import FormulaireLot, Lot
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.regles import Manques


class AjouterReseauForm(FormulaireLot):
    """The network that several structures belong to."""

    reseau = forms.ModelChoiceField(
        label="Réseau", queryset=Terme.objects.none(), empty_label="Choisissez"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reseau"].queryset = Terme.objects.de("reseau").en_vigueur()


@transaction.atomic
def ajouter_reseau(structure, *, par, reseau):
    """Say that a structure belongs to one more network."""
    exiger(regles.tient_le_registre(par))
    if structure.reseaux.filter(pk=reseau.pk).exists():
        raise Manques([f"Le réseau « {reseau} » y figure déjà."])
    structure.save()  # the lock of the page: who has it open will be told
    structure.reseaux.add(reseau)
    return structure


AJOUTER_RESEAU = Lot(
    "ajouter-reseau",
    "Ajouter un réseau",
    ajouter_reseau,
    lambda utilisateur, structure: regles.tient_le_registre(utilisateur),
    regles.tient_le_registre,
    formulaire=AjouterReseauForm,
)
