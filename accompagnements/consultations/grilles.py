"""Grid presets: criteria and points that a region proposes to its operators.

A consultation copies the preset it chooses; its own criteria then freeze at its sending.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from dla_portal.comptes import roles
from dla_portal.socle.verrou import Verrouille
from dla_portal.territoires.models import Region

CRITERES_MAX = 10
REDACTEURS = {roles.DlaRegional.code, roles.Administrateur.code}


class GrilleTypeQuerySet(models.QuerySet):
    def pour(self, operateur):
        """Those an operator may choose: its region's and the national ones."""
        return self.filter(
            models.Q(region=None) | models.Q(region=operateur.region), retiree=False
        ).order_by(models.F("region").desc(nulls_last=True), "libelle")

    def modifiables_par(self, utilisateur):
        """The DLA régional keeps those of its region, the administrator all of them."""
        if utilisateur.role == roles.Administrateur.code:
            return self
        if utilisateur.role == roles.DlaRegional.code:
            return self.filter(region=droits.region_de(utilisateur))
        return self.none()


class GrilleType(Verrouille):
    """A named grid; `region` empty is national."""

    libelle = models.CharField("nom de la grille", max_length=120)
    region = models.ForeignKey(
        Region, null=True, blank=True, editable=False, on_delete=models.PROTECT
    )
    notee_par_structure = models.BooleanField(
        "la structure note aussi, obligatoirement", default=False
    )
    retiree = models.BooleanField("retirée du choix", default=False)

    objects = GrilleTypeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "grille type"
        verbose_name_plural = "grilles types"
        ordering = ["libelle"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "libelle"],
                name="grille_type_unique_par_region",
                violation_error_message="Une grille porte déjà ce nom dans cette région.",
            ),
            models.UniqueConstraint(
                fields=["libelle"],
                condition=models.Q(region=None),
                name="grille_type_nationale_unique",
                violation_error_message="Une grille nationale porte déjà ce nom.",
            ),
        ]

    def __str__(self):
        return self.libelle

    def get_absolute_url(self):
        return reverse("accompagnements:grilles_types")

    @property
    def total(self):
        """Sum of the points of its criteria."""
        return sum(critere.points for critere in self.criteres.all())


class CritereType(models.Model):
    """A criterion of a preset."""

    grille = models.ForeignKey(GrilleType, related_name="criteres", on_delete=models.CASCADE)
    rang = models.PositiveSmallIntegerField("rang")
    libelle = models.CharField("critère", max_length=120)
    points = models.PositiveSmallIntegerField("points")
    prix = models.BooleanField("noté par le prix", default=False)

    class Meta:
        verbose_name = "critère type"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["grille", "rang"], name="critere_type_rang_unique")
        ]

    def __str__(self):
        return f"{self.libelle} /{self.points}"


@transaction.atomic
def enregistrer(grille, criteres):
    """Save a preset and its criteria: [{"libelle", "points", "prix"}], in order.

    Raises ValidationError when a constraint is broken, VersionPerimee on a stale preset.
    """
    if len(criteres) < 2:
        raise ValidationError("Une grille a au moins deux critères.")
    grille.validate_constraints()
    grille.save()
    grille.criteres.all().delete()
    CritereType.objects.bulk_create(
        CritereType(grille=grille, rang=rang, **critere) for rang, critere in enumerate(criteres, 1)
    )
    return grille
