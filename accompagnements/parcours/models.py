"""What a person does to her tasks: the tasks themselves are built, never stored."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accompagnements import droits
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.verrou import Verrouille

CLE_MAX = 120  # characters in the key of a task


class TacheReporteeQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """One's own; those of the team, to the responsable of the operator."""
        siennes = Q(utilisateur=utilisateur)
        if utilisateur.role == roles.Responsable.code:
            siennes |= Q(operateur=droits.operateur_de(utilisateur))
        return self.filter(siennes)

    def en_cours(self):
        """Those whose date has not come."""
        return self.filter(jusquau__gt=horloge.aujourdhui())


class TacheReportee(Verrouille):
    """A task that a person has put off, for herself alone, with her reason.

    `cle` is the task, `cycle` its deadline and state when it was put off: once they change, it is
    another task, and it comes back.
    """

    # A convenience of the person: it goes with the account.
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="taches_reportees", on_delete=models.CASCADE
    )
    operateur = models.ForeignKey("territoires.OperateurDLA", on_delete=models.PROTECT)
    cle = models.CharField("tâche", max_length=CLE_MAX)
    cycle = models.CharField(max_length=CLE_MAX, blank=True)
    reportee_le = models.DateField("reportée le", default=horloge.aujourdhui)
    jusquau = models.DateField("jusqu'au", db_index=True)
    motif = models.CharField("motif", max_length=300)

    objects = TacheReporteeQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche reportée"
        verbose_name_plural = "tâches reportées"
        ordering = ["jusquau", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "cle"],
                name="tache_reportee_une_fois",
                violation_error_message="Vous avez déjà reporté cette tâche.",
            ),
            models.CheckConstraint(
                condition=Q(jusquau__gt=F("reportee_le")),
                name="tache_reportee_plus_tard",
                violation_error_message="Une tâche se reporte à un jour à venir.",
            ),
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="tache_reportee_motif",
                violation_error_message="Indiquez le motif du report.",
            ),
        ]

    def __str__(self):
        return f"{self.cle} reportée au {self.jusquau:%d/%m/%Y}"
