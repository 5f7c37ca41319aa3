"""Editable nomenclatures: terms with validity dates and an external code, kept by the admin.

Upper layers declare their lists with `declarer`; the terms are sown after each migration without
ever overwriting what an administrator changed.
"""

from django.db import models
from django.db.models import Q

from dla_portal.socle import horloge, recherche

LISTES = {}


class TermeQuerySet(models.QuerySet):
    def de(self, liste):
        """Terms of one list, in their order."""
        return self.filter(liste=liste).order_by("rang", "libelle")

    def en_vigueur(self, le=None):
        """Terms that may be chosen on this date (today by default)."""
        le = le or horloge.aujourdhui()
        return self.filter(Q(debut=None) | Q(debut__lte=le), Q(fin=None) | Q(fin__gte=le))


class Terme(models.Model):
    """One value of a nomenclature. `code_externe` stays empty until an official code is known."""

    liste = models.CharField("liste", max_length=30)
    code = models.CharField("code", max_length=40)
    libelle = models.CharField("libellé", max_length=120)
    libelle_normalise = models.CharField(max_length=120, editable=False)
    famille = models.CharField("famille", max_length=80, blank=True)
    code_externe = models.CharField("code officiel", max_length=40, blank=True)
    rang = models.PositiveSmallIntegerField("rang", default=0)
    debut = models.DateField("valable à partir du", null=True, blank=True)
    fin = models.DateField("valable jusqu'au", null=True, blank=True)

    objects = TermeQuerySet.as_manager()

    class Meta:
        verbose_name = "terme de nomenclature"
        verbose_name_plural = "nomenclatures"
        ordering = ["liste", "rang", "libelle"]
        constraints = [
            models.UniqueConstraint(
                fields=["liste", "code"],
                name="terme_unique_par_liste",
                violation_error_message="Ce code existe déjà dans la liste.",
            )
        ]

    def __str__(self):
        return self.libelle

    def save(self, *args, **kwargs):
        self.libelle_normalise = recherche.normaliser(self.libelle)
        super().save(*args, **kwargs)


def declarer(liste, termes):
    """Declare a list; `termes` are (code, label) or (code, label, family) tuples."""
    LISTES[liste] = [(*terme, "")[:3] for terme in termes]


def semer():
    """Create the declared terms which are missing."""
    existants = set(Terme.objects.values_list("liste", "code"))
    manquants = [
        Terme(
            liste=liste,
            code=code,
            libelle=libelle,
            libelle_normalise=recherche.normaliser(libelle),
            famille=famille,
            rang=rang,
        )
        for liste, termes in LISTES.items()
        for rang, (code, libelle, famille) in enumerate(termes)
        if (liste, code) not in existants
    ]
    Terme.objects.bulk_create(manquants)


def cle(liste, **options):
    """Return a ForeignKey to the terms of one list."""
    options.setdefault("on_delete", models.PROTECT)
    options.setdefault("related_name", "+")
    return models.ForeignKey("socle.Terme", limit_choices_to={"liste": liste}, **options)


def plusieurs(liste, **options):
    """Return a ManyToManyField to the terms of one list."""
    options.setdefault("related_name", "+")
    return models.ManyToManyField("socle.Terme", limit_choices_to={"liste": liste}, **options)
