"""Satisfaction survey answered by link, and post-accompaniment follow-up."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.diagnostics.models import Diagnostic, Reponse
from accompagnements.restitutions.models import Restitution
from accompagnements.suites import etats
from accompagnements.suites.etats import Etat, EtatSuivi
from dla_portal.comptes import roles
from dla_portal.socle.etats import AEtats, champ_etat


class Satisfaction(models.IntegerChoices):
    """Scale of all closed questions; satisfied = the two highest."""

    TRES_SATISFAIT = 4, "Très satisfait"
    SATISFAIT = 3, "Satisfait"
    PEU_SATISFAIT = 2, "Peu satisfait"
    PAS_SATISFAIT = 1, "Pas du tout satisfait"


def _question(libelle):
    return models.PositiveSmallIntegerField(
        libelle, choices=Satisfaction, null=True, blank=True, editable=False
    )


class EnqueteQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Nominal answers: those who accompany, in the operator of the dossier."""
        dossiers = droits.portee(
            utilisateur, Accompagnement.objects.all(), equipe=roles.INSTRUCTEURS
        )
        return self.filter(accompagnement__in=dossiers.values("pk"))


class Enquete(AEtats):
    """The survey sent to one structure after the restitution of one mission."""

    RESPONSABLES = etats.RESPONSABLE
    TONS = etats.TON

    restitution = models.ForeignKey(
        Restitution, related_name="enquetes", on_delete=models.PROTECT, editable=False
    )
    accompagnement = models.ForeignKey(
        Accompagnement, related_name="enquetes", on_delete=models.PROTECT, editable=False
    )
    destinataire = models.EmailField("envoyée à", blank=True, editable=False)
    envoyee_le = models.DateField("envoyée le", null=True, blank=True, editable=False)
    repondue_le = models.DateField("répondue le", null=True, blank=True, editable=False)
    globale = _question("satisfaction globale")
    modalites = _question("organisation de l'accompagnement")
    deroulement = _question("déroulement et respect du calendrier")
    competences = _question("compétences du prestataire")
    resultats = _question("réponse aux besoins")
    impact = _question("effets attendus dans la durée")
    service_dla = _question("suivi par le DLA")
    recommande = models.BooleanField(
        "recommanderait le prestataire", null=True, blank=True, editable=False
    )
    commentaire = models.TextField("commentaire", blank=True, editable=False)
    consent_publication = models.BooleanField(
        "accepte la publication de son témoignage", default=False, editable=False
    )
    reprise = models.BooleanField(default=False, editable=False)
    etat = champ_etat(Etat, Etat.ENVOYEE)

    objects = EnqueteQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "enquête de satisfaction"
        verbose_name_plural = "enquêtes de satisfaction"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["restitution", "accompagnement"],
                name="enquete_unique_par_structure",
                violation_error_message="L'enquête est déjà partie.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.REPONDUE)
                | (Q(repondue_le__isnull=False) & Q(globale__isnull=False)),
                name="enquete_repondue_datee",
                violation_error_message="Une enquête répondue porte sa date et la note globale.",
            ),
        ]

    def __str__(self):
        return f"Enquête {self.accompagnement.reference}"

    def get_absolute_url(self):
        return reverse("accompagnements:enquete", args=[self.pk])

    @property
    def fil(self):
        return self.accompagnement.fil

    @property
    def operateur_id(self):
        return self.accompagnement.operateur_id


class ModeSuivi(models.TextChoices):
    """How the follow-up was done."""

    SUR_PLACE = "sur_place", "Sur place"
    TELEPHONE = "telephone", "Par téléphone"
    VISIO = "visio", "En visioconférence"
    QUESTIONNAIRE = "questionnaire", "Par questionnaire"


def _effet(libelle):
    return models.CharField(libelle, max_length=5, choices=Reponse, blank=True)


class SuiviQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those who accompany, in the operator of the dossier."""
        dossiers = droits.portee(
            utilisateur, Accompagnement.objects.all(), equipe=roles.INSTRUCTEURS
        )
        return self.filter(accompagnement__in=dossiers.values("pk"))


class Suivi(AEtats):
    """The follow-up due 12 to 18 months after the validated diagnostic (domaine.md step 13)."""

    RESPONSABLES = etats.RESPONSABLE_SUIVI
    TONS = etats.TON_SUIVI

    accompagnement = models.ForeignKey(
        Accompagnement, related_name="suivis", on_delete=models.PROTECT, editable=False
    )
    diagnostic = models.OneToOneField(
        Diagnostic, related_name="suivi", on_delete=models.PROTECT, editable=False
    )
    prevu_du = models.DateField("à faire à partir du", editable=False)
    prevu_au = models.DateField("à faire avant le", editable=False, db_index=True)
    realise_le = models.DateField("réalisé le", null=True, blank=True, editable=False)
    mode = models.CharField("mode", max_length=15, choices=ModeSuivi, blank=True)
    # Copied from the figures of the relevé, as those of the diagnostic are: never typed twice.
    effectif = models.PositiveIntegerField("effectif (personnes)", null=True, blank=True)
    budget = models.DecimalField(
        "budget annuel (€)", max_digits=12, decimal_places=2, null=True, blank=True
    )
    preconisations = models.TextField("ce qui a été mis en œuvre", blank=True)
    effets = models.TextField("effets constatés", blank=True)
    effet_decisif = _effet("l'accompagnement a été décisif")
    effet_durable = _effet("ses effets durent")
    causes = models.TextField("causes des évolutions", blank=True)
    besoins = models.TextField("nouveaux besoins", blank=True)
    demande = models.OneToOneField(
        Demande,
        verbose_name="nouvelle demande",
        null=True,
        related_name="suivi_d_origine",
        editable=False,
        on_delete=models.PROTECT,
    )
    etat = champ_etat(EtatSuivi, EtatSuivi.PREVU)

    objects = SuiviQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "suivi post-accompagnement"
        verbose_name_plural = "suivis post-accompagnement"
        ordering = ["prevu_au"]
        constraints = [
            models.CheckConstraint(
                condition=Q(prevu_au__gte=F("prevu_du")),
                name="suivi_dates_ordonnees",
                violation_error_message="La fin de la période de suivi précède son début.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatSuivi.REALISE) | Q(realise_le__isnull=False),
                name="suivi_realise_date",
                violation_error_message="Un suivi réalisé porte sa date.",
            ),
        ]

    def __str__(self):
        return f"Suivi {self.accompagnement.reference}"

    def get_absolute_url(self):
        return reverse("accompagnements:suivi", args=[self.pk])

    @property
    def fil(self):
        return self.accompagnement.fil

    @property
    def operateur_id(self):
        return self.accompagnement.operateur_id
