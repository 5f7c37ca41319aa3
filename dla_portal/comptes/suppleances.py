"""Suppléance: for some days, a colleague of the same operator also sees what waits for somebody.

It shows her the tasks and gives no right: she already works for the operator.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.verrou import Verrouille


class SuppleanceQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of the operator, to its team."""
        if utilisateur.role not in roles.EQUIPE_OPERATEUR:
            return self.none()
        return self.filter(operateur=utilisateur.rattachement.operateur_id)

    def valables(self):
        """Those which nobody took back."""
        return self.filter(retiree_le=None)

    def croisant(self, du, au):
        """Those in force on one day at least of a period."""
        return self.valables().filter(du__lte=au, au__gte=du)

    def en_cours(self, le=None):
        """Those in force on the given date (today by default)."""
        le = le or horloge.aujourdhui()
        return self.croisant(le, le)

    def a_venir_ou_en_cours(self):
        """Those which are not over yet."""
        return self.valables().filter(au__gte=horloge.aujourdhui())


class Suppleance(Verrouille):
    """Who stands in for whom, from one day to another, both included."""

    operateur = models.ForeignKey(
        "territoires.OperateurDLA", verbose_name="opérateur", on_delete=models.PROTECT
    )
    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="personne absente",
        related_name="absences",
        on_delete=models.PROTECT,
    )
    suppleant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="suppléée par",
        related_name="suppleances",
        on_delete=models.PROTECT,
    )
    du = models.DateField("du")
    au = models.DateField("au")
    posee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="+", editable=False, on_delete=models.PROTECT
    )
    retiree_le = models.DateTimeField("retirée le", null=True, editable=False)
    retiree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        related_name="+",
        editable=False,
        on_delete=models.PROTECT,
    )

    objects = SuppleanceQuerySet.as_manager()

    class Meta:
        verbose_name = "suppléance"
        ordering = ["du", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(absent=F("suppleant")),
                name="suppleance_par_une_autre_personne",
                violation_error_message="Une personne ne se supplée pas elle-même.",
            ),
            models.CheckConstraint(
                condition=Q(au__gte=F("du")),
                name="suppleance_dates_ordonnees",
                violation_error_message="La fin de la suppléance précède son début.",
            ),
            models.CheckConstraint(
                condition=Q(retiree_le=None, retiree_par=None)
                | Q(retiree_le__isnull=False, retiree_par__isnull=False),
                name="suppleance_retrait_signe",
                violation_error_message="Le retrait d'une suppléance porte sa date et son auteur.",
            ),
        ]

    def __str__(self):
        return f"{self.suppleant} pour {self.absent}, du {self.du:%d/%m/%Y} au {self.au:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("comptes:suppleances")

    @property
    def commencee(self):
        """Whether it is in force today."""
        return self.du <= horloge.aujourdhui()
