"""Rows of a diagnostic: persons met, figures by year, axes of change, preconisations.

The version which guards them all is that of their diagnostic, saved with them.
"""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accompagnements.diagnostics.models import Diagnostic
from accompagnements.types_action import TypeAction
from dla_portal.socle import horloge

PRIORITES = [(1, "1 — d'abord"), (2, "2 — ensuite"), (3, "3 — plus tard")]


class Domaine(models.TextChoices):
    """What an axis of change is about (domaine.md step 2)."""

    STRATEGIE = "strategie", "Projet et stratégie"
    GOUVERNANCE = "gouvernance", "Gouvernance"
    ORGANISATION = "organisation", "Organisation"
    HUMAIN = "humain", "Ressources humaines"
    ECONOMIE = "economie", "Modèle économique"
    FINANCES = "finances", "Finances"
    TERRITOIRE = "territoire", "Territoire et partenariats"
    AUTRE = "autre", "Autre"


class LigneDeDiagnostic(models.Model):
    """Base of the rows: their history bears the hour of the portal."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self._history_date = horloge.maintenant()
        super().save(*args, **kwargs)


class PersonneRencontree(LigneDeDiagnostic):
    """Somebody met for the diagnostic."""

    diagnostic = models.ForeignKey(
        Diagnostic, related_name="rencontres", on_delete=models.CASCADE, editable=False
    )
    nom = models.CharField("nom", max_length=250)
    fonction = models.CharField("fonction", max_length=160, blank=True)
    le = models.DateField("date de la rencontre", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "personne rencontrée"
        verbose_name_plural = "personnes rencontrées"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.nom} ({self.fonction})" if self.fonction else self.nom


def _personnes(libelle):
    return models.PositiveIntegerField(libelle, null=True, blank=True)


def _euros(libelle):
    return models.DecimalField(libelle, max_digits=12, decimal_places=2, null=True, blank=True)


class ChiffresAnnuels(LigneDeDiagnostic):
    """Accounts (euros) and jobs (persons, at the end of the year) of one year, as told then."""

    diagnostic = models.ForeignKey(
        Diagnostic, related_name="annees", on_delete=models.CASCADE, editable=False
    )
    annee = models.PositiveSmallIntegerField("année", editable=False)
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

    history = HistoricalRecords()

    class Meta:
        verbose_name = "chiffres d'une année"
        verbose_name_plural = "chiffres par année"
        ordering = ["annee"]
        constraints = [
            models.UniqueConstraint(
                fields=["diagnostic", "annee"],
                name="chiffres_annuels_uniques",
                violation_error_message="Les chiffres de cette année sont déjà saisis.",
            ),
            models.CheckConstraint(
                condition=Q(subventions=None)
                | Q(produits=None)
                | Q(subventions__lte=F("produits")),
                name="chiffres_subventions_dans_produits",
                violation_error_message="Les subventions dépassent le total des produits.",
            ),
            models.CheckConstraint(
                condition=Q(etp=None) | Q(etp__gte=0),
                name="chiffres_etp_positif",
                violation_error_message="Le nombre d'ETP ne peut être négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.diagnostic} {self.annee}"


class Axe(LigneDeDiagnostic):
    """What one axis shows: strengths, weaknesses, what is at stake, and how urgent it is."""

    diagnostic = models.ForeignKey(
        Diagnostic, related_name="lignes_axes", on_delete=models.CASCADE, editable=False
    )
    domaine = models.CharField("axe", max_length=15, choices=Domaine)
    forces = models.TextField("forces", blank=True)
    faiblesses = models.TextField("faiblesses", blank=True)
    enjeu = models.TextField("enjeu, changement visé", blank=True)
    priorite = models.PositiveSmallIntegerField(
        "priorité", choices=PRIORITES, null=True, blank=True
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "axe de changement"
        verbose_name_plural = "axes de changement"
        ordering = [F("priorite").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(priorite=None) | Q(priorite__range=(1, 3)),
                name="axe_priorite_1_a_3",
                violation_error_message="La priorité va de 1 à 3.",
            )
        ]

    def __str__(self):
        return self.get_domaine_display()


class Preconisation(LigneDeDiagnostic):
    """One thing advised: what, by which kind of action, within how many months."""

    diagnostic = models.ForeignKey(
        Diagnostic, related_name="lignes_preconisations", on_delete=models.CASCADE, editable=False
    )
    texte = models.TextField("préconisation")
    genre = models.CharField("type d'action", max_length=10, choices=TypeAction, blank=True)
    delai = models.PositiveSmallIntegerField("délai (mois)", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "préconisation"
        ordering = ["pk"]

    def __str__(self):
        return self.texte[:80]
