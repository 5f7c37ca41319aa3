"""Gapless references by series, safe under parallel requests: `DLA-13-2026-0042`."""

from django.db import models, transaction
from django.db.models import F


class Compteur(models.Model):
    """Last number given in a series."""

    serie = models.CharField(max_length=40, unique=True)
    dernier = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "compteur de références"

    def __str__(self):
        return f"{self.serie} : {self.dernier}"


@transaction.atomic
def prochaine(serie, largeur=4):
    """Return the next reference of a series. The row stays locked until the commit."""
    Compteur.objects.get_or_create(serie=serie)
    Compteur.objects.filter(serie=serie).update(dernier=F("dernier") + 1)
    dernier = Compteur.objects.values_list("dernier", flat=True).get(serie=serie)
    return f"{serie}-{dernier:0{largeur}d}"
