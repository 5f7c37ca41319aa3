"""Final report, restitution and invoices of a mission. Amounts in euros."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements.missions.models import Mission
from accompagnements.restitutions import etats
from accompagnements.restitutions.etats import Etat, EtatFacture
from dla_portal.socle.etats import AEtats, champ_etat


class RestitutionQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the missions the user sees."""
        missions = Mission.objects.visibles_par(utilisateur)
        return self.filter(mission__in=missions.values("pk"))


class PointRapport(models.TextChoices):
    """What the final report must hold (domaine.md §6.9), ticked one by one."""

    GARDE = "garde", "Page de garde : logo du DLA et logo de l'opérateur"
    MENTION = "mention", "Mention « Accompagnement DLA financé par : » et logos des financeurs"
    COMMANDE = "commande", "Rappel de la commande, des objectifs et de la méthode"
    CALENDRIER = "calendrier", "Calendrier précis et identité des intervenants"
    TRAVAUX = "travaux", "Travail réalisé, résultats, explications, difficultés"
    PLAN = "plan", "Plan d'actions : préconisations et échéancier"
    ANNEXES = "annexes", "Annexes : outils utilisés ou réalisés"


class Restitution(AEtats):
    """What the prestataire hands over: report, meeting, then the balance."""

    RESPONSABLES = etats.RESPONSABLE
    TONS = etats.TON

    mission = models.OneToOneField(
        Mission, related_name="restitution", on_delete=models.PROTECT, editable=False
    )
    rapport_recu_le = models.DateField("rapport reçu le", null=True, blank=True, editable=False)
    rapport = models.ForeignKey(
        "socle.Fichier",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    rapport_papier_recu_le = models.DateField(
        "exemplaire papier reçu le", null=True, blank=True, editable=False
    )
    points_conformes = models.CharField(
        "points du rapport vérifiés", max_length=120, blank=True, editable=False
    )  # codes of PointRapport, separated by commas
    rapport_conforme = models.BooleanField("rapport conforme", default=False, editable=False)
    prevue_le = models.DateTimeField("restitution prévue le", null=True, blank=True, editable=False)
    prevue_lieu = models.CharField("lieu prévu", max_length=160, blank=True, editable=False)
    tenue_le = models.DateField(
        "restitution tenue le", null=True, blank=True, db_index=True, editable=False
    )
    lieu = models.CharField("lieu", max_length=160, blank=True)
    presents = models.CharField("personnes présentes", max_length=300, blank=True)
    resultats = models.TextField("objectifs et résultats", blank=True)
    ecarts = models.TextField("écarts constatés", blank=True)
    besoins = models.TextField("nouveaux besoins", blank=True)
    decisions = models.TextField("décisions et suites à donner", blank=True)
    compte_rendu = models.ForeignKey(
        "socle.Fichier",
        verbose_name="compte rendu de la restitution",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    soldee_le = models.DateField("soldée le", null=True, blank=True, editable=False)
    reprise = models.BooleanField(default=False, editable=False)
    etat = champ_etat(Etat, Etat.RAPPORT_RECU)

    objects = RestitutionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "restitution"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rapport_recu_le__isnull=False) | Q(reprise=True),
                name="restitution_rapport_date",
                violation_error_message="La date de réception du rapport est obligatoire.",
            ),
            models.CheckConstraint(
                condition=Q(rapport_papier_recu_le=None) | Q(rapport_recu_le__isnull=False),
                name="restitution_papier_apres_rapport",
                violation_error_message="L'exemplaire papier suit l'enregistrement du rapport.",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.RAPPORT_RECU) | Q(tenue_le__isnull=False),
                name="restitution_tenue_datee",
                violation_error_message="Une restitution tenue porte sa date.",
            ),
            models.CheckConstraint(
                condition=Q(prevue_le=None, prevue_lieu="")
                | (Q(prevue_le__isnull=False) & ~Q(prevue_lieu="")),
                name="restitution_prevue_avec_son_lieu",
                violation_error_message="Une restitution planifiée porte sa date et son lieu.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.SOLDEE) | Q(rapport_conforme=True) | Q(reprise=True),
                name="restitution_soldee_rapport_conforme",
                violation_error_message="Le solde exige un rapport conforme et une restitution.",
            ),
        ]

    def __str__(self):
        return f"Restitution {self.mission.convention.reference}"

    def get_absolute_url(self):
        return reverse("accompagnements:restitution", args=[self.pk])

    @property
    def fil(self):
        return self.mission.fil

    @property
    def operateur_id(self):
        return self.mission.operateur_id

    @property
    def points(self):
        """(label, ticked) for each point of the checklist, in its order."""
        verifies = self.points_verifies
        return [(point.label, point.value in verifies) for point in PointRapport]

    @property
    def points_verifies(self):
        """Codes of the points ticked."""
        return self.points_conformes.split(",") if self.points_conformes else []

    def verifier(self, points):
        """Keep the points ticked; the caller saves."""
        self.points_conformes = ",".join(p.value for p in PointRapport if p.value in points)


class FactureQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the missions the user sees."""
        missions = Mission.objects.visibles_par(utilisateur)
        return self.filter(mission__in=missions.values("pk"))


class Facture(AEtats):
    """An invoice of the prestataire; `solde` is the last one, due after report and restitution."""

    RESPONSABLES = etats.RESPONSABLE_FACTURE
    TONS = etats.TON_FACTURE

    mission = models.ForeignKey(
        Mission, related_name="factures", on_delete=models.PROTECT, editable=False
    )
    numero = models.CharField("numéro", max_length=60)
    datee_du = models.DateField("datée du")
    montant_ht = models.DecimalField("montant HT (€)", max_digits=10, decimal_places=2)
    montant_ttc = models.DecimalField("montant TTC (€)", max_digits=10, decimal_places=2)
    jours = models.DecimalField(
        "jours facturés", max_digits=6, decimal_places=2, null=True, blank=True
    )
    solde = models.BooleanField("facture de solde", default=False)
    fichier = models.ForeignKey(
        "socle.Fichier",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    saisie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    certifiee_le = models.DateField("service fait le", null=True, blank=True, editable=False)
    certifiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    payee_le = models.DateField("payée le", null=True, blank=True, editable=False)
    paiement_reference = models.CharField(
        "référence du paiement", max_length=80, blank=True, editable=False
    )
    rejet_motif = models.TextField("motif du rejet", blank=True, editable=False)
    etat = champ_etat(EtatFacture, EtatFacture.RECUE)

    objects = FactureQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "facture"
        ordering = ["-datee_du", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "numero"],
                name="facture_numero_unique",
                violation_error_message="Cette facture est déjà enregistrée.",
            ),
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(solde=True) & ~Q(etat=EtatFacture.REJETEE),
                name="facture_un_seul_solde",
                violation_error_message="Une facture de solde est déjà enregistrée.",
            ),
            models.CheckConstraint(
                condition=Q(montant_ht__gte=0) & Q(montant_ttc__gte=F("montant_ht")),
                name="facture_montants_coherents",
                violation_error_message="Le montant TTC ne peut être inférieur au montant HT.",
            ),
            models.CheckConstraint(
                condition=Q(jours=None) | Q(jours__gte=0),
                name="facture_jours_positifs",
                violation_error_message="Le nombre de jours ne peut être négatif.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatFacture.CERTIFIEE, EtatFacture.PAYEE])
                | (Q(certifiee_le__isnull=False) & Q(certifiee_par__isnull=False)),
                name="facture_certifiee_datee",
                violation_error_message="Le service fait porte sa date et son auteur.",
            ),
            models.CheckConstraint(
                condition=Q(saisie_par=None)
                | Q(certifiee_par=None)
                | ~Q(certifiee_par=F("saisie_par")),
                name="facture_certifiee_par_une_autre_personne",
                violation_error_message="Le service fait est certifié par une autre personne que "
                "celle qui a saisi.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatFacture.PAYEE) | Q(payee_le__isnull=False),
                name="facture_payee_datee",
                violation_error_message="Une facture payée porte la date du paiement.",
            ),
        ]

    def __str__(self):
        return f"Facture {self.numero}"

    def get_absolute_url(self):
        return reverse("accompagnements:facture", args=[self.pk])

    @property
    def fil(self):
        return self.mission.fil

    @property
    def operateur_id(self):
        return self.mission.operateur_id
