"""Every change of the ledger: an enveloppe, the split of a convention, what is given back."""

from django.db import transaction

from accompagnements import droits
from accompagnements.conventions.models import Convention
from accompagnements.financements import compte, regles
from accompagnements.financements.models import Enveloppe, Imputation, Repartition
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import exiger_aucun_manque
from dla_portal.socle.templatetags.portail import euros


@transaction.atomic
def ouvrir_enveloppe(enveloppe, *, par):
    """Record what a financeur voted (not yet saved, its operator set). Returns it."""
    exiger(droits.gere(par, enveloppe))
    enveloppe.save()
    journaliser(enveloppe, f"Enveloppe ouverte : {euros(enveloppe.montant_vote)}", par=par)
    return enveloppe


@transaction.atomic
def modifier_enveloppe(enveloppe, *, par):
    """Save a changed enveloppe; what is voted never goes below what is engaged."""
    exiger(droits.gere(par, enveloppe))
    # Nobody engages anything on it until the commit: the check below holds.
    Enveloppe.objects.select_for_update().get(pk=enveloppe.pk)
    enveloppe.clean()
    enveloppe.save()
    journaliser(enveloppe, f"Enveloppe modifiée : {euros(enveloppe.montant_vote)}", par=par)
    return enveloppe


@transaction.atomic
def repartir(convention, *, par, parts):
    """Split the cost of a signed convention between enveloppes, as a whole.

    `parts` maps an Enveloppe to its share in euros TTC; the former split is replaced. The rows of
    the enveloppes are locked in the order of their keys: two splits never deadlock, and none
    engages what the other one has just taken. Returns the Repartition.
    """
    exiger(droits.suit(par, convention))
    lue = regles.repartition_de(convention)
    convention = Convention.objects.select_for_update().get(pk=convention.pk)
    verrouillees = _verrouiller(parts, convention)
    parts = {verrouillees[enveloppe.pk]: montant for enveloppe, montant in parts.items()}
    exiger_aucun_manque(regles.manques_pour_repartir(convention))
    exiger_aucun_manque(regles.manques_de_la_repartition(convention, parts))
    # The version that the person had on screen: a split made meanwhile is not overwritten.
    repartition = lue or Repartition(convention=convention)
    _ecrire(repartition, convention.montant_ttc_effectif, parts)
    _journal(repartition, "Coût réparti entre financeurs", parts, par)
    return repartition


def _verrouiller(parts, convention):
    """Lock the enveloppes of the new split and of the former one; return them by key."""
    cles = {enveloppe.pk for enveloppe in parts}
    anciennes = Imputation.objects.filter(repartition__convention=convention)
    cles |= set(anciennes.values_list("enveloppe", flat=True))
    lignes = Enveloppe.objects.select_for_update(of=("self",)).filter(pk__in=cles)
    lignes = lignes.select_related("financeur", "secteur", "departement").order_by("pk")
    return {enveloppe.pk: enveloppe for enveloppe in lignes}


def _ecrire(repartition, cout, parts):
    """Replace the shares by others which add up to the cost."""
    Imputation.objects.filter(repartition=repartition.pk).delete()
    repartition.cout = cout
    repartition.save()
    Imputation.objects.bulk_create(
        Imputation(repartition=repartition, enveloppe=enveloppe, montant=montant)
        for enveloppe, montant in parts.items()
    )


def _journal(repartition, libelle, parts, par):
    details = " ; ".join(f"{enveloppe} : {euros(montant)}" for enveloppe, montant in parts.items())
    journaliser(repartition, libelle, par=par, motif=details, nom="repartir")


@transaction.atomic
def liberer(convention, *, par):
    """Give back to the enveloppes what will never be invoiced; the cost split becomes the invoiced."""
    exiger(droits.gere(par, convention))
    convention = Convention.objects.select_for_update().get(pk=convention.pk)
    _verrouiller({}, convention)
    exiger_aucun_manque(regles.manques_pour_liberer(convention))
    repartition = convention.repartition
    siennes = compte.lignes(Repartition.objects.filter(pk=repartition.pk)).values()
    parts = {ligne.imputation.enveloppe: ligne.facture for ligne in siennes if ligne.facture}
    repartition.liberee_le = horloge.aujourdhui()
    _ecrire(repartition, compte.facture_total(convention), parts)
    _journal(repartition, "Reste rendu aux enveloppes", parts, par)
    return repartition
