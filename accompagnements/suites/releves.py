"""What a follow-up measures again: the figures of year N+2, the advice followed, one by one."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accompagnements.diagnostics.lignes import Preconisation
from accompagnements.diagnostics.models import Diagnostic, Reponse
from accompagnements.plans.models import Action
from accompagnements.suites.models import Suivi
from dla_portal.socle import horloge


def _personnes(libelle):
    return models.PositiveIntegerField(libelle, null=True, blank=True)


def _euros(libelle):
    return models.DecimalField(libelle, max_digits=12, decimal_places=2, null=True, blank=True)


def _reponse(nom):
    """The very question of the baseline."""
    libelle = Diagnostic._meta.get_field(nom).verbose_name
    return models.CharField(libelle, max_length=5, choices=Reponse, blank=True)


class LigneDeSuivi(models.Model):
    """Base of what a follow-up records: its history bears the hour of the portal."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self._history_date = horloge.maintenant()
        super().save(*args, **kwargs)


class Releve(LigneDeSuivi):
    """The figures of year N+2, in the lines and units of the diagnostic, and the same questions."""

    suivi = models.OneToOneField(
        Suivi, related_name="releve", on_delete=models.PROTECT, editable=False
    )
    annee = models.PositiveSmallIntegerField("année des chiffres")
    produits = _euros("total des produits")
    subventions = _euros("dont subventions")
    charges = _euros("total des charges")
    resultat = _euros("résultat")
    tresorerie = _euros("trésorerie")
    fonds_propres = _euros("fonds propres")
    dettes = _euros("dettes")
    cdi = _personnes("CDI")
    cdd = _personnes("CDD de droit commun")
    aides = _personnes("contrats aidés")
    apprentis = _personnes("apprentis, alternants")
    insertion = _personnes("salariés en insertion")
    effectif = _personnes("effectif total")
    etp = models.DecimalField("ETP", max_digits=8, decimal_places=2, null=True, blank=True)
    benevoles = _personnes("bénévoles actifs")
    beneficiaires = _personnes("nombre de bénéficiaires")
    gouv_instances = _reponse("gouv_instances")
    gouv_frequence = _reponse("gouv_frequence")
    gouv_statuts = _reponse("gouv_statuts")
    gouv_concertation = _reponse("gouv_concertation")
    gouv_mandats = _reponse("gouv_mandats")
    gouv_circuit = _reponse("gouv_circuit")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "relevé du suivi"
        verbose_name_plural = "relevés du suivi"
        constraints = [
            models.CheckConstraint(
                condition=Q(subventions=None)
                | Q(produits=None)
                | Q(subventions__lte=F("produits")),
                name="releve_subventions_dans_produits",
                violation_error_message="Les subventions dépassent le total des produits.",
            ),
            models.CheckConstraint(
                condition=Q(etp=None) | Q(etp__gte=0),
                name="releve_etp_positif",
                violation_error_message="Le nombre d'ETP ne peut être négatif.",
            ),
        ]

    def __str__(self):
        return f"Relevé {self.annee} · {self.suivi}"


class ConseilSuivi(LigneDeSuivi):
    """What became of one thing advised by the diagnostic, or planned when nothing was advised."""

    class Suite(models.TextChoices):
        FAITE = "faite", "Faite"
        EN_PARTIE = "en_partie", "Faite en partie"
        NON = "non", "Pas faite"

    suivi = models.ForeignKey(
        Suivi, related_name="conseils", on_delete=models.PROTECT, editable=False
    )
    preconisation = models.ForeignKey(
        Preconisation, null=True, related_name="suites", on_delete=models.PROTECT, editable=False
    )
    action = models.ForeignKey(
        Action, null=True, related_name="suites", on_delete=models.PROTECT, editable=False
    )
    texte = models.TextField("ce qui était conseillé", editable=False)
    suite = models.CharField("suite donnée", max_length=10, choices=Suite)
    pourquoi = models.TextField("pourquoi", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "suite d'une préconisation"
        verbose_name_plural = "suites des préconisations"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(suite="faite") | ~Q(pourquoi=""),
                name="conseil_suivi_explique",
                violation_error_message="Dites pourquoi cette préconisation n'est pas faite en "
                "entier.",
            ),
            models.UniqueConstraint(
                fields=["suivi", "preconisation"],
                name="conseil_suivi_une_fois",
                violation_error_message="La suite de cette préconisation est déjà notée.",
            ),
        ]

    def __str__(self):
        return f"{self.texte[:60]} : {self.get_suite_display()}"

    @property
    def ton(self):
        """Tone of its badge."""
        return {"faite": "fait", "en_partie": "en-cours", "non": "alerte"}[self.suite]
