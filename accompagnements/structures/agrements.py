"""Agréments held by a structure, from one date to another: ESUS, SIAE conventions, labels…

What is held is always read at a date: a row that ended stays, and tells what was true before.
"""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accompagnements.structures.models import RattacheAStructure, Structure
from accompagnements.structures.salle import PieceStructure
from dla_portal.socle import horloge, nomenclatures

PREVENIR = 90  # days before its end from which an agrément is said to end soon


class AgrementQuerySet(models.QuerySet):
    def en_vigueur_le(self, le=None):
        """Those held on this date (today by default); an unknown date is no limit."""
        le = le or horloge.aujourdhui()
        return self.filter(
            Q(depuis_le=None) | Q(depuis_le__lte=le), Q(jusqu_au=None) | Q(jusqu_au__gte=le)
        )


class AgrementDetenu(RattacheAStructure):
    """One agrément of a structure, with its number and its dates when they are known."""

    structure = models.ForeignKey(Structure, related_name="agrements", on_delete=models.CASCADE)
    terme = nomenclatures.cle("agrement", verbose_name="agrément")
    numero = models.CharField("numéro", max_length=60, blank=True)
    depuis_le = models.DateField("obtenu le", null=True, blank=True)
    jusqu_au = models.DateField("valable jusqu'au", null=True, blank=True)
    piece = models.ForeignKey(
        PieceStructure,
        verbose_name="pièce",
        null=True,
        blank=True,
        related_name="agrements",
        on_delete=models.PROTECT,
    )

    objects = AgrementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "agrément"
        ordering = ["terme__rang", "terme__libelle", F("depuis_le").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "terme"],
                condition=Q(depuis_le=None),
                name="agrement_unique_sans_date",
                violation_error_message="Cet agrément figure déjà sans date : datez-le.",
            ),
            models.UniqueConstraint(
                fields=["structure", "terme", "depuis_le"],
                name="agrement_unique_par_date",
                violation_error_message="Cet agrément figure déjà à cette date.",
            ),
            models.CheckConstraint(
                condition=Q(depuis_le=None) | Q(jusqu_au=None) | Q(jusqu_au__gte=F("depuis_le")),
                name="agrement_dates_ordonnees",
                violation_error_message="La fin de l'agrément précède son obtention.",
            ),
        ]

    def __str__(self):
        return str(self.terme)

    @property
    def fini(self):
        return self.jusqu_au is not None and self.jusqu_au < horloge.aujourdhui()

    @property
    def situation(self):
        """(tone, words) of its badge; ("", "") when there is nothing to say."""
        aujourdhui = horloge.aujourdhui()
        if self.fini:
            return "neutre", "Terminé"
        if self.depuis_le is not None and self.depuis_le > aujourdhui:
            return "attente", "À venir"
        if self.jusqu_au is not None and self.jusqu_au <= aujourdhui + timedelta(days=PREVENIR):
            return "attente", "À renouveler bientôt"
        return "", ""


def libelles(structure):
    """The agréments held today, in words, each once; reads what `prefetch_related` has read."""
    tenus = [a for a in structure.agrements.all() if a.situation[1] not in ("Terminé", "À venir")]
    return ", ".join(dict.fromkeys(str(agrement) for agrement in tenus))
