"""Demande (from the first call to the orientation) and the Accompagnement it opens."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from accompagnements.demandes import etats
from accompagnements.demandes.etats import Etat, EtatAccompagnement
from accompagnements.demandes.partenaires import Partenaire
from accompagnements.structures.models import Structure
from dla_portal.comptes import roles
from dla_portal.socle import horloge, nomenclatures
from dla_portal.socle.etats import AEtats, champ_etat
from dla_portal.territoires.models import Departement


class DemandeQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The operator's team; the DLA régional reads those of its region."""
        if utilisateur.role == roles.DlaRegional.code:
            region = droits.region_de(utilisateur)
            departements = Departement.objects.filter(region=region).values("pk")
            return self.filter(departement__in=departements)
        return droits.portee(utilisateur, self)


class Demande(AEtats):
    """A request for help by a structure, received by one operator for one department."""

    RESPONSABLES = etats.RESPONSABLE
    TONS = etats.TON

    class Canal(models.TextChoices):
        TELEPHONE = "telephone", "Téléphone"
        COURRIEL = "courriel", "Courriel"
        RENDEZ_VOUS = "rendez_vous", "Rendez-vous"
        FORMULAIRE = "formulaire", "Formulaire"
        EVENEMENT = "evenement", "Événement"
        PARTENAIRE = "partenaire", "Partenaire"
        REPRISE = "reprise", "Reprise de données"

    class ModeAccueil(models.TextChoices):
        SUR_PLACE = "sur_place", "Sur place"
        TELEPHONE = "telephone", "Par téléphone"
        VISIO = "visio", "En visioconférence"

    class Suite(models.TextChoices):
        PRISE_EN_CHARGE = "prise_en_charge", "Prise en charge par le partenaire"
        EN_COURS = "en_cours", "Échange en cours"
        SANS_SUITE = "sans_suite", "Sans suite"
        REVIENT = "revient", "Revient vers le DLA"
        INCONNUE = "inconnue", "Injoignable"

    class Priorite(models.IntegerChoices):
        HAUTE = 1, "Haute"
        NORMALE = 2, "Normale"
        BASSE = 3, "Basse"

    reference = models.CharField("référence", max_length=40, unique=True, editable=False)
    structure = models.ForeignKey(
        Structure, verbose_name="structure", related_name="demandes", on_delete=models.PROTECT
    )
    operateur = models.ForeignKey(
        "territoires.OperateurDLA", verbose_name="opérateur", on_delete=models.PROTECT
    )
    departement = models.ForeignKey(
        "territoires.Departement", verbose_name="département", on_delete=models.PROTECT
    )
    charge = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="suivie par",
        null=True,
        blank=True,
        related_name="demandes",
        on_delete=models.PROTECT,
    )
    recue_le = models.DateField("reçue le", default=horloge.aujourdhui)
    canal = models.CharField("reçue par", max_length=15, choices=Canal, default=Canal.TELEPHONE)
    objet = models.TextField("demande exprimée")
    exprimee_par = models.CharField("exprimée par", max_length=120, blank=True)
    prescripteur = nomenclatures.cle(
        "prescripteur", verbose_name="origine de la demande", null=True, blank=True
    )
    accueil_prevu_le = models.DateField("accueil prévu le", null=True, blank=True)
    accueil_le = models.DateField("accueil tenu le", null=True, blank=True, db_index=True)
    accueil_mode = models.CharField("mode", max_length=10, choices=ModeAccueil, blank=True)
    accueil_presents = models.CharField("personnes présentes", max_length=300, blank=True)
    accueil_notes = models.TextField("compte rendu de l'accueil", blank=True)
    # [{"code", "libelle", "reponse"}]: the wording of the day (see `eligibilite`).
    eligibilite = models.JSONField("éligibilité", default=list, blank=True, editable=False)
    derogation = models.TextField("motif de dérogation", blank=True)
    derogation_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="dérogation accordée par",
        null=True,
        editable=False,
        related_name="+",
        on_delete=models.PROTECT,
    )
    derogation_le = models.DateField("dérogation accordée le", null=True, editable=False)
    priorite = models.PositiveSmallIntegerField(
        "priorité", choices=Priorite, default=Priorite.NORMALE
    )
    en_attente_le = models.DateField("en attente depuis le", null=True, blank=True)
    orientation = nomenclatures.cle(
        "orientation", verbose_name="orientée vers", null=True, blank=True
    )
    orientation_organisme = models.CharField("organisme", max_length=160, blank=True)
    partenaire = models.ForeignKey(
        Partenaire, null=True, blank=True, related_name="orientees", on_delete=models.PROTECT
    )
    suite_prevue_le = models.DateField("suite à demander le", null=True, editable=False)
    suite_le = models.DateField("suite connue le", null=True, blank=True)
    suite_resultat = models.CharField("suite donnée", max_length=20, choices=Suite, blank=True)
    suite_precisions = models.TextField("précisions", blank=True)
    refus_lettre = models.TextField("lettre de refus", blank=True, editable=False)
    charte = models.ForeignKey(
        "socle.Fichier", null=True, editable=False, related_name="+", on_delete=models.PROTECT
    )
    charte_le = models.DateField("charte signée le", null=True, blank=True)
    charte_signataire = models.CharField("signataire de la charte", max_length=120, blank=True)
    accord_ca_le = models.DateField("accord du conseil d'administration le", null=True, blank=True)
    decidee_le = models.DateField("décidée le", null=True, blank=True)
    decision_motif = models.TextField("motif de la décision", blank=True)
    reprise = models.BooleanField("reprise d'une année passée", default=False, editable=False)
    etat = champ_etat(Etat, Etat.NOUVELLE)

    objects = DemandeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "demande"
        ordering = ["-recue_le", "-pk"]
        indexes = [models.Index(fields=["operateur", "etat"], name="demande_operateur_etat")]
        constraints = [
            models.CheckConstraint(
                condition=Q(accueil_le=None) | Q(accueil_le__gte=F("recue_le")) | Q(reprise=True),
                name="demande_accueil_apres_reception",
                violation_error_message="L'accueil ne peut précéder la réception de la demande.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=[Etat.NOUVELLE, Etat.ACCUEIL_PLANIFIE, Etat.SANS_SUITE])
                | Q(accueil_le__isnull=False)
                | Q(reprise=True),
                name="demande_accueillie_date",
                violation_error_message="Une demande accueillie porte la date de l'accueil.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.EN_ATTENTE) | Q(en_attente_le__isnull=False),
                name="demande_attente_date",
                violation_error_message="Une demande en attente porte la date de sa mise en attente.",
            ),
            models.CheckConstraint(
                condition=Q(suite_resultat="", suite_le=None)
                | (~Q(suite_resultat="") & Q(suite_le__isnull=False)),
                name="demande_suite_datee",
                violation_error_message="La suite d'une orientation porte sa date.",
            ),
            models.CheckConstraint(
                condition=Q(charte=None, charte_le=None, charte_signataire="")
                | (Q(charte__isnull=False, charte_le__isnull=False) & ~Q(charte_signataire="")),
                name="demande_charte_signee",
                violation_error_message="Une charte a son fichier, sa date et son signataire.",
            ),
            models.CheckConstraint(
                condition=Q(derogation="") | Q(derogation_le__isnull=False),
                name="demande_derogation_date",
                violation_error_message="Une dérogation porte sa date.",
            ),
        ]

    def __str__(self):
        return f"{self.reference} · {self.structure}"

    def get_absolute_url(self):
        return reverse("accompagnements:demande", args=[self.pk])

    @property
    def criteres(self):
        """Eligibility criteria as (label, answer) pairs; None means not examined."""
        return [(critere["libelle"], critere["reponse"]) for critere in self.eligibilite]

    @property
    def attente_seuil_le(self):
        """The day from which the demande waits for too long."""
        if self.en_attente_le is None:
            return None
        return self.en_attente_le + timedelta(days=self.operateur.seuil_attente)

    @property
    def jours_d_attente(self):
        """How many days it has been waiting."""
        return (horloge.aujourdhui() - self.en_attente_le).days

    @property
    def attend_trop(self):
        return self.etat == Etat.EN_ATTENTE and self.attente_seuil_le <= horloge.aujourdhui()

    def deroger(self, motif, par):
        """Keep the motive of the derogation, who gives it and when; an empty one takes it back."""
        self.derogation = motif
        self.derogation_par = par if motif.strip() else None
        self.derogation_le = horloge.aujourdhui() if motif.strip() else None


class AccompagnementQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The operator's team; the DLA régional of the region (identity and stage); the members
        of a comité d'appui for the dossiers of their séances, save those they keep out of."""
        if utilisateur.role == roles.DlaRegional.code:
            region = droits.region_de(utilisateur)
            departements = Departement.objects.filter(region=region).values("pk")
            return self.filter(departement__in=departements)
        if utilisateur.role == roles.MembreComite.code:
            convoques = self.model.objects.filter(
                passages__seance__convocations__membre=utilisateur,
                passages__etat__in=["inscrit", "avis_rendu", "decide"],
                passages__seance__etat__in=["planifiee", "tenue"],
            )
            deportes = self.model.objects.filter(passages__deports__membre=utilisateur)
            return self.filter(pk__in=convoques.values("pk")).exclude(pk__in=deportes.values("pk"))
        return droits.portee(utilisateur, self)

    def ouverts(self):
        """Those still in progress."""
        return self.filter(etat=EtatAccompagnement.OUVERT)


class Accompagnement(AEtats):
    """The dossier of a structure with an operator.

    Sector, size, family and zonings are those of the day of entry (domaine.md G10), never
    refreshed afterwards.
    """

    RESPONSABLES = etats.RESPONSABLE_ACCOMPAGNEMENT
    TONS = etats.TON_ACCOMPAGNEMENT

    reference = models.CharField("référence", max_length=40, unique=True, editable=False)
    demande = models.OneToOneField(
        Demande, related_name="accompagnement", on_delete=models.PROTECT, editable=False
    )
    structure = models.ForeignKey(
        Structure, related_name="accompagnements", on_delete=models.PROTECT, editable=False
    )
    operateur = models.ForeignKey(
        "territoires.OperateurDLA", verbose_name="opérateur", on_delete=models.PROTECT
    )
    departement = models.ForeignKey(
        "territoires.Departement", verbose_name="département", on_delete=models.PROTECT
    )
    charge = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="suivi par",
        null=True,
        blank=True,
        related_name="accompagnements",
        on_delete=models.PROTECT,
    )
    ouvert_le = models.DateField("ouvert le")
    secteur = nomenclatures.cle("secteur", verbose_name="secteur à l'entrée", null=True, blank=True)
    famille = models.CharField("famille à l'entrée", max_length=15, blank=True)
    effectif = models.PositiveIntegerField("effectif à l'entrée", null=True, blank=True)
    zonages = models.JSONField("zonages à l'entrée", default=list, blank=True)
    clos_le = models.DateField("clos le", null=True, blank=True, editable=False)
    cloture_motif = models.TextField("motif de clôture", blank=True, editable=False)
    etat = champ_etat(EtatAccompagnement, EtatAccompagnement.OUVERT)

    objects = AccompagnementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "accompagnement"
        ordering = ["-ouvert_le", "-pk"]
        indexes = [
            models.Index(fields=["operateur", "etat"], name="accompagnement_operateur_etat"),
            models.Index(fields=["departement", "ouvert_le"], name="accompagnement_departement"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatAccompagnement.OUVERT, clos_le=None)
                | (~Q(etat=EtatAccompagnement.OUVERT) & Q(clos_le__isnull=False)),
                name="accompagnement_clos_date",
                violation_error_message="Un accompagnement clos porte la date de sa clôture.",
            )
        ]

    def __str__(self):
        return f"{self.reference} · {self.structure}"

    def get_absolute_url(self):
        return reverse("accompagnements:dossier", args=[self.pk])
