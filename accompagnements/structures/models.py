"""Structure (the organisation helped), its contacts, its yearly figures, what worries about it."""

import unicodedata

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from accompagnements.structures.lieu import Situee, contraintes_du_lieu
from dla_portal.comptes import roles
from dla_portal.socle import horloge, nomenclatures, recherche
from dla_portal.socle.verrou import Verrouille


class StructureQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the departments of the operator or of the region; identity is shared there."""
        role = utilisateur.role
        if role == roles.Administrateur.code:
            return self
        if role in roles.EQUIPE_OPERATEUR:
            operateur = utilisateur.rattachement.operateur
            departements = operateur.departements_couverts().values("pk")
            siennes = self.model.objects.filter(demandes__operateur=operateur).values("pk")
            return self.filter(Q(departement__in=departements) | Q(pk__in=siennes))
        if role == roles.DlaRegional.code:
            return self.filter(departement__region=droits.region_de(utilisateur))
        return self.none()

    def de_siret(self, siret):
        """The structure that answers to a SIRET today, whichever it was merged into; or None."""
        return self.de_sirets([siret]).get(siret)

    def de_pk(self, pk):
        """The structure that a record has become: itself, or what it was merged into."""
        structure = self.get(pk=pk)
        while structure.fusionnee_dans_id:
            structure = structure.fusionnee_dans
        return structure

    def de_sirets(self, sirets):
        """{SIRET: the structure that answers to it today}; the same object under each of its own."""
        lues = {s.pk: s for s in self.filter(siret__in=[siret for siret in sirets if siret])}
        demandees = list(lues.values())
        while manquantes := {s.fusionnee_dans_id for s in lues.values()} - set(lues) - {None}:
            lues |= self.model.toutes.in_bulk(manquantes)
        return {structure.siret: _suivre(structure, lues) for structure in demandees}


def _suivre(structure, lues):
    while structure.fusionnee_dans_id:
        structure = lues[structure.fusionnee_dans_id]
    return structure


class EnService(models.Manager.from_queryset(StructureQuerySet)):
    """Those of the register: what was merged into another one is reached by `toutes` alone."""

    def get_queryset(self):
        return super().get_queryset().filter(fusionnee_dans=None)


class Verification(models.TextChoices):
    """What is known of the identity of a structure beside what was typed."""

    SANS = "", "Non demandée"
    A_VERIFIER = "a_verifier", "À vérifier"
    VERIFIEE = "verifiee", "Vérifiée"
    DIVERGENTE = "divergente", "L'annuaire dit autre chose"
    INTROUVABLE = "introuvable", "Inconnue de l'annuaire"


class Structure(Situee, Verrouille):
    """An organisation of the social economy, identified by its SIRET when it has one."""

    class Famille(models.TextChoices):
        ASSOCIATION = "association", "Association"
        COOPERATIVE = "cooperative", "Coopérative"
        MUTUELLE = "mutuelle", "Mutuelle"
        FONDATION = "fondation", "Fondation"
        ESUS = "esus", "Société commerciale ESUS"
        ETABLISSEMENT_PUBLIC = "public", "Établissement public"
        GROUPEMENT = "groupement", "GIE, GCS"
        AUTRE = "autre", "Autre"

    siret = models.CharField("SIRET", max_length=14, null=True, blank=True, unique=True)
    siret_absent = models.CharField("motif d'absence de SIRET", max_length=200, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True, db_index=True)
    nom = models.CharField("nom", max_length=250)
    nom_normalise = models.CharField(max_length=300, editable=False, db_index=True)
    sigle = models.CharField("sigle", max_length=50, blank=True)
    rna = models.CharField("RNA", max_length=12, blank=True)
    famille = models.CharField("famille", max_length=15, choices=Famille, blank=True)
    forme_juridique = models.CharField("forme juridique", max_length=120, blank=True)
    naf = models.CharField("code NAF", max_length=6, blank=True)
    date_creation = models.DateField("date de création", null=True, blank=True)
    adresse = models.CharField("adresse", max_length=250, blank=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    ville = models.CharField("ville de l'adresse", max_length=120, blank=True)
    commune = models.ForeignKey(
        "territoires.Commune",
        verbose_name="commune",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    departement = models.ForeignKey(
        "territoires.Departement",
        verbose_name="département",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    secteur = nomenclatures.cle("secteur", verbose_name="secteur principal", null=True, blank=True)
    reseaux = nomenclatures.plusieurs("reseau", verbose_name="réseaux", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("courriel", blank=True)
    site = models.URLField("site internet", blank=True)
    nature = models.CharField("type d'après la source", max_length=120, blank=True)
    primo_employeur = models.BooleanField(
        "primo-employeur (déclaré)",
        null=True,
        blank=True,
        help_text="Emploie ou va employer sa première personne salariée.",
    )
    verification = models.CharField(
        "vérification de l'identité",
        max_length=15,
        choices=Verification,
        default=Verification.SANS,
        blank=True,
        editable=False,
        db_index=True,
    )
    verifiee_le = models.DateTimeField("vérifiée le", null=True, blank=True, editable=False)
    verifiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="vérifiée par",
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.PROTECT,
        editable=False,
    )
    # What the directory says otherwise: [{"champ", "libelle", "annuaire"}].
    ecarts = models.JSONField(default=list, blank=True, editable=False)
    annuaire_essais = models.PositiveSmallIntegerField(default=0, editable=False)
    annuaire_apres = models.DateTimeField(null=True, blank=True, editable=False)
    fusionnee_dans = models.ForeignKey(
        "self",
        verbose_name="fusionnée dans",
        null=True,
        blank=True,
        related_name="absorbees",
        on_delete=models.PROTECT,
        editable=False,
    )

    objects = EnService()
    toutes = StructureQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[reseaux])

    class Meta:
        verbose_name = "structure"
        ordering = ["nom"]
        constraints = [
            models.CheckConstraint(
                condition=Q(siret=None) | Q(siret__regex=r"^[0-9]{14}$"),
                name="structure_siret_14_chiffres",
                violation_error_message="Un SIRET compte 14 chiffres.",
            ),
            models.CheckConstraint(
                condition=~Q(fusionnee_dans=models.F("id")),
                name="structure_pas_fusionnee_dans_elle_meme",
                violation_error_message="Une structure ne se fusionne pas avec elle-même.",
            ),
            *contraintes_du_lieu(),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("accompagnements:structure", args=[self.pk])

    def save(self, *args, **kwargs):
        self.siret = self.siret or None
        self.siren = self.siret[:9] if self.siret else self.siren
        # A name copied from a Mac has its accents apart: it must be found, and shown, as one.
        self.nom = " ".join(unicodedata.normalize("NFC", self.nom).split())
        self.nom_normalise = recherche.normaliser(f"{self.nom} {self.sigle}")
        if self.commune_id and not self.departement_id:
            self.departement_id = self.commune.departement_id
        super().save(*args, **kwargs)

    @property
    def fil(self):
        return f"structure:{self.pk}"

    @property
    def siret_lisible(self):
        """SIRET as it is read aloud: « 123 456 789 00012 »; empty when there is none."""
        siret = self.siret or ""
        return " ".join(part for part in (siret[:3], siret[3:6], siret[6:9], siret[9:]) if part)

    @property
    def premier_emploi(self):
        """True when the figures tell a first job: nobody one year, somebody the next known one.

        None when they tell nothing; what was declared comes first.
        """
        if self.primo_employeur is not None:
            return self.primo_employeur
        effectifs = self.annees.exclude(effectif=None).values_list("effectif", flat=True)[:2]
        dernier, precedent = (*effectifs, None, None)[:2]
        return None if precedent is None else bool(dernier and not precedent)

    def courriel_principal(self):
        """Mail address to write to: the first contact with one, else the structure's own."""
        contact = self.contacts.en_poste().exclude(email="").first()
        return contact.email if contact else self.email


class RattacheAStructure(models.Model):
    """A row of the page of a structure: the version which guards it is that of the structure."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Save the row; a change of a stored one goes through the lock of its structure."""
        if not self._state.adding:
            self.structure.save()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return self.structure.get_absolute_url()

    @property
    def version(self):
        """Version of the structure: changing one of its rows is changing the structure."""
        return self.structure.version

    @version.setter
    def version(self, lue):
        self.structure.version = lue


class ContactQuerySet(models.QuerySet):
    def en_poste(self, le=None):
        """Those who may be written to on this date (today by default)."""
        le = le or horloge.aujourdhui()
        return self.filter(Q(jusqu_au=None) | Q(jusqu_au__gte=le))

    def partis(self):
        """Those who have left."""
        return self.filter(jusqu_au__lt=horloge.aujourdhui())


class Contact(RattacheAStructure):
    """A person to talk to in a structure, from one date to another when they are known."""

    structure = models.ForeignKey(Structure, related_name="contacts", on_delete=models.CASCADE)
    nom = models.CharField("nom", max_length=120)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    email = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    depuis_le = models.DateField("en poste depuis le", null=True, blank=True)
    jusqu_au = models.DateField("en poste jusqu'au", null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(depuis_le=None)
                | Q(jusqu_au=None)
                | Q(jusqu_au__gte=models.F("depuis_le")),
                name="contact_dates_ordonnees",
                violation_error_message="La fin du mandat précède son début.",
            )
        ]

    def __str__(self):
        return f"{self.nom} ({self.fonction})" if self.fonction else self.nom


class DonneesAnnuelles(RattacheAStructure):
    """Jobs and budget of a structure for one civil year: persons employed, amounts in euros."""

    structure = models.ForeignKey(Structure, related_name="annees", on_delete=models.CASCADE)
    annee = models.PositiveSmallIntegerField("année")
    effectif = models.PositiveIntegerField("effectif total", null=True, blank=True)
    cdi = models.PositiveIntegerField("dont CDI", null=True, blank=True)
    insertion = models.PositiveIntegerField("dont salariés en insertion", null=True, blank=True)
    permanents = models.PositiveIntegerField("dont permanents", null=True, blank=True)
    etp = models.DecimalField("ETP", max_digits=8, decimal_places=2, null=True, blank=True)
    budget = models.DecimalField(
        "budget annuel (€)", max_digits=12, decimal_places=2, null=True, blank=True
    )
    resultat = models.DecimalField(
        "résultat (€)", max_digits=12, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = "données annuelles"
        verbose_name_plural = "données annuelles"
        ordering = ["-annee"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "annee"],
                name="donnees_annuelles_uniques",
                violation_error_message="Les données de cette année sont déjà saisies.",
            ),
            models.CheckConstraint(
                condition=Q(cdi=None) | Q(effectif=None) | Q(cdi__lte=models.F("effectif")),
                name="donnees_annuelles_cdi_dans_effectif",
                violation_error_message="Le nombre de CDI dépasse l'effectif total.",
            ),
            models.CheckConstraint(
                condition=Q(etp=None) | Q(etp__gte=0),
                name="donnees_annuelles_etp_positif",
                violation_error_message="Le nombre d'ETP ne peut être négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.structure} {self.annee}"


class Signalement(RattacheAStructure):
    """A difficulty of a structure: who saw it, when, and when it was over."""

    class Nature(models.TextChoices):
        TRESORERIE = "tresorerie", "Trésorerie tendue"
        DEFICIT = "deficit", "Déficits répétés, fonds propres négatifs"
        FINANCEUR = "financeur", "Perte d'un financeur ou d'un marché"
        GOUVERNANCE = "gouvernance", "Crise de gouvernance"
        EQUIPE = "equipe", "Départs, conflit dans l'équipe"
        PROCEDURE = "procedure", "Procédure collective ou de sauvegarde"
        AUTRE = "autre", "Autre"

    structure = models.ForeignKey(Structure, related_name="signalements", on_delete=models.CASCADE)
    nature = models.CharField("difficulté", max_length=15, choices=Nature)
    precisions = models.TextField("précisions", max_length=1000, blank=True)
    constate_le = models.DateField("constatée le")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT, editable=False
    )
    leve_le = models.DateField("levée le", null=True, blank=True)

    class Meta:
        verbose_name = "signalement"
        ordering = ["-constate_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(leve_le=None) | Q(leve_le__gte=models.F("constate_le")),
                name="signalement_dates_ordonnees",
                violation_error_message="La difficulté ne peut être levée avant d'être constatée.",
            )
        ]

    def __str__(self):
        return self.get_nature_display()
