"""Rows of a plan: planned shares of an action, contributions of partners, reviews.

None of them is money engaged: the ledger of `financements` knows what conventions really cost.
The version which guards them is that of their action, or of their plan, saved with them.
"""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accompagnements.demandes.partenaires import Partenaire
from accompagnements.plans.models import Action, Plan
from dla_portal.socle import horloge, nomenclatures


class LigneDuPlan(models.Model):
    """Base of the rows: their history bears the hour of the portal."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self._history_date = horloge.maintenant()
        super().save(*args, **kwargs)


class FinancementPrevu(LigneDuPlan):
    """What a financeur is expected to bear of the cost of an action, in euros TTC."""

    action = models.ForeignKey(
        Action, related_name="financements", on_delete=models.CASCADE, editable=False
    )
    financeur = nomenclatures.cle("financeur", verbose_name="financeur")
    precision = models.CharField("lequel", max_length=120, blank=True)
    montant = models.DecimalField("part prévue TTC (€)", max_digits=10, decimal_places=2)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "financement prévu"
        verbose_name_plural = "financements prévus"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="financement_prevu_positif",
                violation_error_message="La part d'un financeur est supérieure à zéro.",
            )
        ]

    def __str__(self):
        return f"{self.financeur} ({self.precision})" if self.precision else str(self.financeur)

    def get_financeur_id_display(self):
        """The financeur in words, for the page of a conflict."""
        return str(self.financeur)


class ContributionPartenaire(LigneDuPlan):
    """What a partner brings without being paid by the fonds d'ingénierie, valued in euros."""

    class Nature(models.TextChoices):
        EXPERTISE = "expertise", "Temps, expertise"
        FORMATION = "formation", "Formation"
        MATERIEL = "materiel", "Locaux, matériel"
        RESEAU = "reseau", "Mise en relation"
        AUTRE = "autre", "Autre"

    class Unite(models.TextChoices):
        JOUR = "jour", "jours"
        HEURE = "heure", "heures"
        SEANCE = "seance", "séances"
        PERSONNE = "personne", "personnes"
        FORFAIT = "forfait", "forfait"

    plan = models.ForeignKey(
        Plan, related_name="contributions", on_delete=models.CASCADE, editable=False
    )
    partenaire = models.ForeignKey(
        Partenaire,
        verbose_name="partenaire de l'annuaire",
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )
    organisme = models.CharField("autre organisme", max_length=160, blank=True)
    nature = models.CharField("nature", max_length=12, choices=Nature)
    description = models.TextField("ce qui est apporté", blank=True)
    quantite = models.DecimalField(
        "quantité", max_digits=8, decimal_places=2, null=True, blank=True
    )
    unite = models.CharField("unité", max_length=10, choices=Unite, blank=True)
    valorisation = models.DecimalField(
        "valorisation (€)", max_digits=10, decimal_places=2, null=True, blank=True
    )
    methode = models.CharField("mode de calcul", max_length=250, blank=True)
    convention_le = models.DateField("convention signée le", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "contribution d'un partenaire"
        verbose_name_plural = "contributions des partenaires"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(partenaire__isnull=False) | ~Q(organisme=""),
                name="contribution_organisme_nomme",
                violation_error_message="Une contribution dit quel partenaire l'apporte.",
            ),
            models.CheckConstraint(
                condition=Q(valorisation=None) | (Q(valorisation__gte=0) & ~Q(methode="")),
                name="contribution_valorisation_expliquee",
                violation_error_message="Une valorisation est positive et dit son mode de calcul.",
            ),
            models.CheckConstraint(
                condition=Q(quantite=None) | (Q(quantite__gte=0) & ~Q(unite="")),
                name="contribution_quantite_avec_unite",
                violation_error_message="Une quantité est positive et porte son unité.",
            ),
        ]

    def __str__(self):
        return self.qui

    @property
    def qui(self):
        """The partner: that of the directory, or the organisation named."""
        return str(self.partenaire) if self.partenaire_id else self.organisme

    def get_partenaire_id_display(self):
        """The partner in words, for the page of a conflict."""
        return str(self.partenaire or "")


class RevuePlan(LigneDuPlan):
    """A review of the plan with the structure: planned, then held with its conclusions."""

    plan = models.ForeignKey(Plan, related_name="revues", on_delete=models.CASCADE, editable=False)
    prevue_le = models.DateField("prévue le")
    tenue_le = models.DateField("tenue le", null=True, blank=True)
    conclusions = models.TextField("conclusions", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "revue du plan"
        verbose_name_plural = "revues du plan"
        ordering = ["prevue_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tenue_le=None, conclusions="")
                | (Q(tenue_le__isnull=False) & ~Q(conclusions="")),
                name="revue_plan_tenue_et_conclue",
                violation_error_message="Une revue tenue porte sa date et ses conclusions.",
            )
        ]

    def __str__(self):
        return f"Revue du {self.prevue_le:%d/%m/%Y}"
