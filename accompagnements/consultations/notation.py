"""Score sheets: the chargé's and the structure's, each closed before the other is seen."""

from django.db import models
from django.db.models import Q

from accompagnements.consultations.cahier import Critere
from accompagnements.consultations.models import Consultation, Proposition
from dla_portal.socle import horloge


class Fiche(models.Model):
    """The scores of one evaluator in a consultation; nobody reads it before it is closed."""

    class Evaluateur(models.TextChoices):
        CHARGE = "charge", "Opérateur"
        STRUCTURE = "structure", "Structure"

    consultation = models.ForeignKey(Consultation, related_name="fiches", on_delete=models.PROTECT)
    evaluateur = models.CharField("évaluateur", max_length=10, choices=Evaluateur)
    ouverte_le = models.DateTimeField("ouverte le", default=horloge.maintenant)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    close_par = models.CharField("close par", max_length=160, blank=True)
    renoncement = models.TextField("pourquoi on s'en passe", blank=True)
    sans_conflit = models.BooleanField("absence de conflit d'intérêts déclarée", default=False)

    class Meta:
        verbose_name = "grille de notation"
        verbose_name_plural = "grilles de notation"
        ordering = ["evaluateur"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "evaluateur"],
                name="fiche_une_par_evaluateur",
                violation_error_message="Cet évaluateur a déjà sa grille.",
            )
        ]

    def __str__(self):
        return f"Grille {self.get_evaluateur_display().lower()} · {self.consultation.reference}"

    @property
    def fil(self):
        return self.consultation.fil

    @property
    def attendue(self):
        """Neither closed nor done without."""
        return self.close_le is None and not self.renoncement


class Note(models.Model):
    """Points given to a proposition on one criterion."""

    proposition = models.ForeignKey(Proposition, related_name="notes", on_delete=models.CASCADE)
    critere = models.ForeignKey(Critere, related_name="notes", on_delete=models.PROTECT)
    fiche = models.ForeignKey(Fiche, related_name="notes", on_delete=models.CASCADE)
    points = models.DecimalField("points", max_digits=5, decimal_places=2)
    commentaire = models.CharField("commentaire", max_length=300, blank=True)

    class Meta:
        verbose_name = "note"
        ordering = ["critere__rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiche", "proposition", "critere"],
                name="note_unique",
                violation_error_message="Ce critère est déjà noté.",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0),
                name="note_positive",
                violation_error_message="Une note ne peut être négative.",
            ),
        ]

    def __str__(self):
        return f"{self.points}"
