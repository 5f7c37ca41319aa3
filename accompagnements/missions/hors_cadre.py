"""Requests of the prestataire to work out of the agreed scope, and the written answer. In days."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accompagnements.missions import etats
from accompagnements.missions.etats import EtatHorsCadre
from accompagnements.missions.models import Mission
from dla_portal.socle import horloge
from dla_portal.socle.etats import AEtats, champ_etat

_DECIDEES = [EtatHorsCadre.AUTORISEE, EtatHorsCadre.REFUSEE]


class HorsCadreQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the missions the user sees."""
        missions = Mission.objects.visibles_par(utilisateur)
        return self.filter(mission__in=missions.values("pk"))


class HorsCadre(AEtats):
    """A request to leave the scope; the structure alone cannot agree to it."""

    RESPONSABLES = etats.RESPONSABLE_HORS_CADRE
    TONS = etats.TON_HORS_CADRE

    mission = models.ForeignKey(Mission, related_name="hors_cadre", on_delete=models.PROTECT)
    demandee_le = models.DateField("demandée le", default=horloge.aujourdhui, editable=False)
    description = models.TextField("ce que vous demandez à faire")
    jours = models.DecimalField("jours nécessaires", max_digits=6, decimal_places=2)
    raison = models.TextField("pourquoi c'est nécessaire")
    decidee_le = models.DateField("décidée le", null=True, blank=True, editable=False)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    decision_motif = models.TextField("motif de la décision", blank=True, editable=False)
    avenant_attendu = models.BooleanField("avenant à préparer", default=False, editable=False)
    etat = champ_etat(EtatHorsCadre, EtatHorsCadre.DEMANDEE)

    objects = HorsCadreQuerySet.as_manager()

    class Meta:
        verbose_name = "demande hors cadre"
        verbose_name_plural = "demandes hors cadre"
        ordering = ["-demandee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(jours__gt=0),
                name="hors_cadre_jours_positifs",
                violation_error_message="Le nombre de jours demandés est supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(etat__in=_DECIDEES)
                    & Q(decidee_le__isnull=False)
                    & Q(decidee_par__isnull=False)
                    & ~Q(decision_motif="")
                )
                | (Q(etat=EtatHorsCadre.DEMANDEE) & Q(decidee_le=None) & Q(decidee_par=None)),
                name="hors_cadre_decision_ecrite",
                violation_error_message="La décision porte sa date, son auteur et son motif.",
            ),
            models.CheckConstraint(
                condition=Q(avenant_attendu=False) | Q(etat=EtatHorsCadre.AUTORISEE),
                name="hors_cadre_avenant_autorise",
                violation_error_message="Seule une autorisation attend un avenant.",
            ),
        ]

    def __str__(self):
        return f"Demande hors cadre du {self.demandee_le:%d/%m/%Y}"

    def get_absolute_url(self):
        return self.mission.get_absolute_url()

    @property
    def fil(self):
        return self.mission.fil

    @property
    def operateur_id(self):
        return self.mission.operateur_id
