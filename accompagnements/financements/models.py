"""Ledger of the fonds d'ingénierie. Amounts in euros TTC, years of the convention de financement."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from accompagnements.conventions.models import Convention
from dla_portal.socle import nomenclatures
from dla_portal.socle.templatetags.portail import euros
from dla_portal.socle.verrou import Verrouille

RIEN = Decimal("0.00")
ANNEES = 1  # a convention is borne by the enveloppes of its year, of the one before, of the next
FIGES = ("financeur", "annee", "secteur", "departement", "politique")
FIGE = (
    "Des conventions sont déjà engagées sur cette enveloppe : ceci ne change plus. Ouvrez une autre "
    "enveloppe et répartissez-y les suivantes."
)


class EnveloppeQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The operator's own money: its team; a DLA régional reads that of its own operator."""
        return droits.portee(utilisateur, self)


class Enveloppe(Verrouille):
    """What a financeur voted for the fonds d'ingénierie of an operator, for one year.

    The earmark (secteur, territoire, politique publique) is optional: empty means no condition.
    """

    operateur = models.ForeignKey(
        "territoires.OperateurDLA",
        verbose_name="opérateur",
        related_name="enveloppes",
        editable=False,
        on_delete=models.PROTECT,
    )
    financeur = nomenclatures.cle("financeur", verbose_name="financeur")
    annee = models.PositiveSmallIntegerField("année de la convention de financement", db_index=True)
    numero = models.CharField("numéro de la convention de financement", max_length=60, blank=True)
    montant_vote = models.DecimalField("montant voté (€)", max_digits=12, decimal_places=2)
    secteur = nomenclatures.cle(
        "secteur", verbose_name="fléchée vers le secteur", null=True, blank=True
    )
    departement = models.ForeignKey(
        "territoires.Departement",
        verbose_name="fléchée vers le département",
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )
    politique = models.CharField(
        "fléchée vers la politique publique",
        max_length=120,
        blank=True,
        help_text="Par exemple : politique de la ville, égalité entre les femmes et les hommes.",
    )

    objects = EnveloppeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "enveloppe du fonds d'ingénierie"
        verbose_name_plural = "enveloppes du fonds d'ingénierie"
        ordering = ["-annee", "financeur__rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                "operateur",
                "financeur",
                "annee",
                "numero",
                Coalesce("secteur", Value(0)),
                Coalesce("departement", Value("")),
                "politique",
                name="enveloppe_unique",
                violation_error_message="Cette enveloppe existe déjà pour ce financeur et cette "
                "année : modifiez son montant.",
            ),
            models.CheckConstraint(
                condition=Q(montant_vote__gt=0),
                name="enveloppe_montant_positif",
                violation_error_message="Le montant voté est supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=Q(annee__gte=2002) & Q(annee__lte=2100),
                name="enveloppe_annee_plausible",
                violation_error_message="L'année est comprise entre 2002 et 2100.",
            ),
        ]

    def __str__(self):
        return " · ".join([f"{self.financeur} {self.annee}", *self.flechage])

    def get_absolute_url(self):
        return reverse("accompagnements:enveloppe", args=[self.pk])

    @property
    def fil(self):
        return f"enveloppe:{self.pk}"

    @property
    def flechage(self):
        """The conditions of the earmark, in words; empty when there is none."""
        return [str(cible) for cible in (self.secteur, self.departement, self.politique) if cible]

    def engage(self, sauf=None):
        """Sum of the shares it bears, those of one répartition left out when given."""
        parts = self.imputations.all()
        if sauf is not None:
            parts = parts.exclude(repartition=sauf)
        return parts.aggregate(somme=Sum("montant"))["somme"] or RIEN

    def clean(self):
        """Whoever changes what is voted (page or admin site) never goes below what is engaged."""
        super().clean()
        engage = self.engage() if self.pk else RIEN
        if engage:
            self._exiger_l_identite()
        if self.montant_vote is not None and self.montant_vote < engage:
            raise ValidationError(
                {
                    "montant_vote": f"{euros(engage)} sont déjà engagés sur cette enveloppe : le "
                    "montant voté ne peut être inférieur."
                }
            )

    def _exiger_l_identite(self):
        """What it is (year, financeur, earmark) is what conventions were engaged on."""
        ecrite = Enveloppe.objects.get(pk=self.pk)
        changes = [nom for nom in FIGES if getattr(self, nom) != getattr(ecrite, nom)]
        if changes:
            raise ValidationError(dict.fromkeys(changes, FIGE))


class Repartition(Verrouille):
    """Who bears the cost of a signed convention: set as a whole, its shares add up to `cout`.

    The sum is guaranteed at the commit by the database (see the migration that creates it).
    """

    convention = models.OneToOneField(
        Convention, related_name="repartition", editable=False, on_delete=models.PROTECT
    )
    cout = models.DecimalField("coût réparti (€ TTC)", max_digits=10, decimal_places=2)
    liberee_le = models.DateField(
        "ramenée au facturé le",
        null=True,
        blank=True,
        editable=False,
        help_text="Le reste des parts est rendu aux enveloppes.",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "répartition entre financeurs"
        verbose_name_plural = "répartitions entre financeurs"
        constraints = [
            models.CheckConstraint(
                condition=Q(cout__gte=0),
                name="repartition_cout_positif",
                violation_error_message="Le coût réparti ne peut être négatif.",
            )
        ]

    def __str__(self):
        return f"Répartition {self.convention.reference}"

    def get_absolute_url(self):
        return self.convention.get_absolute_url()

    @property
    def fil(self):
        return self.convention.fil

    @property
    def a_jour(self):
        """Whether the convention still costs what was split (an avenant may have changed it)."""
        return self.liberee_le is not None or self.cout == self.convention.montant_ttc_effectif


class Imputation(models.Model):
    """The share of the cost of a convention that an enveloppe bears."""

    repartition = models.ForeignKey(
        Repartition, related_name="imputations", on_delete=models.PROTECT
    )
    enveloppe = models.ForeignKey(Enveloppe, related_name="imputations", on_delete=models.PROTECT)
    montant = models.DecimalField("part (€ TTC)", max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = "imputation"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["repartition", "enveloppe"],
                name="imputation_une_par_enveloppe",
                violation_error_message="Cette enveloppe porte déjà une part de la convention.",
            ),
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="imputation_montant_positif",
                violation_error_message="Une part est supérieure à zéro.",
            ),
        ]

    def __str__(self):
        return f"{self.enveloppe} : {euros(self.montant)}"
