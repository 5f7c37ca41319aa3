"""Partner directory of a region: towards whom a structure may be sent (domaine.md §3.11)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accompagnements import droits
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, repondre
from dla_portal.socle import nomenclatures, recherche
from dla_portal.socle.verrou import Verrouille
from dla_portal.territoires.models import Region


def region_de_travail(utilisateur):
    """Return the region code in which the user works: its operator's, or its own; None: nowhere."""
    rattachement = utilisateur.rattachement
    if utilisateur.role in roles.EQUIPE_OPERATEUR:
        return rattachement.operateur.region_id
    return droits.region_de(utilisateur) if utilisateur.role == roles.DlaRegional.code else None


class PartenaireQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the region in which the user works."""
        if utilisateur.role == roles.Administrateur.code:
            return self
        region = region_de_travail(utilisateur)
        return self.filter(region=region) if region else self.none()

    def pour(self, departement):
        """Those that may be proposed to a structure of a département."""
        partout = ~Q(pk__in=self.model.departements.through.objects.values("partenaire"))
        ici = self.model.departements.through.objects.filter(departement=departement)
        return self.filter(
            partout | Q(pk__in=ici.values("partenaire")), region=departement.region_id, retire=False
        )


class Partenaire(Verrouille):
    """An organisation to which a structure may be sent; without département: the whole region."""

    region = models.ForeignKey(
        Region, verbose_name="région", editable=False, on_delete=models.PROTECT
    )
    nom = models.CharField("nom", max_length=160)
    nom_normalise = models.CharField(max_length=160, editable=False)
    genre = nomenclatures.cle("orientation", verbose_name="nature")
    aide = models.TextField("ce qu'il apporte", blank=True)
    contact = models.CharField("personne à joindre", max_length=120, blank=True)
    email = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    departements = models.ManyToManyField(
        "territoires.Departement", verbose_name="départements", blank=True
    )
    retire = models.BooleanField("retiré de l'annuaire", default=False)

    objects = PartenaireQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[departements])

    class Meta:
        verbose_name = "partenaire"
        ordering = ["nom_normalise"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "nom_normalise"],
                name="partenaire_unique_par_region",
                violation_error_message="Un partenaire porte déjà ce nom dans cette région.",
            )
        ]

    def __str__(self):
        return self.nom

    def save(self, *args, **kwargs):
        self.nom_normalise = recherche.normaliser(self.nom)[:160]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("accompagnements:partenaire", args=[self.pk])

    @property
    def coordonnees(self):
        """Whom to call, in one line."""
        precisions = (self.contact, self.email, self.telephone)
        return ", ".join(precision for precision in precisions if precision)


def tient_l_annuaire(utilisateur):
    """Right: those who send structures, and the DLA régional, keep the directory of their region."""
    tient = a_role(utilisateur, *roles.INSTRUCTEURS, roles.DlaRegional.code)
    if not tient:
        return tient
    return repondre(region_de_travail(utilisateur), "Votre rattachement ne porte pas de région.")
