"""Trame of the convention: its sections as data, by region, each version kept for good."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from dla_portal.socle import horloge
from dla_portal.territoires.models import Region


class TrameQuerySet(models.QuerySet):
    def de(self, region):
        """Versions of a region (None: the national ones), the latest first."""
        return self.filter(region=region).order_by("-numero")

    def en_vigueur(self, region):
        """The latest version of the region, else the latest national one."""
        return self.de(region).first() or self.de(None).first()


class Trame(models.Model):
    """One version: never changed, replaced by the next one.

    `sections`: list of {"titre", "texte"}; what a text may hold is in `redaction`.
    """

    region = models.ForeignKey(
        Region,
        verbose_name="région",
        null=True,
        blank=True,
        related_name="trames",
        on_delete=models.PROTECT,
        help_text="Aucune : trame nationale.",
    )
    numero = models.PositiveIntegerField("version")
    sections = models.JSONField("sections", default=list)
    cree_le = models.DateTimeField("créée le", default=horloge.maintenant)
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )

    objects = TrameQuerySet.as_manager()

    class Meta:
        verbose_name = "trame de convention"
        verbose_name_plural = "trames de convention"
        ordering = [models.F("region").asc(nulls_first=True), "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "numero"],
                name="trame_version_unique",
                violation_error_message="Quelqu'un a enregistré une version entre-temps.",
            ),
            models.UniqueConstraint(
                fields=["numero"],
                condition=Q(region=None),
                name="trame_nationale_version_unique",
                violation_error_message="Quelqu'un a enregistré une version entre-temps.",
            ),
        ]

    def __str__(self):
        return f"Trame {self.region or 'nationale'}, version {self.numero}"
