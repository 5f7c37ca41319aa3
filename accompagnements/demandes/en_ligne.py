"""What arrives by the public page, from its sending to the demande it becomes."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accompagnements import droits
from accompagnements.demandes import etats
from accompagnements.demandes.etats import EtatEnLigne
from accompagnements.demandes.models import Demande
from dla_portal.comptes import roles
from dla_portal.socle import nomenclatures
from dla_portal.socle.etats import AEtats, champ_etat
from dla_portal.territoires.models import Departement


class EnLigneQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Once confirmed: the operators who may take it; the DLA régional of the region."""
        confirmees = self.exclude(etat=EtatEnLigne.A_CONFIRMER)
        role = utilisateur.role
        if role == roles.Administrateur.code:
            return confirmees
        if role == roles.DlaRegional.code:
            departements = Departement.objects.filter(region=droits.region_de(utilisateur))
            return confirmees.filter(departement__in=departements.values("pk"))
        if role in roles.EQUIPE_OPERATEUR:
            proposees = self.model.candidats.through.objects.filter(
                operateurdla=droits.operateur_de(utilisateur)
            )
            return confirmees.filter(pk__in=proposees.values("demandeenligne"))
        return self.none()

    def a_prendre(self):
        """Those that no operator has taken yet."""
        return self.filter(etat=EtatEnLigne.A_PRENDRE)

    def non_confirmees(self, le):
        """Those whose link has expired before a datetime without having been followed."""
        return self.filter(etat=EtatEnLigne.A_CONFIRMER, expire_le__lte=le)


class DemandeEnLigne(AEtats):
    """A request sent by the public page. Nothing of it reaches an operator before its mail is
    confirmed; unconfirmed, it is erased. Never edited: it has no history of its fields.
    """

    RESPONSABLES = etats.RESPONSABLE_EN_LIGNE
    TONS = etats.TON_EN_LIGNE

    class Origine(models.TextChoices):
        STRUCTURE = "structure", "La structure"
        PRESCRIPTEUR = "prescripteur", "Un prescripteur"

    origine = models.CharField("envoyée par", max_length=15, choices=Origine)
    structure_nom = models.CharField("nom de la structure", max_length=250)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    commune = models.ForeignKey(
        "territoires.Commune", verbose_name="commune", on_delete=models.PROTECT
    )
    departement = models.ForeignKey(
        "territoires.Departement", verbose_name="département", on_delete=models.PROTECT
    )
    secteur = nomenclatures.cle(
        "secteur", verbose_name="domaine d'activité principal", null=True, blank=True
    )
    objet = models.TextField("besoin exprimé")
    nom = models.CharField("prénom et nom", max_length=120)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    courriel = models.EmailField("courriel")
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    prescripteur = nomenclatures.cle(
        "prescripteur", verbose_name="connaissance du DLA", null=True, blank=True
    )
    organisation = models.CharField("organisation", max_length=160, blank=True)
    contact_nom = models.CharField("personne à joindre", max_length=120, blank=True)
    contact_courriel = models.EmailField("courriel de la structure", blank=True)
    contact_telephone = models.CharField("téléphone de la structure", max_length=30, blank=True)
    accord_structure = models.BooleanField("la structure est d'accord", default=False)
    empreinte = models.CharField(max_length=64, db_index=True, editable=False)
    expire_le = models.DateTimeField("à confirmer avant le", editable=False)
    confirmee_le = models.DateTimeField("confirmée le", null=True, editable=False)
    candidats = models.ManyToManyField(
        "territoires.OperateurDLA", verbose_name="opérateurs possibles", editable=False
    )
    demande = models.OneToOneField(
        Demande, null=True, related_name="en_ligne", editable=False, on_delete=models.PROTECT
    )
    etat = champ_etat(EtatEnLigne, EtatEnLigne.A_CONFIRMER)

    objects = EnLigneQuerySet.as_manager()

    class Meta:
        verbose_name = "demande en ligne"
        verbose_name_plural = "demandes en ligne"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatEnLigne.A_CONFIRMER, confirmee_le=None)
                | (~Q(etat=EtatEnLigne.A_CONFIRMER) & Q(confirmee_le__isnull=False)),
                name="en_ligne_confirmee_date",
                violation_error_message="Une demande confirmée porte la date de sa confirmation.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatEnLigne.TRANSMISE, demande__isnull=False)
                | (~Q(etat=EtatEnLigne.TRANSMISE) & Q(demande=None)),
                name="en_ligne_transmise_demande",
                violation_error_message="Une demande prise en charge est suivie par un opérateur.",
            ),
            models.CheckConstraint(
                condition=Q(origine="structure") | Q(accord_structure=True),
                name="en_ligne_prescripteur_accord",
                violation_error_message="Un prescripteur écrit avec l'accord de la structure.",
            ),
        ]

    def __str__(self):
        return f"{self.structure_nom}, {self.commune}"

    def get_absolute_url(self):
        return reverse("accompagnements:en_ligne", args=[self.pk])

    @property
    def formulee_par(self):
        """Who sent it, in words."""
        precisions = (self.nom, self.fonction, self.organisation)
        return ", ".join(precision for precision in precisions if precision)

    @property
    def de_prescripteur(self):
        return self.origine == self.Origine.PRESCRIPTEUR

    @property
    def contact(self):
        """Whom to call in the structure, as the prescripteur knows it."""
        precisions = (self.contact_nom, self.contact_courriel, self.contact_telephone)
        return ", ".join(precision for precision in precisions if precision)
