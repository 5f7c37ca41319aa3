"""Diagnostic partagé: situation, analysis, priorities; confidential to the operator's team."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from accompagnements.demandes.models import Accompagnement
from accompagnements.diagnostics import etats
from accompagnements.diagnostics.etats import Etat
from dla_portal.comptes import roles
from dla_portal.socle.etats import AEtats, champ_etat


class DiagnosticQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those who accompany, in the operator of the dossier; no pilote, no gestionnaire."""
        dossiers = droits.portee(
            utilisateur, Accompagnement.objects.all(), equipe=roles.INSTRUCTEURS
        )
        return self.filter(accompagnement__in=dossiers.values("pk"))

    def valides(self):
        """Those validated by the structure, whatever happened to the dossier afterwards."""
        return self.filter(valide_le__isnull=False)


class Diagnostic(AEtats):
    """The shared diagnostic of a dossier. `temps_passe` in days; `budget` in euros."""

    RESPONSABLES = etats.RESPONSABLE
    TONS = etats.TON

    accompagnement = models.ForeignKey(
        Accompagnement, related_name="diagnostics", on_delete=models.PROTECT, editable=False
    )
    entretien_le = models.DateField("premier entretien", null=True, blank=True)
    personnes = models.TextField("personnes rencontrées et fonctions", blank=True)
    historique = models.TextField("création et histoire", blank=True)
    activites = models.TextField("projet, activités et publics", blank=True)
    gouvernance = models.TextField("gouvernance", blank=True)
    ressources_humaines = models.TextField("emplois et organisation", blank=True)
    economie = models.TextField("situation économique et financière", blank=True)
    forces = models.TextField("forces", blank=True)
    faiblesses = models.TextField("faiblesses", blank=True)
    problematique = models.TextField("problématique", blank=True)
    axes = models.TextField("axes de changement, par priorité", blank=True)
    preconisations = models.TextField("préconisations", blank=True)
    effectif = models.PositiveIntegerField("effectif (personnes)", null=True, blank=True)
    etp = models.DecimalField("ETP", max_digits=8, decimal_places=2, null=True, blank=True)
    budget = models.DecimalField(
        "budget annuel (€)", max_digits=12, decimal_places=2, null=True, blank=True
    )
    temps_passe = models.DecimalField(
        "temps passé (jours)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    soumis_le = models.DateField("soumis le", null=True, blank=True, editable=False)
    valide_le = models.DateField("validé le", null=True, blank=True, db_index=True, editable=False)
    organe = models.CharField("instance qui a validé", max_length=120, blank=True, editable=False)
    etat = champ_etat(Etat, Etat.EN_COURS)

    objects = DiagnosticQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "diagnostic partagé"
        verbose_name_plural = "diagnostics partagés"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["accompagnement"],
                condition=~Q(etat=Etat.ABANDONNE),
                name="diagnostic_un_seul_vivant",
                violation_error_message="Ce dossier a déjà un diagnostic.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[Etat.VALIDE, Etat.SANS_PLAN])
                | (Q(valide_le__isnull=False) & ~Q(organe="")),
                name="diagnostic_valide_date_et_organe",
                violation_error_message="La validation porte sa date et l'instance qui a validé.",
            ),
        ]

    def __str__(self):
        return f"Diagnostic partagé {self.accompagnement.reference}"

    def get_absolute_url(self):
        return reverse("accompagnements:diagnostic", args=[self.pk])

    @property
    def fil(self):
        return self.accompagnement.fil

    @property
    def operateur_id(self):
        return self.accompagnement.operateur_id
