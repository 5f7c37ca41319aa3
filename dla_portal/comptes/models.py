"""Utilisateur (e-mail as login) and Rattachement (user × role × scope × period).

Suppléances and mail preferences are in files of their own, named here as tables of the app.
"""

from functools import cached_property

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import Case, F, Q, When

from dla_portal.comptes import roles
from dla_portal.comptes.abonnements import Annonce, PreferencesCourriel
from dla_portal.comptes.suppleances import Suppleance
from dla_portal.socle import horloge

__all__ = ["Annonce", "PreferencesCourriel", "Rattachement", "Suppleance", "Utilisateur"]


class UtilisateurManager(BaseUserManager):
    """Creates users from their e-mail, always stored in lower case."""

    use_in_migrations = True

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())

    def create_user(self, email, password=None, **champs):
        if not email:
            raise ValueError("L'adresse électronique est obligatoire.")
        utilisateur = self.model(email=email.lower(), **champs)
        utilisateur.set_password(password)
        utilisateur.save(using=self._db)
        return utilisateur

    def create_superuser(self, email, password=None, **champs):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **champs)


class Utilisateur(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What she may do comes from her Rattachements, not from here."""

    email = models.EmailField("adresse électronique", unique=True)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=80, blank=True)
    is_active = models.BooleanField("compte actif", default=True)
    is_staff = models.BooleanField("accès à l'administration", default=False)
    cree_le = models.DateTimeField("créé le", default=horloge.maintenant, editable=False)

    objects = UtilisateurManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "utilisateur"
        ordering = ["nom", "prenom", "email"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=models.functions.Lower("email")),
                name="utilisateur_email_minuscules",
                violation_error_message="L'adresse électronique s'écrit en minuscules.",
            )
        ]

    def __str__(self):
        return self.get_full_name()

    def get_full_name(self):
        """Return « Prénom Nom », or the e-mail when no name is known."""
        return f"{self.prenom} {self.nom}".strip() or self.email

    def get_short_name(self):
        return self.prenom or self.email

    @cached_property
    def rattachement(self):
        """The rattachement in use: the one chosen in the session, else the first in force."""
        return self.rattachements_en_cours().first()

    @property
    def role(self):
        """Code of the current role, or "" when the person has no rattachement in force."""
        return self.rattachement.role if self.rattachement else ""

    @cached_property
    def roles_en_cours(self):
        """Codes of all the roles held today, the current one or not."""
        return set(self.rattachements.en_cours().values_list("role", flat=True))

    def rattachements_en_cours(self):
        """Rattachements in force today, oldest first; a seat in a comité takes no other's place."""
        siege = Case(When(role=roles.MembreComite.code, then=1), default=0)
        en_cours = self.rattachements.en_cours().order_by(siege, "debut", "pk")
        return en_cours.select_related("operateur", "region", "departement")


class RattachementQuerySet(models.QuerySet):
    def en_cours(self, le=None):
        """Those in force on the given date (today by default)."""
        le = le or horloge.aujourdhui()
        return self.filter(Q(fin=None) | Q(fin__gte=le), debut__lte=le)


class Rattachement(models.Model):
    """A role held by a person over an operator, a region, a department or the nation, dated."""

    utilisateur = models.ForeignKey(
        Utilisateur,
        verbose_name="utilisateur",
        related_name="rattachements",
        on_delete=models.PROTECT,
    )
    role = models.CharField("rôle", max_length=20, choices=roles.CHOIX)
    operateur = models.ForeignKey(
        "territoires.OperateurDLA",
        verbose_name="opérateur",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    region = models.ForeignKey(
        "territoires.Region", verbose_name="région", null=True, blank=True, on_delete=models.PROTECT
    )
    departement = models.ForeignKey(
        "territoires.Departement",
        verbose_name="département",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    au_titre_de = models.CharField(
        "au titre de", max_length=160, blank=True, help_text="Organisme ou qualité représentée."
    )
    debut = models.DateField("début", default=horloge.aujourdhui)
    fin = models.DateField("fin", null=True, blank=True)

    objects = RattachementQuerySet.as_manager()

    class Meta:
        verbose_name = "rattachement"
        ordering = ["debut", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                name="rattachement_dates_ordonnees",
                violation_error_message="La fin du rattachement précède son début.",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(roles.EQUIPE_OPERATEUR)) | Q(operateur__isnull=False),
                name="rattachement_equipe_a_operateur",
                violation_error_message="Ce rôle s'exerce chez un opérateur : indiquez lequel.",
            ),
            models.CheckConstraint(
                condition=~Q(role=roles.DlaRegional.code) | Q(region__isnull=False),
                name="rattachement_dla_regional_a_region",
                violation_error_message="Ce rôle s'exerce sur une région : indiquez laquelle.",
            ),
            models.CheckConstraint(
                condition=~Q(role=roles.Pilote.code)
                | Q(region__isnull=False)
                | Q(departement__isnull=False),
                name="rattachement_pilote_a_territoire",
                violation_error_message="Un pilote lit une région ou un département : indiquez lequel.",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} — {self.portee}"

    @property
    def portee(self):
        """What the role runs over, in words."""
        return str(self.operateur or self.departement or self.region or "National")
