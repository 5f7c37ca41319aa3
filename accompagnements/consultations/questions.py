"""Questions of the prestataires: asked by one, answered to all without saying by whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accompagnements.consultations.models import Consultation, Sollicitation


class QuestionQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the consultations the user sees."""
        consultations = Consultation.objects.visibles_par(utilisateur)
        return self.filter(sollicitation__consultation__in=consultations.values("pk"))

    def repondues(self):
        """What every prestataire of the consultation reads."""
        return self.filter(repondue_le__isnull=False)


class Question(models.Model):
    """A question of one prestataire and the answer given to all."""

    sollicitation = models.ForeignKey(
        Sollicitation, related_name="questions", on_delete=models.PROTECT
    )
    texte = models.TextField("question")
    posee_le = models.DateTimeField("posée le")
    reponse = models.TextField("réponse", blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    repondue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question"
        ordering = ["posee_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(repondue_le__isnull=True) | (~Q(reponse="")),
                name="question_reponse_ecrite",
                violation_error_message="Une question répondue porte sa réponse.",
            )
        ]

    def __str__(self):
        return f"Question {self.pk} · {self.sollicitation.consultation.reference}"

    def get_absolute_url(self):
        return self.sollicitation.get_absolute_url()

    @property
    def fil(self):
        return self.sollicitation.fil

    @property
    def operateur_id(self):
        return self.sollicitation.operateur_id
