"""Mail outbox: a row written in the transaction of the gesture, sent afterwards by a worker."""

import logging
import re
import traceback
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.template.loader import render_to_string

from dla_portal.socle import horloge

journal = logging.getLogger(__name__)
ESSAIS_MAX = 8
_LIEN = re.compile(r"(/lien/)[\w-]{20,}")
_CODE = re.compile(r"(code de confirmation : )\d{6}")


class Courriel(models.Model):
    """One mail to send, being sent, sent or given up."""

    destinataire = models.EmailField("destinataire")
    sujet = models.CharField("sujet", max_length=200)
    corps = models.TextField("corps")
    fil = models.CharField("fil", max_length=60, blank=True, db_index=True)
    cree_le = models.DateTimeField("déposé le", default=horloge.maintenant)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    prochain_essai = models.DateTimeField("prochain essai", default=horloge.maintenant)
    erreur = models.CharField("dernière erreur", max_length=300, blank=True)

    class Meta:
        verbose_name = "courriel"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["envoye_le", "prochain_essai"], name="courriel_a_envoyer")]

    def __str__(self):
        return f"{self.sujet} → {self.destinataire}"

    @property
    def etat(self):
        """Delivery state in words."""
        if self.envoye_le:
            return "envoyé"
        if self.essais >= ESSAIS_MAX:
            return "abandonné"
        return "en attente" if not self.essais else "à réessayer"


def deposer(destinataire, sujet, gabarit, contexte, fil=""):
    """Render `templates/<gabarit>.txt` and put the mail in the outbox of the current transaction.

    The recipient may be empty (nobody known to write to): nothing is put and None is returned.
    """
    if not destinataire:
        return None
    contexte = {**contexte, "site_url": settings.SITE_URL}
    corps = render_to_string(f"{gabarit}.txt", contexte, using="courriels")
    sujet = " ".join(sujet.split())[:200]
    return Courriel.objects.create(destinataire=destinataire, sujet=sujet, corps=corps, fil=fil)


def masquer(corps):
    """Return a text without its personal links nor its codes."""
    return _CODE.sub(r"\1[code retiré]", _LIEN.sub(r"\1[lien retiré]", corps))


def envoyer_en_attente(limite=100):
    """Send what is due; return (sent, failed). A failure is kept with its reason and retried later.

    Each row is taken under a lock in its own transaction: two workers never send the same mail.
    """
    envoyes = echecs = 0
    for pk in list(_dus().values_list("pk", flat=True)[:limite]):
        with transaction.atomic():
            courriel = (
                _dus().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            )
            if courriel is None:
                continue
            if _envoyer(courriel):
                envoyes += 1
            else:
                echecs += 1
    return envoyes, echecs


def _dus():
    return Courriel.objects.filter(
        envoye_le=None, essais__lt=ESSAIS_MAX, prochain_essai__lte=horloge.maintenant()
    ).order_by("cree_le", "pk")


def _signaler(courriel, echec):
    """Log what held back a mail: a server in a line, an error of ours with where it happened.

    The number of the mail is enough: its address stays out of the logs.
    """
    if isinstance(echec, (SMTPException, OSError)):
        journal.warning("Courriel %s retenu : %s", courriel.pk, type(echec).__name__)
        return
    lieu = "".join(traceback.format_tb(echec.__traceback__))
    journal.error("Courriel %s retenu : %s\n%s", courriel.pk, type(echec).__name__, lieu)


def _envoyer(courriel):
    """Send one mail and record what came of it; return whether it left."""
    courriel.essais += 1
    try:
        EmailMessage(courriel.sujet, courriel.corps, to=[courriel.destinataire]).send()
    except Exception as echec:  # one mail that cannot even be written holds back no other
        _signaler(courriel, echec)
        courriel.prochain_essai = horloge.maintenant() + timedelta(minutes=2**courriel.essais)
        courriel.erreur = str(echec)[:300]
        if courriel.essais >= ESSAIS_MAX:
            courriel.corps = masquer(courriel.corps)  # given up: the link opens nothing any more
        courriel.save()
        return False
    courriel.envoye_le, courriel.erreur = horloge.maintenant(), ""
    if not settings.DEMONSTRATION:
        # The link opens somebody's page: it leaves the database once the mail has left.
        courriel.corps = masquer(courriel.corps)
    courriel.save()
    return True
