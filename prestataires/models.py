"""Prestataire: the fiche type of the register, with its referencing."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from dla_portal.comptes import roles
from dla_portal.socle import nomenclatures, recherche
from dla_portal.socle.etats import AEtats, champ_etat
from prestataires.etats import RESPONSABLE, TON, Etat

LECTEURS = {
    *roles.EQUIPE_OPERATEUR,
    roles.DlaRegional.code,
    roles.Crdla.code,
    roles.Administrateur.code,
}


class PrestataireQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The register is shared by all operators and DLA régionaux; nobody else reads it."""
        return self.all() if utilisateur.role in LECTEURS else self.none()

    def sollicitables(self):
        """Those who may be asked for a proposition: referenced, whatever the region."""
        return self.filter(etat=Etat.REFERENCE)


class Prestataire(AEtats):
    """A firm or a person who may carry out missions. Amounts in euros, before tax (HT)."""

    RESPONSABLES = RESPONSABLE
    TONS = TON

    class Statut(models.TextChoices):
        CABINET = "cabinet", "Cabinet"
        INDEPENDANT = "independant", "Indépendant"
        RESEAU = "reseau", "Réseau ou fédération"
        COOPERATIVE = "cooperative", "Coopérative"
        ASSOCIATION = "association", "Association"
        AUTRE = "autre", "Autre"

    siret = models.CharField("SIRET", max_length=14, unique=True)
    nom = models.CharField("raison sociale", max_length=200)
    nom_normalise = models.CharField(max_length=200, editable=False, db_index=True)
    statut = models.CharField("statut", max_length=15, choices=Statut, blank=True)
    reseau = nomenclatures.cle("reseau", verbose_name="réseau", null=True, blank=True)
    adresse = models.CharField("adresse", max_length=250, blank=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    ville = models.CharField("ville", max_length=120, blank=True)
    contact = models.CharField("personne à joindre", max_length=120, blank=True)
    email = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    presentation = models.TextField("présentation, expériences", blank=True)
    tjm_ht = models.DecimalField(
        "tarif journalier HT (€)", max_digits=8, decimal_places=2, null=True, blank=True
    )
    competences = nomenclatures.plusieurs("thematique", verbose_name="compétences", blank=True)
    secteurs = nomenclatures.plusieurs("secteur", verbose_name="secteurs connus", blank=True)
    departements = models.ManyToManyField(
        "territoires.Departement", verbose_name="départements d'intervention", blank=True
    )
    vigilance_jusquau = models.DateField(
        "attestation de vigilance valable jusqu'au", null=True, blank=True
    )
    region = models.ForeignKey(
        "territoires.Region",
        verbose_name="région de référencement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    reference_le = models.DateField("référencé le", null=True, blank=True, editable=False)
    reference_jusquau = models.DateField(
        "référencé jusqu'au", null=True, blank=True, editable=False
    )
    etat = champ_etat(Etat, Etat.CANDIDAT)

    objects = PrestataireQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[competences, secteurs, departements])

    class Meta:
        verbose_name = "prestataire"
        ordering = ["nom"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tjm_ht=None) | Q(tjm_ht__gte=0),
                name="prestataire_tjm_positif",
                violation_error_message="Le tarif journalier ne peut être négatif.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.REFERENCE) | Q(reference_le__isnull=False),
                name="prestataire_reference_date",
                violation_error_message="Un prestataire référencé porte la date de sa décision.",
            ),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("prestataires:fiche", args=[self.pk])

    def save(self, *args, **kwargs):
        self.nom_normalise = recherche.normaliser(self.nom)
        super().save(*args, **kwargs)


class AttestationQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the prestataires of the register that the user reads."""
        prestataires = Prestataire.objects.visibles_par(utilisateur)
        return self.filter(prestataire__in=prestataires.values("pk"))

    def valable_le(self, jour):
        """Return the attestation in force on this day, the one which runs longest, or None."""
        return self.filter(delivree_le__lte=jour, valable_jusquau__gte=jour).first()


class AttestationVigilance(models.Model):
    """An attestation de vigilance of the URSSAF as it was received; a later one is another row."""

    prestataire = models.ForeignKey(
        Prestataire, related_name="attestations", on_delete=models.PROTECT
    )
    fichier = models.OneToOneField("socle.Fichier", related_name="+", on_delete=models.PROTECT)
    delivree_le = models.DateField("délivrée le")
    valable_jusquau = models.DateField("valable jusqu'au")

    objects = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation de vigilance"
        verbose_name_plural = "attestations de vigilance"
        ordering = ["-valable_jusquau", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valable_jusquau__gte=models.F("delivree_le")),
                name="attestation_finit_apres_sa_delivrance",
                violation_error_message="Une attestation ne finit pas avant d'être délivrée.",
            )
        ]

    def __str__(self):
        return f"Attestation de vigilance du {self.delivree_le:%d/%m/%Y}"
