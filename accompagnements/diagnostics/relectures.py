"""Relecture of a diagnostic by a CRDLA or a DLA régional; authorisations to disclose it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accompagnements import droits
from accompagnements.diagnostics.models import Diagnostic
from dla_portal.comptes import roles
from dla_portal.socle import horloge

LECTEURS = frozenset({roles.Crdla.code, roles.DlaRegional.code})


class RelectureQuerySet(models.QuerySet):
    def ouvertes(self):
        """Those asked, neither returned nor withdrawn."""
        return self.filter(rendue_le=None, retiree_le=None)

    def visibles_par(self, utilisateur):
        """Those that wait for this very person, as long as they hold a reader's role."""
        if utilisateur.role not in LECTEURS:
            return self.none()
        siennes = self.ouvertes().filter(lecteur=utilisateur)
        if utilisateur.role == roles.DlaRegional.code:
            region = droits.region_de(utilisateur)
            return siennes.filter(diagnostic__accompagnement__operateur__region=region)
        return siennes


class Relecture(models.Model):
    """One reading asked from somebody outside the operator, and what came of it."""

    diagnostic = models.ForeignKey(Diagnostic, related_name="relectures", on_delete=models.PROTECT)
    lecteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="relectures"
    )
    question = models.TextField("ce qui est demandé", blank=True)
    demandee_le = models.DateField("demandée le", default=horloge.aujourdhui)
    rendue_le = models.DateField("rendue le", null=True, blank=True)
    retiree_le = models.DateField("retirée le", null=True, blank=True)
    avis = models.TextField("avis d'ensemble", blank=True)

    objects = RelectureQuerySet.as_manager()

    class Meta:
        verbose_name = "relecture"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["diagnostic"],
                condition=Q(rendue_le=None, retiree_le=None),
                name="relecture_une_seule_ouverte",
                violation_error_message="Une relecture est déjà demandée.",
            ),
            models.CheckConstraint(
                condition=Q(rendue_le=None) | ~Q(avis=""),
                name="relecture_rendue_avec_avis",
                violation_error_message="Une relecture rendue porte un avis.",
            ),
        ]

    def __str__(self):
        return f"Relecture {self.diagnostic.accompagnement.reference}"

    def get_absolute_url(self):
        return reverse("accompagnements:relecture", args=[self.pk])


class Commentaire(models.Model):
    """What the reader says of one section."""

    relecture = models.ForeignKey(Relecture, related_name="commentaires", on_delete=models.PROTECT)
    section = models.CharField("section", max_length=30)
    texte = models.TextField("commentaire")

    class Meta:
        verbose_name = "commentaire de relecture"
        verbose_name_plural = "commentaires de relecture"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["relecture", "section"],
                name="commentaire_un_par_section",
                violation_error_message="Cette section est déjà commentée.",
            )
        ]

    def __str__(self):
        return self.texte[:80]


class AutorisationQuerySet(models.QuerySet):
    def en_vigueur(self):
        """Those not withdrawn."""
        return self.filter(retiree_le=None)


class Autorisation(models.Model):
    """The structure allows its diagnostic to be handed to somebody: to whom, why, who says so."""

    diagnostic = models.ForeignKey(
        Diagnostic, related_name="autorisations", on_delete=models.PROTECT
    )
    destinataire = models.CharField("remis à", max_length=160)
    raison = models.CharField("pourquoi", max_length=250)
    accordee_par = models.CharField("accord donné par", max_length=120)
    accordee_le = models.DateField("accord donné le")
    retiree_le = models.DateField("retirée le", null=True, blank=True)

    objects = AutorisationQuerySet.as_manager()

    class Meta:
        verbose_name = "autorisation de communiquer"
        verbose_name_plural = "autorisations de communiquer"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retiree_le=None) | Q(retiree_le__gte=models.F("accordee_le")),
                name="autorisation_dates_ordonnees",
                violation_error_message="Une autorisation se retire après avoir été donnée.",
            )
        ]

    def __str__(self):
        return self.destinataire
