"""Animation activities (never an accompagnement) and the time of the team, in minutes."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from accompagnements.activites import etats
from accompagnements.activites.etats import Etat, EtatTemps
from accompagnements.demandes.models import Demande
from dla_portal.comptes import roles
from dla_portal.socle import durees, horloge, nomenclatures, recherche
from dla_portal.socle.etats import AEtats, champ_etat
from dla_portal.territoires.models import Departement


class ActiviteQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the operator's team; the DLA régional reads its region and keeps its own."""
        return droits.portee(utilisateur, self, region="region")

    def inscrites(self):
        """Those that take place or took place."""
        return self.filter(etat=Etat.INSCRITE)


class Activite(AEtats):
    """An event of animation: matinale, visit, webinaire… Counted apart, never an accompagnement.

    Without operator, it is the DLA régional's own.
    """

    RESPONSABLES = etats.RESPONSABLE
    TONS = etats.TON

    class Format(models.TextChoices):
        PRESENTIEL = "presentiel", "En présence"
        VISIO = "visio", "En visioconférence"
        HYBRIDE = "hybride", "En présence et à distance"

    reference = models.CharField("référence", max_length=40, unique=True, editable=False)
    operateur = models.ForeignKey(
        "territoires.OperateurDLA",
        verbose_name="opérateur",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    region = models.ForeignKey(
        "territoires.Region", verbose_name="région", editable=False, on_delete=models.PROTECT
    )
    nature = nomenclatures.cle("animation", verbose_name="nature")
    titre = models.CharField("titre", max_length=160)
    titre_normalise = models.CharField(max_length=160, editable=False)
    le = models.DateField("date", db_index=True)
    fin_le = models.DateField("dernier jour", null=True, blank=True)
    heure_debut = models.TimeField("début", null=True, blank=True)
    heure_fin = models.TimeField("fin", null=True, blank=True)
    format = models.CharField("format", max_length=10, choices=Format, default=Format.PRESENTIEL)
    lieu = models.CharField("lieu ou lien", max_length=200, blank=True)
    commune = models.ForeignKey(
        "territoires.Commune",
        verbose_name="commune",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    departements = models.ManyToManyField(Departement, verbose_name="départements", blank=True)
    porteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="portée par",
        related_name="activites",
        on_delete=models.PROTECT,
    )
    thematique = nomenclatures.cle("thematique", verbose_name="thématique", null=True, blank=True)
    partenaires = models.CharField("partenaires", max_length=300, blank=True)
    cofinanceurs = nomenclatures.plusieurs("financeur", verbose_name="cofinanceurs", blank=True)
    inscrits = models.PositiveIntegerField("personnes inscrites", null=True, blank=True)
    presents = models.PositiveIntegerField("personnes présentes", null=True, blank=True)
    structures = models.PositiveIntegerField("structures représentées", null=True, blank=True)
    notes = models.TextField("notes", blank=True)
    etat = champ_etat(Etat, Etat.INSCRITE)

    objects = ActiviteQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[departements, cofinanceurs])

    class Meta:
        verbose_name = "animation"
        verbose_name_plural = "animations"
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin_le=None) | Q(fin_le__gte=F("le")),
                name="activite_dates_ordonnees",
                violation_error_message="Le dernier jour ne peut précéder le premier.",
            ),
            models.CheckConstraint(
                condition=Q(heure_debut=None, heure_fin=None)
                | Q(heure_debut__isnull=False, heure_fin__isnull=False),
                name="activite_heures_ensemble",
                violation_error_message="Indiquez l'heure de début et l'heure de fin, ou aucune.",
            ),
            models.CheckConstraint(
                condition=Q(heure_debut=None)
                | Q(fin_le__isnull=False, fin_le__gt=F("le"))
                | Q(heure_fin__gt=F("heure_debut")),
                name="activite_heures_ordonnees",
                violation_error_message="L'heure de fin suit l'heure de début.",
            ),
        ]

    def __str__(self):
        return self.titre

    def save(self, *args, **kwargs):
        self.titre_normalise = recherche.normaliser(self.titre)[:160]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("accompagnements:activite", args=[self.pk])

    @property
    def dernier_jour(self):
        """Its last day, which is its only one unless said otherwise."""
        return self.fin_le or self.le

    @property
    def trop_de_presents(self):
        """More people came than had registered: possible, and worth a second look."""
        return None not in (self.inscrits, self.presents) and self.presents > self.inscrits


class TempsQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Everybody reads her own lines; who runs the operator or its accounts, the whole team's."""
        role = utilisateur.role
        if role in roles.EQUIPE_OPERATEUR - {roles.Responsable.code, roles.Gestionnaire.code}:
            return self.filter(personne=utilisateur, operateur=droits.operateur_de(utilisateur))
        return droits.portee(utilisateur, self)

    def de_l_equipe(self, utilisateur):
        """Those of the whole team of the user's operator, for totals without names."""
        return droits.portee(utilisateur, self)

    def notes(self):
        """Those which count: a withdrawn one stays readable and weighs nothing."""
        return self.filter(etat=EtatTemps.NOTE)

    def de_la_semaine(self, personne, lundi):
        """The lines of a person from a Monday to the Sunday."""
        jours = (lundi, lundi + timedelta(days=6))
        return self.notes().filter(personne=personne, le__range=jours)

    def minutes(self):
        """Their sum, in minutes."""
        return self.order_by().aggregate(somme=Sum("minutes"))["somme"] or 0


class Temps(AEtats):
    """Time spent by a person on one day, on a dossier or outside any. In minutes."""

    RESPONSABLES = etats.RESPONSABLE_TEMPS
    TONS = etats.TON_TEMPS

    operateur = models.ForeignKey(
        "territoires.OperateurDLA",
        verbose_name="opérateur",
        editable=False,
        on_delete=models.PROTECT,
    )
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="personne",
        related_name="temps",
        on_delete=models.PROTECT,
    )
    le = models.DateField("date", default=horloge.aujourdhui)
    # The demande rather than the accompagnement: the accueil comes before any dossier is open,
    # and an orientation elsewhere took time too.
    demande = models.ForeignKey(
        Demande,
        verbose_name="dossier",
        null=True,
        blank=True,
        related_name="temps",
        on_delete=models.PROTECT,
    )
    activite = models.ForeignKey(
        Activite,
        verbose_name="animation",
        null=True,
        blank=True,
        related_name="temps",
        on_delete=models.PROTECT,
    )
    nature = nomenclatures.cle("temps", verbose_name="nature")
    minutes = models.PositiveSmallIntegerField("durée (minutes)")
    commentaire = models.CharField("commentaire", max_length=300, blank=True)
    etat = champ_etat(EtatTemps, EtatTemps.NOTE)

    objects = TempsQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "temps passé"
        verbose_name_plural = "temps passés"
        ordering = ["-le", "-pk"]
        indexes = [
            models.Index(fields=["personne", "le"], name="temps_personne_le"),
            models.Index(fields=["operateur", "le"], name="temps_operateur_le"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1) & Q(minutes__lte=durees.MINUTES_MAX),
                name="temps_duree_possible",
                violation_error_message="Une durée va d'une minute à 24 heures.",
            ),
            models.CheckConstraint(
                condition=Q(demande=None) | Q(activite=None),
                name="temps_dossier_ou_animation",
                violation_error_message="Le temps va à un dossier ou à une animation, pas aux deux.",
            ),
        ]

    def __str__(self):
        return f"{self.duree} le {self.le:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("accompagnements:temps_ligne", args=[self.pk])

    @property
    def duree(self):
        """The duration in words."""
        return durees.en_mots(self.minutes)

    @property
    def dossier(self):
        """Reference of the dossier, of its demande as long as none is open; "" without any."""
        return reference_de(self.demande) if self.demande_id else ""

    @property
    def sujet_journal(self):
        return f"{self.duree}, {self.nature} du {self.le:%d/%m/%Y}"


def reference_de(demande):
    """Reference under which the team knows a dossier (`accompagnement` selected beforehand)."""
    accompagnement = getattr(demande, "accompagnement", None)
    return accompagnement.reference if accompagnement else demande.reference
