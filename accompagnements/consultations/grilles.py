"""Grid presets: criteria and points that a region proposes to its operators.

A consultation copies the preset it chooses; its own criteria then freeze at its sending. A grid
of a region takes there the place of the national one of the same name: to stop proposing a
national grid in its region, the DLA régional keeps a copy of it, retired.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import Verrouille
from dla_portal.territoires.models import Region

CRITERES_MAX = 10
REDACTEURS = {roles.DlaRegional.code, roles.Administrateur.code}


class GrilleTypeQuerySet(models.QuerySet):
    def pour(self, operateur):
        """Those an operator may choose: its region's, and the national ones it does not replace."""
        siennes = self.model.objects.filter(region__isnull=False, region=operateur.region)
        remplacees = models.Q(region=None, libelle__in=siennes.values("libelle"))
        return (
            self.filter(models.Q(region=None) | models.Q(region=operateur.region), retiree=False)
            .exclude(remplacees)
            .order_by(models.F("region").desc(nulls_last=True), "libelle")
        )

    def nationales(self):
        """Those of every region."""
        return self.filter(region=None)

    def copies(self):
        """Those that only set a national grid aside in a region: nobody has written in them."""
        return self.filter(
            region__isnull=False,
            retiree=True,
            version=0,
            libelle__in=self.model.objects.nationales().values("libelle"),
        )

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
    _renommer_les_copies(grille)
    grille.save()
    grille.criteres.all().delete()
    CritereType.objects.bulk_create(
        CritereType(grille=grille, rang=rang, **critere) for rang, critere in enumerate(criteres, 1)
    )
    return grille


def _renommer_les_copies(grille):
    """A national grid set aside stays so under its new name. (No version grows: see `copies`.)"""
    avant = GrilleType.objects.nationales().filter(pk=grille.pk).first()
    if avant is None or avant.libelle == grille.libelle:
        return
    prises = GrilleType.objects.filter(libelle=grille.libelle, region__isnull=False)
    copies = GrilleType.objects.copies().filter(libelle=avant.libelle)
    copies.exclude(region__in=list(prises.values_list("region", flat=True))).update(
        libelle=grille.libelle
    )


@transaction.atomic
def ecarter(grille, *, par):
    """Stop proposing a national grid in the region of the user. Returns the region's own copy."""
    region = _region_qui_choisit(grille, par)
    sienne, nee = GrilleType.objects.get_or_create(
        region_id=region,
        libelle=grille.libelle,
        defaults={"notee_par_structure": grille.notee_par_structure, "retiree": True},
    )
    if nee:
        CritereType.objects.bulk_create(
            CritereType(grille=sienne, rang=c.rang, libelle=c.libelle, points=c.points, prix=c.prix)
            for c in grille.criteres.all()
        )
    elif not sienne.retiree:
        sienne.retiree = True
        sienne.save()
    return sienne


@transaction.atomic
def proposer_de_nouveau(grille, *, par):
    """Propose again a national grid set aside, or the grid that the region wrote in its place."""
    region = _region_qui_choisit(grille, par)
    siennes = GrilleType.objects.filter(region=region, libelle=grille.libelle, retiree=True)
    siennes.copies().delete()
    for sienne in siennes:
        sienne.retiree = False
        sienne.save()


def _region_qui_choisit(grille, par):
    exiger(a_role(par, roles.DlaRegional.code))
    if grille.region_id is not None:
        raise Manques(["Cette grille est celle d'une région : modifiez-la."])
    return droits.region_de(par)
