"""Consultation, sollicitations, sealed deposits, propositions; what is asked is in `cahier`.

A deposit is ciphertext until the opening (`socle.scelles`); the opening turns the last deposit in
time of each prestataire into a Proposition. Amounts in euros, days in days.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import acteurs
from accompagnements.consultations import etats
from accompagnements.consultations.etats import Etat, EtatProposition, EtatSollicitation
from accompagnements.consultations.traces import Choix, RefusDeRepondre
from accompagnements.plans.models import Ingenierie
from dla_portal.socle import horloge
from dla_portal.socle.etats import AEtats, champ_etat
from prestataires.models import Prestataire


class ConsultationQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the engineerings the user sees."""
        ingenieries = Ingenierie.objects.visibles_par(utilisateur)
        return self.filter(ingenierie__in=ingenieries.values("pk"))

    def avec_le_tour(self):
        """Annotated with the facts that, within a state, say whose turn it is."""
        elle = Consultation.objects.filter(pk=OuterRef("pk"))
        question = "sollicitations__questions"
        en_attente = {f"{question}__posee_le__isnull": False, f"{question}__repondue_le": None}
        attendue = {"fiches__close_le": None, "fiches__renoncement": ""}
        return self.annotate(
            question_attend=Exists(elle.filter(**en_attente)),
            grille_attend=Exists(elle.filter(fiches__evaluateur="structure", **attendue)),
        )


class Consultation(Choix, AEtats):
    """A call to 2–4 prestataires for one engineering."""

    TONS = etats.TON

    reference = models.CharField("référence", max_length=60, unique=True, editable=False)
    ingenierie = models.ForeignKey(
        Ingenierie, related_name="consultations", on_delete=models.PROTECT, editable=False
    )
    date_limite = models.DateTimeField("date et heure limites de réponse", null=True, blank=True)
    jours_questions = models.PositiveSmallIntegerField(
        "fin des questions, en jours avant la date limite", default=3
    )
    justification_nombre = models.TextField("justification du nombre de prestataires", blank=True)
    publiee_le = models.DateTimeField("envoyée le", null=True, blank=True, editable=False)
    ouverte_le = models.DateTimeField("ouverte le", null=True, blank=True, editable=False)
    ouverte_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    total_points = models.PositiveSmallIntegerField(
        "total des points de la grille", default=100, editable=False
    )
    notee_par_structure = models.BooleanField(
        "la grille demande la note de la structure", default=False, editable=False
    )
    validation_demandee_le = models.DateTimeField(
        "validation demandée à la structure le", null=True, blank=True, editable=False
    )
    # The minutes as they stood on the day of the act; nobody makes them again afterwards.
    pv_ouverture = models.ForeignKey(
        "socle.Fichier", null=True, editable=False, related_name="+", on_delete=models.PROTECT
    )
    pv_choix = models.ForeignKey(
        "socle.Fichier", null=True, editable=False, related_name="+", on_delete=models.PROTECT
    )
    etat = champ_etat(Etat, Etat.BROUILLON)

    objects = ConsultationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "consultation"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ingenierie"],
                condition=~Q(etat__in=[Etat.SANS_SUITE, Etat.INFRUCTUEUSE]),
                name="consultation_une_seule_vivante",
                violation_error_message="Une consultation est déjà en cours pour cette ingénierie.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[Etat.PUBLIEE, Etat.EN_ANALYSE, Etat.ATTRIBUEE])
                | (Q(publiee_le__isnull=False) & Q(date_limite__isnull=False)),
                name="consultation_publiee_datee",
                violation_error_message="Une consultation envoyée porte sa date et sa limite.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[Etat.EN_ANALYSE, Etat.ATTRIBUEE])
                | Q(ouverte_le__gte=F("date_limite")),
                name="consultation_ouverte_apres_limite",
                violation_error_message="Les propositions s'ouvrent après la date limite.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.ATTRIBUEE) | Q(choix_le__isnull=False),
                name="consultation_attribuee_datee",
                violation_error_message="Une consultation attribuée porte la date du choix.",
            ),
        ]

    def __str__(self):
        return f"{self.reference} · {self.ingenierie.intitule}"

    def get_absolute_url(self):
        return reverse("accompagnements:consultation", args=[self.pk])

    @property
    def fil(self):
        return self.ingenierie.fil

    @property
    def operateur_id(self):
        return self.ingenierie.operateur_id

    @property
    def limite_passee(self):
        """The server's clock has reached the deadline."""
        return self.date_limite is not None and horloge.maintenant() >= self.date_limite

    @property
    def questions_jusqu_au(self):
        """Until when a prestataire may ask a question."""
        return self.date_limite and self.date_limite - timedelta(days=self.jours_questions)

    @property
    def responsable(self):
        """Whose turn it is: the state, and within it what waits for an answer."""
        if self.etat == Etat.BROUILLON and self.validation_demandee_le:
            return acteurs.STRUCTURE
        if self.etat == Etat.PUBLIEE and (self.limite_passee or self._fait("question_attend")):
            return acteurs.CHARGE
        if self.etat == Etat.EN_ANALYSE and self._fait("grille_attend"):
            return acteurs.STRUCTURE
        return etats.RESPONSABLE[Etat(self.etat)]

    def _fait(self, nom):
        """A fact of `avec_le_tour`: as annotated for a list, or asked now."""
        faits = Consultation.objects.avec_le_tour().filter(pk=self.pk, **{nom: True})
        return self.__dict__[nom] if nom in self.__dict__ else faits.exists()

    @property
    def etat_en_mots(self):
        """The state, or « Close, à ouvrir » once the deadline has passed."""
        if self.etat == Etat.PUBLIEE and self.limite_passee:
            return "Close, propositions à ouvrir"
        return self.get_etat_display()

    @property
    def retenue(self):
        """The retained proposition, or None."""
        return self.propositions.filter(etat=EtatProposition.RETENUE).first()


class SollicitationQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the consultations the user sees."""
        consultations = Consultation.objects.visibles_par(utilisateur)
        return self.filter(consultation__in=consultations.values("pk"))


class Sollicitation(RefusDeRepondre, AEtats):
    """A prestataire asked for a proposition in a consultation."""

    RESPONSABLES = etats.RESPONSABLE_SOLLICITATION
    TONS = etats.TON_SOLLICITATION

    consultation = models.ForeignKey(
        Consultation, related_name="sollicitations", on_delete=models.PROTECT, editable=False
    )
    prestataire = models.ForeignKey(
        Prestataire, related_name="sollicitations", on_delete=models.PROTECT, editable=False
    )
    envoyee_le = models.DateTimeField("envoyée le", null=True, blank=True, editable=False)
    repondu_le = models.DateTimeField("positionnement le", null=True, blank=True, editable=False)
    version_confirmee = models.PositiveSmallIntegerField(
        "version du cahier des charges à laquelle il répond", default=0, editable=False
    )
    confidentialite_le = models.DateTimeField(
        "confidentialité du diagnostic acceptée le", null=True, blank=True, editable=False
    )
    etat = champ_etat(EtatSollicitation, EtatSollicitation.PRESSENTIE)

    objects = SollicitationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "sollicitation"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "prestataire"],
                name="sollicitation_unique",
                violation_error_message="Ce prestataire est déjà sollicité.",
            ),
            RefusDeRepondre.contrainte("sollicitation_refus_note_date"),
        ]

    def __str__(self):
        return f"{self.prestataire} · {self.consultation.reference}"

    def get_absolute_url(self):
        return self.consultation.get_absolute_url()

    @property
    def fil(self):
        return self.consultation.fil

    @property
    def operateur_id(self):
        return self.consultation.operateur_id

    @property
    def sujet_journal(self):
        return self.prestataire.nom


class Depot(models.Model):
    """A sealed deposit: ciphertext, its hash and the server time of its complete arrival.

    A later deposit before the deadline replaces the former one, which is never opened. A late
    deposit is kept as a trace without its content.
    """

    sollicitation = models.ForeignKey(
        Sollicitation, related_name="depots", on_delete=models.PROTECT
    )
    recu_le = models.DateTimeField("reçu le")
    scelle = models.BinaryField("contenu scellé", null=True)
    empreinte = models.CharField("empreinte SHA-256 du contenu", max_length=64, blank=True)
    fichier = models.ForeignKey(
        "socle.Fichier", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    cv = models.ForeignKey(
        "socle.Fichier", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    hors_delai = models.BooleanField("hors délai", default=False)
    remplace_le = models.DateTimeField("remplacé le", null=True, blank=True)
    recu_par_courrier = models.BooleanField("reçu par courrier ou courriel", default=False)
    arrivee_le = models.DateTimeField("arrivé par courrier le", null=True, blank=True)
    ecarte_le = models.DateTimeField("écarté car illisible le", null=True, blank=True)
    motif_ecart = models.TextField("motif de la mise à l'écart", blank=True)

    class Meta:
        verbose_name = "dépôt"
        ordering = ["recu_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(arrivee_le=None)
                | Q(recu_par_courrier=True, arrivee_le__lte=F("recu_le")),
                name="depot_courrier_arrive_avant_saisie",
                violation_error_message="Un courrier arrive avant d'être enregistré.",
            ),
            models.CheckConstraint(
                condition=Q(hors_delai=True) | Q(scelle__isnull=False),
                name="depot_scelle_ou_hors_delai",
                violation_error_message="Un dépôt dans les délais est scellé.",
            ),
            models.CheckConstraint(
                condition=Q(ecarte_le=None, motif_ecart="")
                | (Q(ecarte_le__isnull=False) & ~Q(motif_ecart="")),
                name="depot_ecarte_motive",
                violation_error_message="Un dépôt écarté porte la date et le motif de sa mise à l'écart.",
            ),
        ]

    def __str__(self):
        return f"Dépôt {self.pk}"


class PropositionQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the consultations the user sees, except the DLA régional on others' dossiers."""
        consultations = Consultation.objects.visibles_par(utilisateur)
        return self.filter(consultation__in=consultations.values("pk"))


class Proposition(AEtats):
    """What a prestataire proposes, known from the opening on."""

    RESPONSABLES = etats.RESPONSABLE_PROPOSITION
    TONS = etats.TON_PROPOSITION

    consultation = models.ForeignKey(
        Consultation, related_name="propositions", on_delete=models.PROTECT, editable=False
    )
    sollicitation = models.OneToOneField(
        Sollicitation, related_name="proposition", on_delete=models.PROTECT, editable=False
    )
    montant_ht = models.DecimalField("montant HT (€)", max_digits=10, decimal_places=2)
    montant_ttc = models.DecimalField("montant TTC (€)", max_digits=10, decimal_places=2)
    frais = models.DecimalField("dont frais HT (€)", max_digits=10, decimal_places=2, default=0)
    jours = models.DecimalField("jours", max_digits=6, decimal_places=2)
    intervenants = models.TextField("intervenants", blank=True)
    methode = models.TextField("démarche proposée", blank=True)
    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField("fin", null=True, blank=True)
    fichier = models.ForeignKey(
        "socle.Fichier", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    cv = models.ForeignKey(
        "socle.Fichier", null=True, blank=True, related_name="+", on_delete=models.PROTECT
    )
    pieces = models.JSONField("pièces trouvées", default=list, blank=True, editable=False)
    pieces_le = models.DateTimeField("pièces vérifiées le", null=True, blank=True, editable=False)
    version_cahier = models.PositiveSmallIntegerField(
        "version du cahier des charges", default=1, editable=False
    )
    notifiee_le = models.DateTimeField("informé le", null=True, blank=True, editable=False)
    motif_demande_le = models.DateTimeField(
        "motif du rejet demandé le", null=True, blank=True, editable=False
    )
    motif_rejet = models.TextField("motif du rejet", blank=True, editable=False)
    motif_envoye_le = models.DateTimeField(
        "motif du rejet envoyé le", null=True, blank=True, editable=False
    )
    etat = champ_etat(EtatProposition, EtatProposition.RECUE)

    objects = PropositionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "proposition"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(etat=EtatProposition.RETENUE),
                name="proposition_une_seule_retenue",
                violation_error_message="Une proposition est déjà retenue pour cette consultation.",
            ),
            models.CheckConstraint(
                condition=Q(montant_ht__gte=0) & Q(montant_ttc__gte=F("montant_ht")),
                name="proposition_montants_coherents",
                violation_error_message="Le montant TTC ne peut être inférieur au montant HT.",
            ),
            models.CheckConstraint(
                condition=Q(motif_envoye_le__isnull=True)
                | (Q(motif_demande_le__isnull=False) & ~Q(motif_rejet="")),
                name="proposition_motif_sur_demande",
                violation_error_message="Le motif d'un rejet s'envoie à qui l'a demandé.",
            ),
            models.CheckConstraint(
                condition=Q(jours__gt=0),
                name="proposition_jours_positifs",
                violation_error_message="Le nombre de jours est supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=Q(frais__gte=0) & Q(frais__lte=F("montant_ht")),
                name="proposition_frais_dans_montant",
                violation_error_message="Les frais ne peuvent dépasser le montant HT.",
            ),
        ]

    def __str__(self):
        return f"{self.sollicitation.prestataire} · {self.consultation.reference}"

    def get_absolute_url(self):
        return self.consultation.get_absolute_url()

    @property
    def fil(self):
        return self.consultation.fil

    @property
    def operateur_id(self):
        return self.consultation.operateur_id

    @property
    def prestataire(self):
        return self.sollicitation.prestataire

    @property
    def sujet_journal(self):
        return self.prestataire.nom

    @property
    def tjm_ht(self):
        """Daily price in euros HT, fees of travel excluded."""
        return round((self.montant_ht - self.frais) / self.jours, 2)
