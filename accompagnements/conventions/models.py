"""Convention tripartite. Amounts in euros, days in days."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from accompagnements.consultations.models import Consultation, Proposition
from accompagnements.conventions import etats
from accompagnements.conventions.actes import ActeASigner
from accompagnements.conventions.etats import Etat, EtatAvenant
from accompagnements.conventions.trames import Trame
from accompagnements.plans.models import Ingenierie
from dla_portal.comptes import roles
from dla_portal.socle.etats import champ_etat
from prestataires.models import Prestataire

_DATEES = [Etat.SIGNEE, Etat.RESILIEE]


class ConventionQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The operator's team; a DLA régional sees those of its own operator only."""
        if utilisateur.role == roles.DlaRegional.code:
            return self.filter(ingenierie__in=_siennes(utilisateur))
        ingenieries = Ingenierie.objects.visibles_par(utilisateur)
        return self.filter(ingenierie__in=ingenieries.values("pk"))

    def engagees(self):
        """Those signed by all, whatever happened afterwards: they count as engaged.

        One per engineering: a convention signed in place of a terminated one replaces it.
        """
        remplacante = Convention.objects.filter(
            ingenierie=models.OuterRef("ingenierie"), etat=Etat.SIGNEE
        )
        remplacees = models.Q(etat=Etat.RESILIEE) & models.Exists(remplacante)
        return self.filter(signee_le__isnull=False).exclude(remplacees)


def _siennes(utilisateur):
    operateur = droits.operateur_de(utilisateur)
    return Ingenierie.objects.filter(operateur=operateur).values("pk")


class Convention(ActeASigner):
    """The agreement between the operator, the structure(s) and the prestataire."""

    CIRCUIT = etats.CIRCUIT
    RESPONSABLES = etats.RESPONSABLE
    TONS = etats.TON

    reference = models.CharField("référence", max_length=70, unique=True, editable=False)
    ingenierie = models.ForeignKey(
        Ingenierie, related_name="conventions", on_delete=models.PROTECT, editable=False
    )
    consultation = models.ForeignKey(
        Consultation, null=True, blank=True, on_delete=models.PROTECT, editable=False
    )
    proposition = models.ForeignKey(
        Proposition,
        related_name="conventions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        editable=False,
    )
    prestataire = models.ForeignKey(
        Prestataire,
        related_name="conventions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        editable=False,
    )
    objet = models.TextField("objet de la mission", blank=True)
    montant_ht = models.DecimalField("montant HT (€)", max_digits=10, decimal_places=2, default=0)
    montant_ttc = models.DecimalField("montant TTC (€)", max_digits=10, decimal_places=2, default=0)
    jours = models.DecimalField("jours", max_digits=6, decimal_places=2, default=0)
    debut = models.DateField("début de la mission", null=True, blank=True)
    fin = models.DateField("fin de la mission", null=True, blank=True)
    acompte = models.PositiveSmallIntegerField("acompte à la signature (%)", default=30)
    financeurs = models.CharField(
        "financeurs de l'accompagnement",
        max_length=300,
        blank=True,
        help_text="Séparés par des virgules, dans l'ordre d'affichage.",
    )
    cofinancee_fse = models.BooleanField("cofinancée par le FSE+", default=False)
    trame = models.ForeignKey(
        Trame,
        verbose_name="trame employée",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    reprise = models.BooleanField("reprise d'une année passée", default=False, editable=False)
    etat = champ_etat(Etat, Etat.BROUILLON)

    objects = ConventionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "convention tripartite"
        verbose_name_plural = "conventions tripartites"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ingenierie"],
                condition=~Q(etat__in=[Etat.ABANDONNEE, Etat.RESILIEE]),
                name="convention_une_seule_vivante",
                violation_error_message="Cette ingénierie a déjà une convention.",
            ),
            models.CheckConstraint(
                condition=Q(reprise=True)
                | (Q(proposition__isnull=False) & Q(prestataire__isnull=False)),
                name="convention_issue_d_un_choix",
                violation_error_message="Une convention découle d'une proposition retenue.",
            ),
            models.CheckConstraint(
                condition=Q(montant_ht__gte=0) & Q(montant_ttc__gte=F("montant_ht")),
                name="convention_montants_coherents",
                violation_error_message="Le montant TTC ne peut être inférieur au montant HT.",
            ),
            models.CheckConstraint(
                condition=Q(jours__gte=0),
                name="convention_jours_positifs",
                violation_error_message="Le nombre de jours ne peut être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(debut=None) | Q(fin=None) | Q(fin__gte=F("debut")),
                name="convention_dates_ordonnees",
                violation_error_message="La fin de la mission précède son début.",
            ),
            models.CheckConstraint(
                condition=(Q(etat__in=_DATEES) & Q(signee_le__isnull=False))
                | (~Q(etat__in=_DATEES) & Q(signee_le=None)),
                name="convention_signee_datee",
                violation_error_message="Une convention signée porte la date de la dernière signature.",
            ),
            models.CheckConstraint(
                condition=Q(acompte__lte=100),
                name="convention_acompte_pourcentage",
                violation_error_message="L'acompte est un pourcentage entre 0 et 100.",
            ),
        ]

    def __str__(self):
        return f"Convention {self.reference}"

    def get_absolute_url(self):
        return reverse("accompagnements:convention", args=[self.pk])

    @property
    def fil(self):
        return self.ingenierie.fil

    @property
    def operateur_id(self):
        return self.ingenierie.operateur_id

    @property
    def liste_financeurs(self):
        """Names of the funders, in the order of display."""
        return [nom.strip() for nom in self.financeurs.split(",") if nom.strip()]

    @property
    def designation(self):
        """How a sentence names it."""
        return f"la convention tripartite {self.reference}"

    @property
    def titre_acte(self):
        """How the subject of a mail names it."""
        return f"Convention {self.reference}"

    @property
    def tjm_ht(self):
        """Daily price in euros HT, avenants included, or None without days."""
        jours = self.jours_effectifs
        return round(self.montant_ht_effectif / jours, 2) if jours else None

    def avenants_signes(self):
        """Avenants in force, the first one first."""
        return sorted(
            (a for a in self.avenants.all() if a.etat == EtatAvenant.SIGNE), key=lambda a: a.numero
        )

    def _effectif(self, champ):
        """Value of a field after the signed avenants: the last one that changes it prevails."""
        changes = [getattr(avenant, champ) for avenant in self.avenants_signes()]
        return next((v for v in reversed(changes) if v is not None), getattr(self, champ))

    def plafond(self, champ):
        """What may be invoiced or done of "jours", "montant_ht" or "montant_ttc".

        What is due; less as soon as an avenant which lowers it is being signed: it would
        otherwise take effect below what was invoiced meanwhile.
        """
        proposes = self.avenants.filter(etat=EtatAvenant.A_SIGNER).values_list(champ, flat=True)
        return min([self._effectif(champ), *(valeur for valeur in proposes if valeur is not None)])

    @property
    def jours_effectifs(self):
        """Days due, avenants included."""
        return self._effectif("jours")

    @property
    def montant_ht_effectif(self):
        """Amount HT due, in euros, avenants included."""
        return self._effectif("montant_ht")

    @property
    def montant_ttc_effectif(self):
        """Amount TTC due, in euros, avenants included."""
        return self._effectif("montant_ttc")

    @property
    def debut_effectif(self):
        """First day of the mission, avenants included."""
        return self._effectif("debut")

    @property
    def fin_effective(self):
        """Last day of the mission, avenants included."""
        return self._effectif("fin")
