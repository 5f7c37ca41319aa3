"""Séance of comité d'appui, convocations of its members, passage of each dossier, avis."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accompagnements import droits
from accompagnements.comites import etats
from accompagnements.comites.etats import Etat, EtatPassage
from accompagnements.demandes.models import Accompagnement
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.etats import AEtats, champ_etat


class SeanceQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The operator's team, and the members convened."""
        if utilisateur.role == roles.MembreComite.code:
            convoque = Convocation.objects.filter(membre=utilisateur)
            siennes = self.filter(pk__in=convoque.values("seance"))
            mandat = utilisateur.rattachement  # a term at one operator opens nothing at another
            if mandat.operateur_id:
                return siennes.filter(operateur=mandat.operateur_id)
            return (
                siennes.filter(operateur__region=mandat.region_id) if mandat.region_id else siennes
            )
        return droits.portee(utilisateur, self)


class Seance(AEtats):
    """A meeting or an electronic consultation of the comité d'appui of an operator."""

    RESPONSABLES = etats.RESPONSABLE
    TONS = etats.TON

    class Format(models.TextChoices):
        PRESENTIEL = "presentiel", "En présence"
        VISIO = "visio", "En visioconférence"
        ELECTRONIQUE = "electronique", "Consultation électronique"

    operateur = models.ForeignKey(
        "territoires.OperateurDLA", on_delete=models.PROTECT, editable=False
    )
    quand = models.DateTimeField(
        "date et heure", help_text="Pour une consultation électronique : sa clôture."
    )
    format = models.CharField("format", max_length=12, choices=Format, default=Format.PRESENTIEL)
    lieu = models.CharField("lieu ou lien", max_length=200, blank=True)
    ordre_du_jour = models.TextField("ordre du jour", blank=True)
    presents = models.TextField("personnes présentes et excusées", blank=True)
    etat = champ_etat(Etat, Etat.PLANIFIEE)

    objects = SeanceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "séance de comité d'appui"
        verbose_name_plural = "séances de comité d'appui"
        ordering = ["-quand"]

    def __str__(self):
        return f"Comité d'appui du {timezone.localtime(self.quand):%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("accompagnements:seance", args=[self.pk])

    @property
    def electronique(self):
        """Consulted in writing: `quand` is when it closes."""
        return self.format == self.Format.ELECTRONIQUE

    def sans_avis(self, membre):
        """The dossiers of the agenda on which a member may still give his avis."""
        inscrits = self.passages.filter(etat=EtatPassage.INSCRIT)
        faits = AvisMembre.objects.filter(membre=membre).values("passage")
        deportes = Deport.objects.filter(membre=membre).values("passage")
        return inscrits.exclude(pk__in=faits).exclude(pk__in=deportes)


class Convocation(models.Model):
    """A member convened to a séance, and whether he came."""

    class Presence(models.TextChoices):
        PRESENT = "present", "Présent"
        EXCUSE = "excuse", "Excusé"
        ABSENT = "absent", "Absent"

    seance = models.ForeignKey(Seance, related_name="convocations", on_delete=models.CASCADE)
    membre = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="convocations", on_delete=models.PROTECT
    )
    presence = models.CharField("présence", max_length=10, choices=Presence, blank=True)

    class Meta:
        verbose_name = "convocation"
        ordering = ["membre__nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["seance", "membre"],
                name="convocation_unique",
                violation_error_message="Ce membre est déjà convoqué.",
            )
        ]

    def __str__(self):
        return f"{self.membre} · {self.seance}"

    def get_absolute_url(self):
        return self.seance.get_absolute_url()


class PassageQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the séances the user sees; a member reads none that he keeps out of."""
        seances = Seance.objects.visibles_par(utilisateur)
        if utilisateur.role == roles.MembreComite.code:
            seances = seances.exclude(etat=Etat.ANNULEE)
            vus = self.filter(seance__in=seances.values("pk")).exclude(etat=EtatPassage.RETIRE)
            deportes = Deport.objects.filter(membre=utilisateur)
            return vus.exclude(accompagnement__in=deportes.values("passage__accompagnement"))
        return self.filter(seance__in=seances.values("pk"))


class Passage(AEtats):
    """A dossier examined in a séance. The committee advises, the operator decides."""

    RESPONSABLES = etats.RESPONSABLE_PASSAGE
    TONS = etats.TON_PASSAGE

    class Avis(models.TextChoices):
        FAVORABLE = "favorable", "Favorable"
        RESERVES = "reserves", "Favorable avec réserves"
        A_RETRAVAILLER = "a_retravailler", "À retravailler"
        DEFAVORABLE = "defavorable", "Défavorable"
        INFORMATION = "information", "Pour information"

    class Decision(models.TextChoices):
        CONFORME = "conforme", "Conforme à l'avis"
        DIVERGENTE = "divergente", "Différente de l'avis"

    seance = models.ForeignKey(
        Seance, related_name="passages", on_delete=models.PROTECT, editable=False
    )
    accompagnement = models.ForeignKey(
        Accompagnement, related_name="passages", on_delete=models.PROTECT, editable=False
    )
    synthese = models.TextField("synthèse remise au comité", blank=True)
    avis = models.CharField("avis du comité", max_length=15, choices=Avis, blank=True)
    reserves = models.TextField("réserves et conseils", blank=True)
    ressources = models.TextField("ressources proposées par les membres", blank=True)
    jours_conseilles = models.DecimalField(
        "jours conseillés", max_digits=5, decimal_places=2, null=True, blank=True
    )
    decision = models.CharField("décision", max_length=12, choices=Decision, blank=True)
    justification = models.TextField("justification", blank=True)
    decide_le = models.DateField("décidé le", null=True, blank=True, editable=False)
    etat = champ_etat(EtatPassage, EtatPassage.INSCRIT)

    objects = PassageQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "passage en comité"
        verbose_name_plural = "passages en comité"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seance", "accompagnement"],
                name="passage_unique_par_seance",
                violation_error_message="Ce dossier est déjà à l'ordre du jour.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatPassage.AVIS_RENDU, EtatPassage.DECIDE]) | ~Q(avis=""),
                name="passage_avis_present",
                violation_error_message="Un passage examiné porte l'avis du comité.",
            ),
            models.CheckConstraint(
                condition=~Q(decision="divergente") | ~Q(justification=""),
                name="passage_divergence_justifiee",
                violation_error_message="Une décision différente de l'avis se justifie.",
            ),
        ]

    def __str__(self):
        return f"{self.accompagnement.reference} · {self.seance}"

    def get_absolute_url(self):
        return self.seance.get_absolute_url()

    @property
    def fil(self):
        return self.accompagnement.fil

    @property
    def operateur_id(self):
        return self.seance.operateur_id


class AvisMembre(models.Model):
    """The own avis of a member on a dossier."""

    passage = models.ForeignKey(Passage, related_name="avis_membres", on_delete=models.CASCADE)
    membre = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    avis = models.CharField("avis", max_length=15, choices=Passage.Avis)
    commentaire = models.TextField("commentaire", blank=True)
    ressources = models.TextField("ressources proposées", blank=True)
    jours_conseilles = models.DecimalField(
        "jours conseillés", max_digits=5, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = "avis d'un membre"
        verbose_name_plural = "avis des membres"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["passage", "membre"],
                name="avis_membre_unique",
                violation_error_message="Ce membre a déjà rendu son avis.",
            )
        ]

    def __str__(self):
        return f"{self.membre} · {self.get_avis_display()}"


class Deport(models.Model):
    """A member who keeps out of a dossier: he neither reads it nor gives an avis on it."""

    passage = models.ForeignKey(Passage, related_name="deports", on_delete=models.CASCADE)
    membre = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    motif = models.CharField("motif", max_length=300)
    declare_le = models.DateField("déclaré le", default=horloge.aujourdhui)

    class Meta:
        verbose_name = "déport d'un membre"
        verbose_name_plural = "déports des membres"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["passage", "membre"],
                name="deport_unique",
                violation_error_message="Ce membre s'est déjà déporté de ce dossier.",
            )
        ]

    def __str__(self):
        return f"{self.membre} · {self.passage}"
