"""Objectives per department × year × indicator × type, by signed version."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from dla_portal.socle.verrou import Verrouille


class ObjectifQuerySet(models.QuerySet):
    def en_vigueur(self, le=None):
        """The highest signed version of each objective (signed on `le` at the latest)."""
        signes = self.filter(signe_le__isnull=False)
        if le:
            signes = signes.filter(signe_le__lte=le)
        plus_hautes = (
            signes.filter(
                departement=models.OuterRef("departement"),
                annee=models.OuterRef("annee"),
                indicateur=models.OuterRef("indicateur"),
                genre=models.OuterRef("genre"),
            )
            .order_by("-numero")
            .values("pk")[:1]
        )
        return signes.filter(pk=models.Subquery(plus_hautes))


# Indicators that an objective may be set on.
INDICATEURS = [
    ("I-09", "Structures accompagnées (I-09)"),
    ("I-10", "Structures bénéficiaires d'ingénierie (I-10)"),
    ("I-02", "Structures accueillies (I-02)"),
    ("I-06", "Diagnostics réalisés (I-06)"),
    ("I-07", "Structures diagnostiquées (I-07)"),
    ("I-11", "Ingénieries engagées (I-11)"),
]


class Objectif(Verrouille):
    """How many are expected in a department for a year; `numero` grows with each avenant."""

    class Genre(models.TextChoices):
        TOUS = "", "Tous types"
        INDIVIDUEL = "individuel", "Individuel"
        COLLECTIF = "collectif", "Collectif"
        MIXTE = "mixte", "Mixte"

    annee = models.PositiveSmallIntegerField("année")
    departement = models.ForeignKey(
        "territoires.Departement", verbose_name="département", on_delete=models.PROTECT
    )
    indicateur = models.CharField("indicateur", max_length=10, default="I-09")
    genre = models.CharField("type", max_length=12, choices=Genre, blank=True, default="")
    numero = models.PositiveSmallIntegerField("version", default=1)
    valeur = models.DecimalField("valeur", max_digits=12, decimal_places=2)
    signe_le = models.DateField("signé le", null=True, blank=True)

    objects = ObjectifQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "objectif"
        ordering = ["-annee", "departement", "indicateur", "genre", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["annee", "departement", "indicateur", "genre", "numero"],
                name="objectif_unique_par_version",
                violation_error_message="Cette version de l'objectif existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(valeur__gte=0),
                name="objectif_positif",
                violation_error_message="Un objectif ne peut être négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.annee} · {self.departement} · {self.indicateur} v{self.numero}"

    def get_absolute_url(self):
        return reverse("pilotage:objectifs")
