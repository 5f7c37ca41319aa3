"""Régions, départements, EPCI, communes, dated zonings, DLA operators and their mandates.

Codes are those of the code officiel géographique (INSEE); EPCI are keyed by SIREN. A postal
code never identifies a commune: communes keep all theirs.
"""

from django.db import models
from django.db.models import F, Q

from dla_portal.socle import horloge, recherche
from dla_portal.territoires import contours


class Region(models.Model):
    """A French région; its INSEE code may equal that of an unrelated département."""

    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=80)

    class Meta:
        verbose_name = "région"
        ordering = ["nom"]

    def __str__(self):
        return self.nom


class Departement(models.Model):
    """A French département or overseas collectivity."""

    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=80)
    region = models.ForeignKey(
        Region, verbose_name="région", related_name="departements", on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self):
        return f"{self.nom} ({self.code})"


class EPCI(models.Model):
    """An intercommunality with its own tax system, keyed by its SIREN."""

    siren = models.CharField("SIREN", max_length=9, primary_key=True)
    nom = models.CharField("nom", max_length=160)
    genre = models.CharField("nature", max_length=10, blank=True)

    class Meta:
        verbose_name = "EPCI"
        verbose_name_plural = "EPCI"
        ordering = ["nom"]

    def __str__(self):
        return self.nom


class Commune(models.Model):
    """A commune of the current geography (vintage in docs/exploitation.md)."""

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField("nom", max_length=120)
    nom_normalise = models.CharField(max_length=120, editable=False, db_index=True)
    departement = models.ForeignKey(
        Departement, verbose_name="département", on_delete=models.PROTECT
    )
    epci = models.ForeignKey(
        EPCI, verbose_name="EPCI", null=True, blank=True, on_delete=models.PROTECT
    )
    codes_postaux = models.CharField("codes postaux", max_length=200, blank=True)
    population = models.PositiveIntegerField("population", null=True, blank=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["nom"]

    def __str__(self):
        return f"{self.nom} ({self.departement_id})"

    def save(self, *args, **kwargs):
        self.nom_normalise = recherche.normaliser(self.nom)
        super().save(*args, **kwargs)


class Couche(models.TextChoices):
    """Zoning layers; ZRR and FRR are two dated layers, one never renames the other."""

    ZRR = "ZRR", "Zone de revitalisation rurale (jusqu'au 30/06/2024)"
    FRR = "FRR", "France ruralités revitalisation (depuis le 01/07/2024)"
    FRR_PLUS = "FRR+", "France ruralités revitalisation plus"
    QPV = "QPV", "Quartier prioritaire de la politique de la ville"


class ClassementQuerySet(models.QuerySet):
    def en_vigueur(self, le):
        """Rows in force on this date."""
        return self.filter(Q(debut=None) | Q(debut__lte=le), Q(fin=None) | Q(fin__gte=le))


class ClassementCommune(models.Model):
    """A commune belongs to a zoning layer during a period, according to a named list."""

    commune = models.ForeignKey(Commune, related_name="classements", on_delete=models.PROTECT)
    couche = models.CharField("couche", max_length=4, choices=Couche)
    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField("fin", null=True, blank=True)
    source = models.CharField("liste d'origine", max_length=120)

    objects = ClassementQuerySet.as_manager()

    class Meta:
        verbose_name = "classement de commune"
        verbose_name_plural = "classements de communes"
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "couche", "debut"], name="classement_unique_par_debut"
            ),
            models.CheckConstraint(
                condition=Q(fin=None) | Q(debut=None) | Q(fin__gte=F("debut")),
                name="classement_dates_ordonnees",
                violation_error_message="La fin du classement précède son début.",
            ),
        ]

    def __str__(self):
        return f"{self.commune} · {self.couche}"


class ContourQuerySet(ClassementQuerySet):
    def contenant(self, latitude, longitude):
        """The first contour which holds a point, or None; its rectangle is looked at before."""
        x, y = float(longitude), float(latitude)
        proches = self.filter(ouest__lte=x, est__gte=x, sud__lte=y, nord__gte=y)
        return next(
            (c for c in proches.order_by("code") if contours.contient(c.geometrie, x, y)), None
        )


class Contour(models.Model):
    """The outline of a zone of a layer during a period, according to a named list (WGS84)."""

    couche = models.CharField("couche", max_length=4, choices=Couche, default=Couche.QPV)
    code = models.CharField("code", max_length=20)
    nom = models.CharField("nom", max_length=160)
    geometrie = models.JSONField("polygones")  # those of a GeoJSON MultiPolygon: [[ring, …], …]
    ouest = models.FloatField("longitude minimale")
    est = models.FloatField("longitude maximale")
    sud = models.FloatField("latitude minimale")
    nord = models.FloatField("latitude maximale")
    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField("fin", null=True, blank=True)
    source = models.CharField("liste d'origine", max_length=120)

    objects = ContourQuerySet.as_manager()

    class Meta:
        verbose_name = "contour de zonage"
        verbose_name_plural = "contours de zonage"
        ordering = ["couche", "code", "debut"]
        indexes = [models.Index(fields=["couche", "ouest", "est"], name="contour_rectangle")]
        constraints = [
            models.UniqueConstraint(
                fields=["couche", "code", "debut"],
                name="contour_unique_par_debut",
                violation_error_message="Ce contour est déjà chargé pour cette date.",
            ),
            models.CheckConstraint(
                condition=Q(fin=None) | Q(debut=None) | Q(fin__gte=F("debut")),
                name="contour_dates_ordonnees",
                violation_error_message="La fin du contour précède son début.",
            ),
        ]

    def __str__(self):
        return f"{self.nom} ({self.code})"


class OperateurDLA(models.Model):
    """A body which carries the DLA; a departmental or a regional one (DLA R)."""

    class Niveau(models.TextChoices):
        DEPARTEMENTAL = "departemental", "DLA départemental"
        REGIONAL = "regional", "DLA régional"

    nom = models.CharField("nom", max_length=160, unique=True)
    sigle = models.CharField("nom court", max_length=40, blank=True)
    niveau = models.CharField("niveau", max_length=15, choices=Niveau, default=Niveau.DEPARTEMENTAL)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT)
    adresse = models.CharField("adresse", max_length=250, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    email = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    financeurs = models.CharField(
        "financeurs de ses accompagnements",
        max_length=300,
        default="État (DREETS), Banque des Territoires",
        help_text="Noms séparés par des virgules ; repris dans les documents et les conventions.",
    )
    cofinance_fse = models.BooleanField(
        "accompagnements cofinancés par le FSE+",
        default=False,
        help_text="Les documents portent alors la mention et l'emblème de l'Union européenne.",
    )
    rapport_papier = models.BooleanField(
        "exemplaire papier du rapport final demandé",
        default=False,
        help_text="Le solde attend alors la réception du rapport sur papier.",
    )
    seuil_attente = models.PositiveSmallIntegerField(
        "alerte de la liste d'attente (jours)",
        default=60,
        help_text="Une demande qui attend depuis plus longtemps est signalée à l'équipe.",
    )
    departements = models.ManyToManyField(Departement, through="Mandat", related_name="operateurs")

    class Meta:
        verbose_name = "opérateur DLA"
        verbose_name_plural = "opérateurs DLA"
        ordering = ["nom"]

    def __str__(self):
        return self.sigle or self.nom

    @property
    def liste_financeurs(self):
        """Names of its funders, the European Union first when it is one."""
        noms = [nom.strip() for nom in self.financeurs.split(",") if nom.strip()]
        europe = ["Union européenne (FSE+)"] if self.cofinance_fse else []
        return europe + [nom for nom in noms if "FSE" not in nom]

    def departements_couverts(self, le=None):
        """Départements where the operator holds a mandate on this date (today by default)."""
        return Departement.objects.filter(mandats__in=self.mandats.en_cours(le)).distinct()


class MandatQuerySet(models.QuerySet):
    def en_cours(self, le=None):
        """Mandates in force on this date (today by default)."""
        le = le or horloge.aujourdhui()
        return self.filter(Q(fin=None) | Q(fin__gte=le), debut__lte=le)

    def pour(self, commune, secteur="", le=None):
        """Mandates that fit a commune and the code of a sector, the narrowest ones only.

        Territory first: a list that names the commune or its EPCI goes before a whole département.
        Then the sector: its own mandates go before those without sector. Of an unknown sector,
        those without sector are kept, or all of them when the département is split by sector.
        """
        mandats = self.en_cours(le).filter(departement=commune.departement_id)
        mandats = mandats.select_related("operateur").prefetch_related("communes", "epcis")
        places = [(mandat, mandat.couvre(commune)) for mandat in mandats]
        nommes = [mandat for mandat, place in places if place == Mandat.NOMMEE]
        entiers = [mandat for mandat, place in places if place == Mandat.ENTIER]
        for proches in (nommes, entiers):
            du_secteur = [mandat for mandat in proches if secteur and mandat.secteur == secteur]
            generaux = [mandat for mandat in proches if not mandat.secteur]
            retenus = du_secteur or generaux or ([] if secteur else proches)
            if retenus:
                return retenus
        return []


class Mandat(models.Model):
    """An operator covers a département during a period, sometimes for one sector only, sometimes
    for some of its communes or EPCI only.

    Several operators may share a département and one operator may hold several.
    """

    AILLEURS, ENTIER, NOMMEE = 0, 1, 2  # how a mandate covers a commune of its département

    operateur = models.ForeignKey(OperateurDLA, related_name="mandats", on_delete=models.PROTECT)
    departement = models.ForeignKey(Departement, related_name="mandats", on_delete=models.PROTECT)
    secteur = models.CharField(
        "limité au secteur", max_length=40, blank=True, help_text="Code du secteur d'activité."
    )
    communes = models.ManyToManyField(Commune, verbose_name="limité aux communes", blank=True)
    epcis = models.ManyToManyField(EPCI, verbose_name="limité aux EPCI", blank=True)
    debut = models.DateField("début")
    fin = models.DateField("fin", null=True, blank=True)

    objects = MandatQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        ordering = ["departement", "debut"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                name="mandat_dates_ordonnees",
                violation_error_message="La fin du mandat précède son début.",
            ),
            models.UniqueConstraint(
                fields=["operateur", "departement", "secteur", "debut"],
                name="mandat_unique_par_debut",
                violation_error_message="Ce mandat existe déjà.",
            ),
        ]

    def __str__(self):
        return f"{self.operateur} · {self.departement}"

    def couvre(self, commune):
        """Say how the mandate covers a commune of its département."""
        communes, epcis = self.communes.all(), self.epcis.all()
        if not communes and not epcis:
            return self.ENTIER
        nommee = commune in communes or commune.epci_id in {epci.pk for epci in epcis}
        return self.NOMMEE if nommee else self.AILLEURS
