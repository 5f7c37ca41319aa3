"""Plan d'accompagnement, its frozen versions, its actions, and Ingenierie.

An Ingenierie is one paid engineering, individual, collective or mixed. The plan action of each
structure concerned points to it; consultation, convention, mission and restitution hang on it.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from accompagnements.demandes.models import Accompagnement
from accompagnements.demandes.partenaires import Partenaire
from accompagnements.plans import etats
from accompagnements.plans.etats import (
    INGENIERIES,
    Etat,
    NatureAction,
    StatutAction,
    TypeAction,
)
from accompagnements.structures.models import Structure
from accompagnements.structures.recherche import q_structure
from dla_portal.socle import horloge, nomenclatures
from dla_portal.socle.etats import AEtats, champ_etat
from dla_portal.socle.verrou import Verrouille

_ING = [str(genre) for genre in INGENIERIES]


class PlanQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The operator's team."""
        dossiers = droits.portee(utilisateur, Accompagnement.objects.all())
        return self.filter(accompagnement__in=dossiers.values("pk"))


class Plan(AEtats):
    """The plan of a dossier in its current version; earlier versions are frozen in VersionPlan."""

    RESPONSABLES = etats.RESPONSABLE
    TONS = etats.TON

    accompagnement = models.OneToOneField(
        Accompagnement, related_name="plan", on_delete=models.PROTECT, editable=False
    )
    numero = models.PositiveSmallIntegerField("version", default=1, editable=False)
    objectifs = models.TextField("objectifs et indicateurs de réussite", blank=True)
    engagements = models.TextField("engagements de la structure", blank=True)
    modalites = models.TextField("modalités de suivi et d'actualisation", blank=True)
    # The first of the planned reviews not held yet, kept by what writes the reviews.
    revue_le = models.DateField("prochaine revue", null=True, blank=True, db_index=True)
    soumis_le = models.DateField("soumis à la structure le", null=True, editable=False)
    valide_le = models.DateField(
        "accord de la structure le", null=True, blank=True, db_index=True, editable=False
    )
    accord_de = models.CharField("accord donné par", max_length=120, blank=True, editable=False)
    organe = models.CharField(
        "instance qui a donné l'accord", max_length=120, blank=True, editable=False
    )
    accord_note = models.TextField("commentaire de la structure", blank=True, editable=False)
    etat = champ_etat(Etat, Etat.BROUILLON)

    objects = PlanQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "plan d'accompagnement"
        verbose_name_plural = "plans d'accompagnement"
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=[Etat.VALIDE, Etat.CLOS]) | Q(valide_le__isnull=False),
                name="plan_valide_date",
                violation_error_message="Un plan validé porte la date de l'accord de la structure.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.PARTAGE) | Q(soumis_le__isnull=False),
                name="plan_soumis_date",
                violation_error_message="Un plan soumis à la structure porte la date de son envoi.",
            ),
        ]

    def __str__(self):
        return f"Plan {self.accompagnement.reference} v{self.numero}"

    def get_absolute_url(self):
        return reverse("accompagnements:plan", args=[self.pk])

    @property
    def fil(self):
        return self.accompagnement.fil

    @property
    def operateur_id(self):
        return self.accompagnement.operateur_id

    @property
    def mobilisees(self):
        """Number of actions that make a parcours complex: alive, and not the structure's own."""
        actions = self.actions.exclude(genre=TypeAction.ACT_STRUCT)
        return actions.exclude(statut=StatutAction.ABANDONNEE).count()

    @property
    def est_complexe(self):
        """Complex parcours: more than one such action (domaine I-30)."""
        return self.mobilisees > 1


class VersionPlan(models.Model):
    """A validated version of a plan, frozen when the plan is updated."""

    plan = models.ForeignKey(Plan, related_name="versions", on_delete=models.PROTECT)
    numero = models.PositiveSmallIntegerField("version")
    contenu = models.JSONField("contenu figé")
    valide_le = models.DateField("accord de la structure le", null=True, db_index=True)
    mobilisees = models.PositiveSmallIntegerField("actions d'un parcours complexe", default=0)
    motif = models.TextField("motif de l'actualisation")
    figee_le = models.DateTimeField("figée le", default=horloge.maintenant)

    class Meta:
        verbose_name = "version de plan"
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "numero"],
                name="version_plan_unique",
                violation_error_message="Cette version du plan existe déjà.",
            )
        ]

    def __str__(self):
        return f"{self.plan} (figée)"


def nom_de_la_structure(chemin="pk"):
    """Sub-query: name of the (first) structure of the engineering found at `chemin` of a row."""
    structures = Structure.objects.filter(
        accompagnements__plan__actions__ingenierie=models.OuterRef(chemin)
    )
    return models.Subquery(structures.order_by("pk").values("nom")[:1])


def ingenieries_de(texte):
    """Primary keys of the engineerings of the structures that a text means."""
    nommees = Action.objects.filter(
        q_structure(texte, "plan__accompagnement__structure__"), ingenierie__isnull=False
    )
    return nommees.values("ingenierie")


class IngenierieQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those led by the operator, and those shared with it through one of its dossiers."""
        dossiers = droits.portee(utilisateur, Accompagnement.objects.all())
        partagees = Action.objects.filter(
            plan__accompagnement__in=dossiers.values("pk"), ingenierie__isnull=False
        )
        return self.filter(pk__in=partagees.values("ingenierie"))


class Ingenierie(Verrouille):
    """One engineering: what is consulted, contracted, carried out and counted once."""

    class Genre(models.TextChoices):
        INDIVIDUELLE = "ING_IND", "Individuelle"
        COLLECTIVE = "ING_COL", "Collective"
        MIXTE = "ING_MIX", "Mixte"

    reference = models.CharField("référence", max_length=60, unique=True, editable=False)
    genre = models.CharField("type", max_length=10, choices=Genre, editable=False)
    intitule = models.CharField("intitulé", max_length=200)
    thematique = nomenclatures.cle(
        "thematique", verbose_name="thématique principale", null=True, blank=True
    )
    operateur = models.ForeignKey(
        "territoires.OperateurDLA", verbose_name="opérateur", on_delete=models.PROTECT
    )
    collectif_repris = models.CharField(
        "nom du collectif repris", max_length=60, blank=True, db_index=True, editable=False
    )

    objects = IngenierieQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ingénierie"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.reference} · {self.intitule}"

    @property
    def fil(self):
        return f"ingenierie:{self.pk}"

    def accompagnements(self):
        """Dossiers of the structures concerned."""
        return Accompagnement.objects.filter(plan__actions__ingenierie=self).distinct()

    def structures(self):
        """Names of the structures concerned, joined for a sentence."""
        noms = self.accompagnements().values_list("structure__nom", flat=True)
        return ", ".join(noms)


class Action(Verrouille):
    """One action of a plan. Days in days, amounts in euros TTC."""

    plan = models.ForeignKey(Plan, related_name="actions", on_delete=models.PROTECT, editable=False)
    genre = models.CharField("type d'action", max_length=10, choices=TypeAction)
    nature = models.CharField("nature", max_length=10, choices=NatureAction, blank=True)
    intitule = models.CharField("intitulé", max_length=200)
    thematique = nomenclatures.cle("thematique", verbose_name="thématique", null=True, blank=True)
    intervenant = models.CharField("intervenant pressenti", max_length=160, blank=True)
    partenaire = models.ForeignKey(
        Partenaire,
        verbose_name="partenaire de l'annuaire",
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
    )
    debut = models.DateField("début prévu", null=True, blank=True)
    echeance = models.DateField("échéance", null=True, blank=True)
    jours_prevus = models.DecimalField(
        "jours prévus", max_digits=6, decimal_places=2, null=True, blank=True
    )
    montant_prevu = models.DecimalField(
        "montant prévu TTC (€)", max_digits=10, decimal_places=2, null=True, blank=True
    )
    statut = models.CharField(
        "avancement", max_length=12, choices=StatutAction, default=StatutAction.PREVUE
    )
    resultat_attendu = models.TextField("résultat attendu", blank=True)
    resultat = models.TextField("résultat obtenu", blank=True)
    ingenierie = models.ForeignKey(
        Ingenierie,
        related_name="actions",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "action du plan"
        verbose_name_plural = "actions du plan"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(genre__in=_ING) | Q(ingenierie=None),
                name="action_ingenierie_selon_type",
                violation_error_message="Seule une action d'ingénierie porte une ingénierie.",
            ),
            models.CheckConstraint(
                condition=Q(jours_prevus=None) | Q(jours_prevus__gte=0),
                name="action_jours_positifs",
                violation_error_message="Le nombre de jours ne peut être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(montant_prevu=None) | Q(montant_prevu__gte=0),
                name="action_montant_positif",
                violation_error_message="Le montant ne peut être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(debut=None) | Q(echeance=None) | Q(echeance__gte=F("debut")),
                name="action_dates_ordonnees",
                violation_error_message="L'échéance de l'action précède son début.",
            ),
        ]

    def __str__(self):
        return self.intitule

    @property
    def operateur_id(self):
        return self.plan.operateur_id

    @property
    def qui(self):
        """Who carries it out: the partner of the directory, then what is said of it."""
        connu = str(self.partenaire) if self.partenaire_id else ""
        return " · ".join(filter(None, (connu, self.intervenant)))
