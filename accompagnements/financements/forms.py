"""Forms of the ledger: an enveloppe, the split of a convention."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from accompagnements.financements import regles, transitions
from accompagnements.financements.compte import comptes, de_l_operateur
from accompagnements.financements.models import ANNEES, Enveloppe, Imputation
from dla_portal.socle import horloge
from dla_portal.socle.formulaires import (
    ChampDecimal,
    FormulaireModele,
    FormulaireVerrouille,
    FormulaireVersionne,
    adapter_champs,
)
from dla_portal.socle.nomenclatures import Terme
from dla_portal.socle.templatetags.portail import euros

CHAMPS = ["financeur", "annee", "numero", "montant_vote", "secteur", "departement", "politique"]
MONTANT_MAX = Decimal("9999999999.99")
JAMAIS = -1  # version of a split which does not exist yet


class _Champs(forms.Form):
    """What both forms share: tolerant amounts, terms in force, departments of the operator."""

    annee = forms.IntegerField(
        label="Année de la convention de financement", min_value=2002, max_value=2100
    )
    montant_vote = ChampDecimal(
        label="Montant voté (€)", min_value=Decimal("0.01"), max_value=MONTANT_MAX
    )

    def preparer(self):
        self.fields["financeur"].queryset = Terme.objects.de("financeur").en_vigueur()
        self.fields["secteur"].queryset = Terme.objects.de("secteur").en_vigueur()
        couverts = self.instance.operateur.departements.distinct()
        self.fields["departement"].queryset = couverts


class EnveloppeForm(_Champs, FormulaireModele):
    """What a financeur voted; `instance` carries the operator."""

    class Meta:
        model = Enveloppe
        fields = CHAMPS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.preparer()
        self.initial.setdefault("annee", None)
        self.initial["annee"] = self.initial["annee"] or horloge.aujourdhui().year


class EnveloppeModifierForm(_Champs, FormulaireVerrouille):
    """The same, later: never below what is engaged. `par` is who saves."""

    class Meta:
        model = Enveloppe
        fields = CHAMPS

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.par = par
        self.preparer()

    def save(self, commit=True):
        return transitions.modifier_enveloppe(self.instance, par=self.par)


class RepartirForm(FormulaireVersionne):
    """One amount per enveloppe of the operator; the whole adds up to the cost of the convention."""

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        repartition = regles.repartition_de(objet)
        self.initial["version"] = repartition.version if repartition else JAMAIS
        dernieres = Imputation.objects.filter(repartition=repartition)
        deja = {i.enveloppe_id: i.montant for i in dernieres} if repartition else {}
        self.enveloppes = offertes(objet, deja)
        libres = comptes(self.enveloppes)
        for enveloppe in self.enveloppes:
            part = deja.get(enveloppe.pk)
            libre = libres[enveloppe.pk].reste + (part or 0)
            self.fields[f"part_{enveloppe.pk}"] = ChampDecimal(
                label=str(enveloppe),
                required=False,
                initial=part,
                help_text=f"{euros(libre)} disponibles sur {euros(enveloppe.montant_vote)} votés.",
            )
        adapter_champs(self)

    def parts(self):
        """Return {enveloppe: euros TTC} of what was typed; nothing and zero mean no share."""
        montants = {e: self.cleaned_data.get(f"part_{e.pk}") for e in self.enveloppes}
        return {enveloppe: montant for enveloppe, montant in montants.items() if montant}

    def clean(self):
        donnees = super().clean()
        if not self.errors:
            manques = regles.manques_de_la_repartition(self.objet, self.parts())
            if manques:
                raise ValidationError(manques)
        return donnees


def offertes(convention, deja=()):
    """Return the enveloppes which may bear a convention, those of its year first."""
    annee = convention.signee_le.year
    lignes = [
        enveloppe
        for enveloppe in de_l_operateur(convention.operateur_id)
        if abs(enveloppe.annee - annee) <= ANNEES or enveloppe.pk in deja
    ]
    return sorted(lignes, key=lambda e: (abs(e.annee - annee), -e.annee, e.financeur.rang, e.pk))
