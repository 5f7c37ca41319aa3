"""Once means once: a creating form carries a key, and the second sending finds the first result."""

import uuid

from django.db import models

from dla_portal.socle import horloge


class Envoi(models.Model):
    """A form sending already answered, and where its result is."""

    cle = models.UUIDField(unique=True)
    resultat = models.CharField(max_length=300, blank=True)
    le = models.DateTimeField(default=horloge.maintenant)

    class Meta:
        verbose_name = "envoi de formulaire"

    def __str__(self):
        return str(self.cle)


def nouvelle_cle():
    """Return a fresh key for a form about to be shown."""
    return str(uuid.uuid4())


def resultat_de(cle):
    """Return the address of what the sending of this key already made, or an empty string."""
    try:
        envoi = Envoi.objects.filter(cle=uuid.UUID(cle)).first()
    except ValueError:
        return ""
    return envoi.resultat if envoi else ""


def reserver(cle):
    """Reserve the key of a sending inside the current transaction.

    Return (envoi, True) the first time, (envoi, False) afterwards. A parallel sending waits on
    the unique constraint until the first one commits.
    """
    return Envoi.objects.get_or_create(cle=uuid.UUID(str(cle)))
