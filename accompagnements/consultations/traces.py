"""What a consultation keeps of two acts told by their author: a refusal received, the choice."""

from django.db import models
from django.db.models import Q

from dla_portal.socle.templatetags.portail import date_courte


class Moyen(models.TextChoices):
    """How a refusal that does not come by the personal link was received."""

    TELEPHONE = "telephone", "par téléphone"
    LETTRE = "lettre", "par lettre"
    COURRIEL = "courriel", "par courriel"
    DE_VIVE_VOIX = "vive_voix", "de vive voix"


class RefusDeRepondre(models.Model):
    """Why a prestataire does not answer; `declin_moyen` and its date when the chargé notes it."""

    motif_declin = models.TextField("motif", blank=True, editable=False)
    declin_moyen = models.CharField(
        "refus reçu", max_length=10, choices=Moyen, blank=True, editable=False
    )
    declin_recu_le = models.DateField("refus reçu le", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def refus_en_mots(self):
        """How, when and why the prestataire has refused, or an empty text."""
        recu = ""
        if self.declin_moyen:
            recu = f"refus reçu {self.get_declin_moyen_display()} le "
            recu += date_courte(self.declin_recu_le)
        return " : ".join(filter(None, (recu, self.motif_declin)))

    @staticmethod
    def contrainte(nom):
        """A refusal noted by the chargé says how and when it was received."""
        return models.CheckConstraint(
            condition=Q(declin_moyen="", declin_recu_le=None)
            | (~Q(declin_moyen="") & Q(declin_recu_le__isnull=False)),
            name=nom,
            violation_error_message="Un refus noté dit par quel moyen et quand il a été reçu.",
        )


class Choix(models.Model):
    """The choice as it was made: when, why, before whom, and despite which missing pieces."""

    choix_le = models.DateField("choix fait le", null=True, blank=True, editable=False)
    choix_motif = models.TextField("motif du choix", blank=True, editable=False)
    choix_presents = models.CharField(
        "personnes présentes au choix", max_length=300, blank=True, editable=False
    )
    choix_malgre = models.TextField(
        "pièces non vérifiées ou manquantes, acceptées au choix", blank=True, editable=False
    )

    class Meta:
        abstract = True
