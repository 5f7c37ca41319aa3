"""Links without account: a token bound to a purpose, an object and a person.

The token (192 bits) is known to its recipient alone; the database keeps its SHA-256. A GET never
acts: mail scanners may open a link as often as they like.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import Http404

from dla_portal.socle import horloge


class Jeton(models.Model):
    """A personal link, expiring and revocable."""

    empreinte = models.CharField(max_length=64, unique=True)
    usage = models.CharField(max_length=40)
    objet_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    objet_id = models.BigIntegerField()
    objet = GenericForeignKey("objet_type", "objet_id")
    destinataire = models.EmailField()
    cree_le = models.DateTimeField(default=horloge.maintenant)
    expire_le = models.DateTimeField()
    revoque_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "lien personnel"
        verbose_name_plural = "liens personnels"
        indexes = [models.Index(fields=["objet_type", "objet_id"], name="jeton_objet")]

    def __str__(self):
        return f"{self.usage} · {self.destinataire}"

    @property
    def courriel_masque(self):
        """The address of the holder, enough to recognise it: « c…t@cabinet.fr »."""
        nom, _, domaine = self.destinataire.partition("@")
        return f"{nom[:1]}…{nom[-1:]}@{domaine}"


def _empreinte(brut):
    return hashlib.sha256(brut.encode()).hexdigest()


def creer(usage, objet, destinataire, jours):
    """Create a link valid `jours` days and return its raw token, which is stored nowhere."""
    brut = secrets.token_urlsafe(24)
    Jeton.objects.create(
        empreinte=_empreinte(brut),
        usage=usage,
        objet=objet,
        destinataire=destinataire,
        expire_le=horloge.maintenant() + timedelta(days=jours),
    )
    return brut


def adresse(brut):
    """Return the absolute address of a link, to be written in a mail."""
    return f"{settings.SITE_URL}/lien/{brut}/"


def lire(brut, usage=None):
    """Return the Jeton of a raw token, or raise Http404 when unknown, expired or revoked."""
    jeton = Jeton.objects.filter(empreinte=_empreinte(brut)).first()
    if (
        jeton is None
        or jeton.revoque_le
        or jeton.expire_le <= horloge.maintenant()
        or (usage and jeton.usage != usage)
    ):
        raise Http404("Ce lien n'est plus valable.")
    return jeton


def de(objet):
    """Links made for an object, whatever became of them."""
    return Jeton.objects.filter(
        objet_type=ContentType.objects.get_for_model(objet), objet_id=objet.pk
    )


def revoquer(objet, usage=None):
    """Revoke the links of an object (of one purpose, or all of them); return how many."""
    jetons = de(objet).filter(revoque_le=None)
    if usage:
        jetons = jetons.filter(usage=usage)
    return jetons.update(revoque_le=horloge.maintenant())


# The stage that owns a purpose registers the view which serves its links.
VUES = {}


def vue_du_lien(usage):
    """Decorator: register `vue(request, jeton)` as the page of the links of this purpose."""

    def enregistrer(vue):
        VUES[usage] = vue
        return vue

    return enregistrer
