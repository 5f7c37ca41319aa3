"""The figures of the ledger: voté, engagé, facturé, payé, reste, and the rows that make them.

Invoices are spread over the shares of their convention in the order in which they were recorded,
each one pro rata of what remains to be invoiced on the shares (see `prorata`). A paid invoice is
one of them, and shares add up to the cost of the convention: hence, for each enveloppe and at any
time, payé ≤ facturé ≤ engagé ≤ voté. The parts of the invoices are worked out, not stored: a new
split works them out again. `regles.manques_du_deja_porte` therefore refuses a share below what its
enveloppe already bears of the invoices certified or paid.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Sum

from accompagnements.conventions.models import Convention
from accompagnements.financements.models import RIEN, Enveloppe, Imputation, Repartition
from accompagnements.financements.prorata import ventiler
from accompagnements.restitutions.etats import EtatFacture
from accompagnements.restitutions.models import Facture

ACQUISES = (EtatFacture.CERTIFIEE, EtatFacture.PAYEE)


@dataclass
class Ligne:
    """One share of an enveloppe and the part of each invoice that it bears (euros TTC)."""

    imputation: Imputation
    factures: list = field(default_factory=list)  # (Facture, amount)

    @property
    def facture(self):
        return sum((montant for _, montant in self.factures), RIEN)

    @property
    def paye(self):
        return sum((m for facture, m in self.factures if facture.etat == EtatFacture.PAYEE), RIEN)

    @property
    def acquis(self):
        """What is paid, or due since its service fait is certified: it moves no more."""
        return sum((m for facture, m in self.factures if facture.etat in ACQUISES), RIEN)


@dataclass
class Compte:
    """The account of an enveloppe, or of several together (euros TTC)."""

    vote: Decimal = RIEN
    engage: Decimal = RIEN
    facture: Decimal = RIEN
    paye: Decimal = RIEN

    @property
    def reste(self):
        """What is voted and may still be engaged."""
        return self.vote - self.engage

    def ajouter(self, autre):
        """Add another account to this one."""
        self.vote += autre.vote
        self.engage += autre.engage
        self.facture += autre.facture
        self.paye += autre.paye


def lignes(repartitions):
    """Return {imputation pk: Ligne} for all the shares of these répartitions; two queries."""
    parts, factures = defaultdict(list), defaultdict(list)
    repartitions = repartitions.values("pk")
    imputations = Imputation.objects.filter(repartition__in=repartitions)
    for imputation in imputations.select_related(
        "repartition__convention__ingenierie",
        "enveloppe__financeur",
        "enveloppe__secteur",
        "enveloppe__departement",
    ).order_by("pk"):
        parts[imputation.repartition_id].append(Ligne(imputation))
    recues = (
        Facture.objects.filter(mission__convention__repartition__in=repartitions)
        .exclude(etat=EtatFacture.REJETEE)
        .annotate(repartition=F("mission__convention__repartition"))
    )
    for facture in recues.order_by("pk"):
        factures[facture.repartition].append(facture)
    for cle, siennes in parts.items():
        _ventiler(siennes, factures[cle])
    return {ligne.imputation.pk: ligne for siennes in parts.values() for ligne in siennes}


def _ventiler(siennes, factures):
    """Spread the invoices of a convention over its shares."""
    restes = [ligne.imputation.montant for ligne in siennes]
    for facture in factures:
        montants = ventiler(facture.montant_ttc, restes)
        restes = [reste - montant for reste, montant in zip(restes, montants, strict=True)]
        for ligne, montant in zip(siennes, montants, strict=True):
            if montant:
                ligne.factures.append((facture, montant))


def comptes(enveloppes):
    """Return {enveloppe pk: Compte} of a queryset or a list of enveloppes, with its lines summed."""
    resultat = {enveloppe.pk: Compte(vote=enveloppe.montant_vote) for enveloppe in enveloppes}
    concernees = Repartition.objects.filter(imputations__enveloppe__in=list(resultat))
    for ligne in lignes(concernees).values():
        compte = resultat.get(ligne.imputation.enveloppe_id)
        if compte is not None:
            compte.engage += ligne.imputation.montant
            compte.facture += ligne.facture
            compte.paye += ligne.paye
    return resultat


def total(comptes_):
    """Return the account of several enveloppes together."""
    somme = Compte()
    for compte in comptes_:
        somme.ajouter(compte)
    return somme


def lignes_de(enveloppe):
    """Return the lines of one enveloppe, latest convention first: the rows behind its figures."""
    concernees = Repartition.objects.filter(imputations__enveloppe=enveloppe)
    siennes = [
        ligne
        for ligne in lignes(concernees).values()
        if ligne.imputation.enveloppe_id == enveloppe.pk
    ]
    return sorted(siennes, key=lambda ligne: -ligne.imputation.pk)


def facture_total(convention):
    """Return what the prestataire has invoiced for a convention, rejected invoices left out."""
    factures = Facture.objects.filter(mission__convention=convention)
    montants = factures.exclude(etat=EtatFacture.REJETEE).values_list("montant_ttc", flat=True)
    return sum(montants, RIEN)


def paye_hors_enveloppe(utilisateur):
    """Return what is paid (euros TTC) among what the user sees and no enveloppe bears.

    Paying does not wait for the split (an operator may keep no ledger): the fund then says what
    its own figures miss.
    """
    payees = Facture.objects.visibles_par(utilisateur).filter(etat=EtatFacture.PAYEE)
    paye = payees.aggregate(somme=Sum("montant_ttc"))["somme"] or RIEN
    conventions = Convention.objects.visibles_par(utilisateur).order_by().values("pk")
    portees = lignes(Repartition.objects.filter(convention__in=conventions)).values()
    return paye - sum((ligne.paye for ligne in portees), RIEN)


def de_l_operateur(operateur_id):
    """Return the enveloppes of an operator, latest year first."""
    lignes_ = Enveloppe.objects.filter(operateur=operateur_id)
    return lignes_.select_related("financeur", "secteur", "departement")
