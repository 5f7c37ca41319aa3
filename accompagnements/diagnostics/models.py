"""Diagnostic partagé: its texts and its baseline; confidential to the operator's team."""

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


class Reponse(models.TextChoices):
    """Answer of the relevé d'impact on how the bodies of the structure work (domaine.md step 2)."""

    OUI = "oui", "Oui"
    MOYEN = "moyen", "En partie"
    NON = "non", "Non"


# Questions of the baseline on governance, asked again at the follow-up.
GOUVERNANCE = (
    "gouv_instances",
    "gouv_frequence",
    "gouv_statuts",
    "gouv_concertation",
    "gouv_mandats",
    "gouv_circuit",
)


class Confidentialite(models.TextChoices):
    """How far a diagnostic may go, beyond the team and the structure."""

    RESERVEE = "reservee", "Réservé à l'équipe et à la structure"
    ENCADREE = "encadree", "Communicable sous engagement de confidentialité"


def _reponse(libelle):
    return models.CharField(libelle, max_length=5, choices=Reponse, blank=True)


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
    historique = models.TextField("création et histoire", blank=True)
    activites = models.TextField("projet, activités et publics", blank=True)
    beneficiaires = models.PositiveIntegerField("nombre de bénéficiaires", null=True, blank=True)
    beneficiaires_definition = models.CharField("de qui s'agit-il ?", max_length=250, blank=True)
    territoire = models.TextField("territoire, partenaires, concurrence", blank=True)
    gouvernance = models.TextField("gouvernance", blank=True)
    gouv_instances = _reponse("les instances fonctionnent")
    gouv_frequence = _reponse("elles se réunissent au rythme prévu")
    gouv_statuts = _reponse("les statuts sont respectés")
    gouv_concertation = _reponse("les parties prenantes sont associées")
    gouv_mandats = _reponse("les mandats sont renouvelés")
    gouv_circuit = _reponse("présidence et direction se partagent clairement les décisions")
    ressources_humaines = models.TextField("emplois et compétences", blank=True)
    organisation = models.TextField("organisation du travail", blank=True)
    outils = models.TextField("outils de gestion", blank=True)
    communication = models.TextField("communication", blank=True)
    economie = models.TextField("situation économique et financière", blank=True)
    previsionnel = models.TextField("prévisionnel", blank=True)
    annee_n = models.PositiveSmallIntegerField("année N", null=True, blank=True)
    forces = models.TextField("forces", blank=True)
    faiblesses = models.TextField("faiblesses", blank=True)
    opportunites = models.TextField("opportunités", blank=True)
    risques = models.TextField("risques", blank=True)
    problematique = models.TextField("problématique", blank=True)
    avis_structure = models.TextField("avis de la structure", blank=True)
    # The baseline of the follow-up: copied from the figures of year N, never typed twice.
    effectif = models.PositiveIntegerField("effectif (personnes)", null=True, blank=True)
    etp = models.DecimalField("ETP", max_digits=8, decimal_places=2, null=True, blank=True)
    budget = models.DecimalField(
        "budget annuel (€)", max_digits=12, decimal_places=2, null=True, blank=True
    )
    # Free texts of the first diagnostics, since told in rows; kept for what their history tells.
    personnes = models.TextField("personnes rencontrées (texte)", blank=True, editable=False)
    axes = models.TextField("axes de changement (texte)", blank=True, editable=False)
    preconisations = models.TextField("préconisations (texte)", blank=True, editable=False)
    # Signs of serious difficulty (diagnostics.vigilance), facts only.
    signes = models.JSONField("signes relevés", default=list, blank=True)
    signes_releves_le = models.DateField("relevés le", null=True, blank=True)
    signes_note = models.TextField("faits constatés et orientation donnée", blank=True)
    confidentialite = models.CharField(
        "confidentialité",
        max_length=10,
        choices=Confidentialite,
        default=Confidentialite.ENCADREE,
        editable=False,
    )
    temps_passe = models.DecimalField(
        "temps passé (jours)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    soumis_le = models.DateField("soumis le", null=True, blank=True, editable=False)
    valide_le = models.DateField("validé le", null=True, blank=True, db_index=True, editable=False)
    organe = models.CharField("instance qui a validé", max_length=120, blank=True, editable=False)
    valide_par = models.CharField("validé par", max_length=120, blank=True, editable=False)
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

    def axes_en_mots(self):
        """The axes of change, one a line, by priority."""
        return "\n".join(
            " : ".join(filter(None, (axe.get_domaine_display(), axe.enjeu)))
            for axe in self.lignes_axes.all()
        )

    @property
    def fil(self):
        return self.accompagnement.fil

    @property
    def operateur_id(self):
        return self.accompagnement.operateur_id
