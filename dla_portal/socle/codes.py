"""Acting by a personal link: a six-digit code, sent to the same address, confirms the person.

Reading takes the link alone; acting takes a POST and a confirmation. A code lives ten minutes and
dies after five wrong tries; a confirmed browser may act for four hours on that very link.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.db.models import F
from django.shortcuts import redirect

from dla_portal.socle import courriels, horloge
from dla_portal.socle.jetons import Jeton
from dla_portal.socle.regles import Manques

VALIDITE = timedelta(minutes=10)
ESSAIS = 5
ENVOIS_PAR_HEURE = 5
CONFIANCE = timedelta(hours=4)
CLE_SESSION = "liens_confirmes"
A_CONFIRMER = "Confirmez d'abord que c'est bien vous : demandez un code, il arrive par courriel."
PERIME = "Ce code n'est plus valable : demandez-en un nouveau."


class Code(models.Model):
    """A code sent to the holder of a link; the database keeps its keyed hash only."""

    jeton = models.ForeignKey(Jeton, related_name="codes", on_delete=models.CASCADE)
    empreinte = models.CharField(max_length=64)
    cree_le = models.DateTimeField(default=horloge.maintenant)
    expire_le = models.DateTimeField()
    essais = models.PositiveSmallIntegerField("essais faux", default=0)
    utilise_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "code de confirmation"
        verbose_name_plural = "codes de confirmation"
        ordering = ["-cree_le", "-pk"]

    def __str__(self):
        return f"Code {self.pk}"

    @property
    def vivant(self):
        """May still be tried."""
        return (
            self.utilise_le is None
            and self.essais < ESSAIS
            and self.expire_le > horloge.maintenant()
        )


def _empreinte(jeton, code):
    return hmac.new(
        settings.SECRET_KEY.encode(), f"{jeton.pk}:{code}".encode(), hashlib.sha256
    ).hexdigest()


def envoyer(jeton):
    """Send a fresh code to the holder of the link; the former ones die. Raises Manques when too many."""
    maintenant = horloge.maintenant()
    recents = jeton.codes.filter(cree_le__gt=maintenant - timedelta(hours=1)).count()
    if recents >= ENVOIS_PAR_HEURE:
        raise Manques(["Trop de codes demandés : réessayez dans une heure."])
    jeton.codes.filter(expire_le__gt=maintenant).update(expire_le=maintenant)
    code = f"{secrets.randbelow(1_000_000):06d}"
    Code.objects.create(
        jeton=jeton, empreinte=_empreinte(jeton, code), expire_le=maintenant + VALIDITE
    )
    courriels.deposer(
        jeton.destinataire,
        "Votre code de confirmation",
        "socle/courriels/code",
        {"code": code, "minutes": VALIDITE.seconds // 60},
    )


def verifier(jeton, saisi):
    """Use up the code of a link, or raise Manques; a wrong try counts even so.

    Call it outside of any transaction that the exception would roll back.
    """
    dernier = jeton.codes.first()
    if dernier is None or not dernier.vivant:
        raise Manques([PERIME])
    chiffres = "".join(c for c in saisi if c in "0123456789")
    juste = hmac.compare_digest(dernier.empreinte, _empreinte(jeton, chiffres))
    vivants = Code.objects.filter(pk=dernier.pk, utilise_le=None, essais__lt=ESSAIS)
    if not juste:
        vivants.update(essais=F("essais") + 1)
        reste = ESSAIS - dernier.essais - 1
        if reste <= 0:
            raise Manques(["Cinq essais faux : ce code est annulé, demandez-en un nouveau."])
        raise Manques(
            [f"Ce code est faux : il vous reste {reste} essai{'s' if reste > 1 else ''}."]
        )
    if not vivants.update(utilise_le=horloge.maintenant()):  # used by a parallel request
        raise Manques([PERIME])


def est_confirme(request, jeton):
    """Say whether this browser has confirmed this link lately."""
    jusqu_au = request.session.get(CLE_SESSION, {}).get(str(jeton.pk), "")
    return bool(jusqu_au) and datetime.fromisoformat(jusqu_au) > horloge.maintenant()


def _retenir(request, jeton):
    confirmes = request.session.get(CLE_SESSION, {})
    confirmes[str(jeton.pk)] = (horloge.maintenant() + CONFIANCE).isoformat()
    request.session.cycle_key()
    request.session[CLE_SESSION] = confirmes


def servir(request, jeton):
    """Answer the two POSTs of the confirmation itself, or None when the POST is something else."""
    action = request.POST.get("action") if request.method == "POST" else None
    if action not in ("recevoir-code", "confirmer-code"):
        return None
    try:
        if action == "recevoir-code":
            envoyer(jeton)
            messages.success(request, "Un code à six chiffres vient de partir par courriel.")
        else:
            verifier(jeton, request.POST.get("code", "")[:20])
            _retenir(request, jeton)
            messages.success(request, "C'est bien vous : vous pouvez agir.")
    except Manques as erreur:
        for phrase in erreur.phrases:
            messages.error(request, phrase)
    return redirect(request.path)
