"""What each person wants to be told by mail, and what she was already told."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from dla_portal.socle import horloge
from dla_portal.socle.verrou import Verrouille


class Rythme(models.TextChoices):
    """How often a kind of news leaves by mail."""

    JAMAIS = "jamais", "Jamais"
    QUOTIDIEN = "quotidien", "Dans le résumé du jour"
    IMMEDIAT = "immediat", "Au plus vite"


class PreferencesCourriel(Verrouille):
    """The mails of a person: a pace for each kind of news; what is not said follows the default."""

    # A convenience of the person: it goes with the account.
    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        related_name="preferences_courriel",
        editable=False,
        on_delete=models.CASCADE,
    )
    rythmes = models.JSONField("rythmes", default=dict, blank=True)
    # The day of the last digest prepared: written by the command alone, under the lock of the row.
    resume_le = models.DateField("dernier résumé le", null=True, editable=False)

    class Meta:
        verbose_name = "préférences de courriel"
        verbose_name_plural = "préférences de courriel"

    def __str__(self):
        return f"Courriels de {self.utilisateur}"

    def get_absolute_url(self):
        return reverse("comptes:courriels")

    def rythme(self, type_de_courriel):
        """The pace chosen for a kind of news."""
        choisi = self.rythmes.get(type_de_courriel.code)
        return choisi if choisi in Rythme.values else type_de_courriel.defaut


class Annonce(models.Model):
    """A piece of news already told to a person by mail; erased once the news is no more."""

    # A trace of a mail to this person: it goes with the account.
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="annonces", on_delete=models.CASCADE
    )
    type_de_courriel = models.CharField(max_length=40)
    cle = models.CharField(max_length=200)
    le = models.DateTimeField(default=horloge.maintenant)

    class Meta:
        verbose_name = "annonce par courriel"
        verbose_name_plural = "annonces par courriel"
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "type_de_courriel", "cle"],
                name="annonce_unique",
                violation_error_message="Cette nouvelle est déjà annoncée.",
            )
        ]

    def __str__(self):
        return f"{self.type_de_courriel} · {self.cle}"
