"""Avenant: what a signed convention changes of its scope, days, amount, dates or persons."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements.conventions import etats
from accompagnements.conventions.actes import ActeASigner
from accompagnements.conventions.etats import EtatAvenant
from accompagnements.conventions.models import Convention
from dla_portal.socle.etats import champ_etat


def fin_en_vigueur(convention="pk"):
    """Expression of the last day of a mission, signed avenants included.

    `convention` is the path from the row to its convention ("pk": the row is the convention).
    """
    return _en_vigueur("fin", convention)


def montant_ttc_en_vigueur(convention="pk"):
    """Expression of the amount TTC due, in euros, signed avenants included."""
    return _en_vigueur("montant_ttc", convention)


def montant_ht_en_vigueur(convention="pk"):
    """Expression of the amount HT due, in euros, signed avenants included."""
    return _en_vigueur("montant_ht", convention)


def jours_en_vigueur(convention="pk"):
    """Expression of the days due, signed avenants included."""
    return _en_vigueur("jours", convention)


def _en_vigueur(champ, convention):
    """The last signed avenant that changes a field prevails over the convention."""
    prefixe = "" if convention == "pk" else f"{convention}__"
    signes = Avenant.objects.filter(
        convention=OuterRef(convention), etat=EtatAvenant.SIGNE, **{f"{champ}__isnull": False}
    )
    return Coalesce(Subquery(signes.order_by("-numero").values(champ)[:1]), F(f"{prefixe}{champ}"))


class AvenantQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the conventions the user sees."""
        conventions = Convention.objects.visibles_par(utilisateur)
        return self.filter(convention__in=conventions.values("pk"))


class Avenant(ActeASigner):
    """An avenant of a signed convention; an empty field changes nothing."""

    CIRCUIT = etats.CIRCUIT_AVENANT
    RESPONSABLES = etats.RESPONSABLE_AVENANT
    TONS = etats.TON_AVENANT

    convention = models.ForeignKey(
        Convention, related_name="avenants", on_delete=models.PROTECT, editable=False
    )
    numero = models.PositiveSmallIntegerField("numéro", editable=False)
    motif = models.TextField("pourquoi cet avenant")
    justification = models.TextField(
        "justification du dépassement",
        blank=True,
        help_text="Demandée quand le nouveau montant dépasse de plus de 20 % celui de la convention "
        "initiale ; elle figure sur l'avenant.",
    )
    perimetre = models.TextField("nouveau périmètre de la mission", blank=True)
    intervenants = models.TextField("nouveaux intervenants", blank=True)
    jours = models.DecimalField(
        "nouveau nombre de jours", max_digits=6, decimal_places=2, null=True, blank=True
    )
    montant_ht = models.DecimalField(
        "nouveau montant HT (€)", max_digits=10, decimal_places=2, null=True, blank=True
    )
    montant_ttc = models.DecimalField(
        "nouveau montant TTC (€)", max_digits=10, decimal_places=2, null=True, blank=True
    )
    debut = models.DateField("nouveau début de la mission", null=True, blank=True)
    fin = models.DateField("nouvelle fin de la mission", null=True, blank=True)
    etat = champ_etat(EtatAvenant, EtatAvenant.EN_PREPARATION)

    objects = AvenantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "avenant"
        ordering = ["convention", "numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "numero"],
                name="avenant_numero_unique",
                violation_error_message="Cet avenant existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(etat__in=[EtatAvenant.EN_PREPARATION, EtatAvenant.A_SIGNER]),
                name="avenant_un_seul_en_cours",
                violation_error_message="Un avenant est déjà en préparation ou en signature.",
            ),
            models.CheckConstraint(
                condition=Q(montant_ht=None, montant_ttc=None)
                | Q(montant_ht__gte=0, montant_ttc__gte=F("montant_ht")),
                name="avenant_montants_coherents",
                violation_error_message="Un nouveau montant se dit HT et TTC, le TTC au moins égal.",
            ),
            models.CheckConstraint(
                condition=Q(jours=None) | Q(jours__gt=0),
                name="avenant_jours_positifs",
                violation_error_message="Le nombre de jours est supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=Q(debut=None) | Q(fin=None) | Q(fin__gte=F("debut")),
                name="avenant_dates_ordonnees",
                violation_error_message="La fin de la mission précède son début.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatAvenant.SIGNE, signee_le__isnull=False)
                | ~Q(etat=EtatAvenant.SIGNE) & Q(signee_le=None),
                name="avenant_signe_date",
                violation_error_message="Un avenant signé porte la date de la dernière signature.",
            ),
        ]

    def __str__(self):
        return f"Avenant n° {self.numero} à la convention {self.convention.reference}"

    def get_absolute_url(self):
        return reverse("accompagnements:avenant", args=[self.pk])

    @property
    def fil(self):
        return self.convention.fil

    @property
    def operateur_id(self):
        return self.convention.operateur_id

    @property
    def ingenierie(self):
        return self.convention.ingenierie

    @property
    def prestataire(self):
        return self.convention.prestataire

    @property
    def sujet_journal(self):
        """Which avenant, in the journal of the engineering."""
        return f"avenant n° {self.numero}"

    @property
    def reference(self):
        return f"{self.convention.reference}-A{self.numero}"

    @property
    def designation(self):
        """How a sentence names it."""
        return f"l'avenant n° {self.numero} à la convention tripartite {self.convention.reference}"

    @property
    def titre_acte(self):
        """How the subject of a mail names it."""
        return str(self)

    @property
    def avant(self):
        """The values in force just before this avenant, by field."""
        valeurs = {
            nom: getattr(self.convention, nom)
            for nom in ("jours", "montant_ht", "montant_ttc", "debut", "fin")
        }
        for autre in self.convention.avenants_signes():
            if self.numero is None or autre.numero < self.numero:  # being typed: the next one
                valeurs |= {n: v for n in valeurs if (v := getattr(autre, n)) is not None}
        return valeurs

    @property
    def change(self):
        """The new figures and dates, by field: what is given and differs from before."""
        return {
            nom: valeur
            for nom, avant in self.avant.items()
            if (valeur := getattr(self, nom)) is not None and valeur != avant
        }
