"""The journal of a mission: what was done on each date. Durations in half days."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from accompagnements.missions import etats
from accompagnements.missions.etats import EtatJournee
from accompagnements.missions.models import Mission
from dla_portal.socle.etats import AEtats, champ_etat

DEMI_JOURNEES_MAX = 10  # of all who came on one date: five people for a whole day


class JourneeQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the missions the user sees."""
        missions = Mission.objects.visibles_par(utilisateur)
        return self.filter(mission__in=missions.values("pk"))

    def inscrites(self):
        """Those which count: a withdrawn one stays readable and weighs nothing."""
        return self.filter(etat=EtatJournee.INSCRITE)


class Journee(AEtats):
    """One intervention of the prestataire, on one date."""

    RESPONSABLES = etats.RESPONSABLE_JOURNEE
    TONS = etats.TON_JOURNEE

    class Moment(models.TextChoices):
        MATIN = "matin", "Matin"
        APRES_MIDI = "apres_midi", "Après-midi"
        JOURNEE = "journee", "Journée"

    mission = models.ForeignKey(Mission, related_name="journees", on_delete=models.PROTECT)
    le = models.DateField("date")
    moment = models.CharField("moment", max_length=10, choices=Moment, default=Moment.JOURNEE)
    demi_journees = models.PositiveSmallIntegerField("durée en demi-journées")
    intervenants = models.CharField("qui est intervenu", max_length=200)
    lieu = models.CharField("lieu", max_length=200)
    travaux = models.TextField("ce qui a été fait")
    rencontres = models.CharField("personnes rencontrées", max_length=300, blank=True)
    feuille = models.ForeignKey(
        "socle.Fichier",
        verbose_name="feuille d'émargement signée",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    etat = champ_etat(EtatJournee, EtatJournee.INSCRITE)

    objects = JourneeQuerySet.as_manager()

    class Meta:
        verbose_name = "intervention"
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(demi_journees__gte=1) & Q(demi_journees__lte=DEMI_JOURNEES_MAX),
                name="journee_duree_possible",
                violation_error_message="Une intervention dure d'une demi-journée à cinq jours.",
            )
        ]

    def __str__(self):
        return f"Intervention du {self.le:%d/%m/%Y}"

    def get_absolute_url(self):
        return self.mission.get_absolute_url()

    @property
    def jours(self):
        """Duration in days."""
        return Decimal(self.demi_journees) / 2

    @property
    def sujet_journal(self):
        return f"{self.le:%d/%m/%Y}"

    @property
    def fil(self):
        return self.mission.fil

    @property
    def operateur_id(self):
        return self.mission.operateur_id
