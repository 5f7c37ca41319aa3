"""What is asked of the prestataires: cahier des charges, and the criteria of the choice."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from dla_portal.socle.templatetags.portail import date_courte, date_fr
from dla_portal.socle.verrou import Verrouille


class CahierDesCharges(Verrouille):
    """What is asked of the prestataires (domaine.md §6.3). Budget in euros TTC."""

    consultation = models.OneToOneField(
        "accompagnements.Consultation",
        related_name="cahier",
        on_delete=models.PROTECT,
        editable=False,
    )
    contexte = models.TextField("contexte et présentation de la structure", blank=True)
    problematique = models.TextField("synthèse du diagnostic, problématique et enjeux", blank=True)
    objectifs = models.TextField("objectifs de l'accompagnement", blank=True)
    contenu = models.TextField("contenu attendu de la mission", blank=True)
    livrables = models.TextField("livrables", blank=True)
    profil = models.TextField("profil attendu", blank=True)
    debut = models.DateField("début souhaité", null=True, blank=True)
    fin = models.DateField("fin souhaitée", null=True, blank=True)
    jours_max = models.DecimalField(
        "nombre de jours maximum", max_digits=6, decimal_places=2, null=True, blank=True
    )
    budget_max = models.DecimalField(
        "budget maximum TTC (€)", max_digits=10, decimal_places=2, null=True, blank=True
    )
    numero = models.PositiveSmallIntegerField("version", default=1, editable=False)
    valide_le = models.DateField("validé le", null=True, blank=True, editable=False)
    valide_par = models.CharField("validé par", max_length=120, blank=True, editable=False)
    version_validee = models.PositiveSmallIntegerField(
        "version validée par la structure", null=True, editable=False
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "cahier des charges"
        verbose_name_plural = "cahiers des charges"
        constraints = [
            models.CheckConstraint(
                condition=Q(debut=None) | Q(fin=None) | Q(fin__gte=F("debut")),
                name="cahier_dates_ordonnees",
                violation_error_message="La fin souhaitée précède le début.",
            ),
            models.CheckConstraint(
                condition=(Q(jours_max=None) | Q(jours_max__gte=0))
                & (Q(budget_max=None) | Q(budget_max__gte=0)),
                name="cahier_montants_positifs",
                violation_error_message="Jours et budget ne peuvent être négatifs.",
            ),
        ]

    def __str__(self):
        return f"Cahier des charges {self.consultation.reference}"

    @property
    def fil(self):
        return self.consultation.fil

    @property
    def calendrier(self):
        """The wished period in words; an em dash when nothing is known of it."""
        if self.debut and self.fin:
            return f"du {date_courte(self.debut)} au {date_courte(self.fin)}"
        if self.debut:
            return f"à partir du {date_courte(self.debut)}"
        return f"jusqu'au {date_courte(self.fin)}" if self.fin else "—"

    @property
    def accord_a_recueillir(self):
        """The structure validated a former version: it has not agreed to the corrections yet.

        Validations older than the record of their version are taken for that of the text in force.
        """
        return bool(self.version_validee) and self.version_validee < self.numero

    @property
    def validation_en_mots(self):
        """Which version was validated, by whom and when; empty when none was."""
        if not self.valide_le:
            return ""
        version = self.version_validee or self.numero
        phrase = f"version {version} validée par {self.valide_par} le {date_fr(self.valide_le)}"
        if self.accord_a_recueillir:
            phrase += (
                f" ; version {self.numero} : corrections communiquées, accord de la structure à "
                "recueillir"
            )
        return phrase


class Critere(models.Model):
    """A criterion of the grid and its maximum of points; frozen at sending."""

    consultation = models.ForeignKey(
        "accompagnements.Consultation", related_name="criteres", on_delete=models.CASCADE
    )
    rang = models.PositiveSmallIntegerField("rang")
    libelle = models.CharField("critère", max_length=120)
    points = models.PositiveSmallIntegerField("points")
    prix = models.BooleanField(
        "noté par le prix",
        default=False,
        help_text="Points × montant TTC le plus bas ÷ montant TTC proposé.",
    )

    class Meta:
        verbose_name = "critère"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "rang"], name="critere_rang_unique")
        ]

    def __str__(self):
        return f"{self.libelle} /{self.points}"
