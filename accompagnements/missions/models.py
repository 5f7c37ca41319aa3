"""Mission: launch, mid-term note, alert and its decision. Days in days."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements.conventions.models import Convention
from accompagnements.missions import etats
from accompagnements.missions.etats import Etat
from dla_portal.socle import horloge
from dla_portal.socle.etats import AEtats, champ_etat

CORRIGER_LANCEMENT = "corriger_lancement"  # name of its lines in the journal


class MissionQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the conventions the user sees."""
        conventions = Convention.objects.visibles_par(utilisateur)
        return self.filter(convention__in=conventions.values("pk"))


class Mission(AEtats):
    """The carrying out of a signed convention by the prestataire."""

    RESPONSABLES = etats.RESPONSABLE
    TONS = etats.TON

    convention = models.OneToOneField(
        Convention, related_name="mission", on_delete=models.PROTECT, editable=False
    )
    lancee_le = models.DateField("réunion de lancement le", null=True, blank=True, editable=False)
    lancement_presents = models.CharField(
        "personnes présentes au lancement", max_length=300, blank=True, editable=False
    )
    lancement_lieu = models.CharField(
        "lieu de la réunion de lancement", max_length=200, blank=True, editable=False
    )
    lancement_objectifs = models.TextField("objectifs rappelés", blank=True, editable=False)
    lancement_calendrier = models.TextField("calendrier convenu", blank=True, editable=False)
    lancement_suites = models.TextField("prochaines étapes", blank=True, editable=False)
    lancement_notes = models.TextField("relevé du lancement", blank=True, editable=False)
    etat = champ_etat(Etat, Etat.EN_COURS)

    objects = MissionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "mission"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=[Etat.EN_COURS, Etat.EN_ALERTE, Etat.SUSPENDUE])
                | Q(lancee_le__isnull=False),
                name="mission_lancee_datee",
                violation_error_message="Une mission en cours porte la date de son lancement.",
            )
        ]

    def __str__(self):
        return f"Mission {self.convention.reference}"

    def get_absolute_url(self):
        return reverse("accompagnements:mission", args=[self.pk])

    @property
    def fil(self):
        return self.convention.fil

    @property
    def operateur_id(self):
        return self.convention.operateur_id

    @property
    def mi_parcours_le(self):
        """Day on which the mid-term note is due: half of the dates, avenants included."""
        debut = self.lancee_le or self.convention.debut_effectif
        fin = self.convention.fin_effective
        return debut + (fin - debut) / 2 if debut and fin and fin >= debut else None

    def corrections_du_lancement(self):
        """Lines of the journal about the record of the launch: who corrected it, when, why."""
        return self.journal().filter(transition=CORRIGER_LANCEMENT).order_by("le", "pk")

    @property
    def objectifs(self):
        """What the mission aims at, in the words of the convention."""
        return self.convention.objet

    @property
    def jours_convenus(self):
        """Days agreed by the convention; an avenant changes them there."""
        return self.convention.jours_effectifs

    @property
    def jours_realises(self):
        """Days of the journal, those withdrawn left out."""
        inscrites = self.journees.filter(etat=etats.EtatJournee.INSCRITE)
        demies = inscrites.aggregate(somme=models.Sum("demi_journees"))["somme"] or 0
        return Decimal(demies) / 2

    @property
    def avenant_attendu(self):
        """A decision says that an avenant is to be prepared, and nobody has settled it yet."""
        return (
            self.alertes.filter(avenant_attendu=True).exists()
            or self.hors_cadre.filter(avenant_attendu=True).exists()
        )

    @property
    def interrompue_le(self):
        """Date of the decision which suspends or stops the mission, None when it goes on."""
        if self.etat not in etats.INTERROMPUES:
            return None
        decision = self.alertes.filter(decision__in=["suspension", "arret"]).first()
        return decision.decidee_le if decision else None


class NoteMiParcours(models.Model):
    """The mid-term note of the prestataire (domaine.md §6.8)."""

    mission = models.ForeignKey(Mission, related_name="notes", on_delete=models.PROTECT)
    recue_le = models.DateField("reçue le", default=horloge.aujourdhui)
    jours_realises = models.DecimalField("jours réalisés", max_digits=6, decimal_places=2)
    objectifs = models.TextField("rappel des objectifs", blank=True)
    reunions = models.TextField("réunions tenues et personnes présentes", blank=True)
    travaux = models.TextField("travaux réalisés")
    resultats = models.TextField("résultats intermédiaires", blank=True)
    difficultes = models.TextField("difficultés rencontrées", blank=True)
    ecarts = models.TextField("écarts au cahier des charges", blank=True)
    risques = models.TextField("risques, réorientation à envisager", blank=True)
    suite = models.TextField("suite et calendrier", blank=True)
    restitution_envisagee_le = models.DateField("restitution envisagée le", null=True, blank=True)

    class Meta:
        verbose_name = "note à mi-parcours"
        verbose_name_plural = "notes à mi-parcours"
        ordering = ["-recue_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(jours_realises__gte=0),
                name="note_mi_parcours_jours_positifs",
                violation_error_message="Le nombre de jours ne peut être négatif.",
            )
        ]

    def __str__(self):
        return f"Note du {self.recue_le:%d/%m/%Y}"


class Alerte(models.Model):
    """An alert on a mission and what the operator decided."""

    PAR_SON_LIEN = ", par son lien"  # how the author is written when the prestataire acts alone

    class Decision(models.TextChoices):
        POURSUITE = "poursuite", "Poursuite"
        REORIENTATION = "reorientation", "Réorientation"
        SUSPENSION = "suspension", "Suspension"
        ARRET = "arret", "Arrêt"

    mission = models.ForeignKey(Mission, related_name="alertes", on_delete=models.PROTECT)
    emise_le = models.DateField("émise le", default=horloge.aujourdhui)
    emise_par = models.CharField("émise par", max_length=120)
    description = models.TextField("situation décrite")
    decision = models.CharField("décision", max_length=15, choices=Decision, blank=True)
    decision_motif = models.TextField("motif de la décision", blank=True)
    consultes = models.CharField("personnes consultées", max_length=300, blank=True)
    suites = models.TextField("suites données", blank=True)
    # The avenant itself is drawn up with the convention; here it is only awaited, then settled.
    avenant_attendu = models.BooleanField("avenant à préparer", default=False)
    decidee_le = models.DateField("décidée le", null=True, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = "alerte"
        ordering = ["-emise_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(decision="") & Q(decidee_le=None))
                | (~Q(decision="") & Q(decidee_le__isnull=False) & ~Q(decision_motif="")),
                name="alerte_decision_datee_motivee",
                violation_error_message="La décision porte sa date et son motif.",
            ),
            models.CheckConstraint(
                condition=Q(decidee_le=None) | Q(decidee_le__gte=models.F("emise_le")),
                name="alerte_decidee_apres_emise",
                violation_error_message="La décision ne peut précéder l'alerte.",
            ),
            models.CheckConstraint(
                condition=Q(avenant_attendu=False) | Q(decision="reorientation"),
                name="alerte_avenant_d_une_reorientation",
                violation_error_message="Seule une réorientation attend un avenant.",
            ),
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(decision=""),
                name="alerte_une_seule_ouverte",
                violation_error_message="Une alerte est déjà ouverte sur cette mission.",
            ),
        ]

    def __str__(self):
        return f"Alerte du {self.emise_le:%d/%m/%Y}"

    @property
    def du_prestataire(self):
        """Given by the prestataire on his page: its words are his, he may read them again."""
        return self.emise_par.endswith(self.PAR_SON_LIEN)
