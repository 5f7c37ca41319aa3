"""Structure (the organisation helped), its contacts and its yearly figures."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from dla_portal.comptes import roles
from dla_portal.socle import nomenclatures, recherche
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


class Structure(Verrouille):
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
    agrements = nomenclatures.plusieurs("agrement", verbose_name="agréments", blank=True)
    reseaux = nomenclatures.plusieurs("reseau", verbose_name="réseaux", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("courriel", blank=True)
    site = models.URLField("site internet", blank=True)
    nature = models.CharField("type d'après la source", max_length=120, blank=True)

    objects = StructureQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[agrements, reseaux])

    class Meta:
        verbose_name = "structure"
        ordering = ["nom"]
        constraints = [
            models.CheckConstraint(
                condition=Q(siret=None) | Q(siret__regex=r"^[0-9]{14}$"),
                name="structure_siret_14_chiffres",
                violation_error_message="Un SIRET compte 14 chiffres.",
            )
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("accompagnements:structure", args=[self.pk])

    def save(self, *args, **kwargs):
        self.siret = self.siret or None
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

    def courriel_principal(self):
        """Mail address to write to: the first contact with one, else the structure's own."""
        contact = self.contacts.exclude(email="").first()
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


class Contact(RattacheAStructure):
    """A person to talk to in a structure."""

    structure = models.ForeignKey(Structure, related_name="contacts", on_delete=models.CASCADE)
    nom = models.CharField("nom", max_length=120)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    email = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)

    class Meta:
        verbose_name = "contact"
        ordering = ["pk"]

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
