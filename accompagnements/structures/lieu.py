"""Where a structure stands: coordinates of its address, priority neighbourhood, zonings on a date.

A commune tells the rural zonings; a neighbourhood (QPV) only follows from an address: somebody
checked it and wrote it down, or the coordinates fall within a contour that was loaded.
"""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q

from dla_portal.territoires.models import ClassementCommune, Contour, Couche


class Situee(models.Model):
    """Base of the structure: its point on the map and its neighbourhood entered by hand."""

    latitude = models.DecimalField(
        "latitude", max_digits=8, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        "longitude", max_digits=9, decimal_places=6, null=True, blank=True
    )
    qpv = models.CharField(
        "quartier prioritaire (QPV)",
        max_length=160,
        blank=True,
        help_text="Nom ou code, si l'adresse y est et que le portail ne le trouve pas de lui-même.",
    )
    qpv_source = models.CharField(
        "source du QPV",
        max_length=160,
        blank=True,
        help_text="Par exemple : carte de l'ANCT, attestation de la mairie.",
    )
    qpv_constate_le = models.DateField("QPV constaté le", null=True, blank=True)

    class Meta:
        abstract = True


def contraintes_du_lieu():
    """Constraints of `Situee`, for the model which inherits from it."""
    return [
        models.CheckConstraint(
            condition=Q(latitude=None, longitude=None)
            | Q(
                latitude__isnull=False,
                longitude__isnull=False,
                latitude__range=(-90, 90),
                longitude__range=(-180, 180),
            ),
            name="structure_coordonnees",
            violation_error_message="La latitude et la longitude vont ensemble, en degrés.",
        ),
        models.CheckConstraint(
            condition=Q(qpv="", qpv_source="", qpv_constate_le=None)
            | (~Q(qpv="") & ~Q(qpv_source="") & Q(qpv_constate_le__isnull=False)),
            name="structure_qpv_source_et_date",
            violation_error_message="Un QPV saisi porte sa source et sa date.",
        ),
    ]


@dataclass(frozen=True)
class Quartier:
    """The priority neighbourhood of a structure, and how it is known."""

    nom: str
    source: str
    constate_le: date | None  # None: found by contour
    code: str = ""

    @property
    def en_mots(self):
        """« Les Cèdres (QN01301M) »."""
        return f"{self.nom} ({self.code})" if self.code else self.nom


def quartier_de(structure, le):
    """Return the Quartier of a structure on a date, or None.

    What somebody checked comes first, from the day it was checked on; the contours in force on
    that date come next.
    """
    if structure.qpv and structure.qpv_constate_le <= le:
        return Quartier(structure.qpv, structure.qpv_source, structure.qpv_constate_le)
    if structure.latitude is None:
        return None
    contours = Contour.objects.en_vigueur(le).filter(couche=Couche.QPV)
    trouve = contours.contenant(structure.latitude, structure.longitude)
    return Quartier(trouve.nom, trouve.source, None, trouve.code) if trouve else None


def zonages_de(structure, le):
    """Return the sorted codes of the zoning layers of a structure on a date."""
    couches = set()
    if structure.commune_id is not None:
        lignes = ClassementCommune.objects.en_vigueur(le).filter(commune=structure.commune_id)
        couches |= set(lignes.values_list("couche", flat=True))
    if quartier_de(structure, le) is not None:
        couches.add(Couche.QPV.value)
    return sorted(couches)
