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
from django.db import models, transaction
from django.db.models import F
from django.shortcuts import redirect

from dla_portal.socle import courriels, horloge
from dla_portal.socle.jetons import Jeton
from dla_portal.socle.regles import Manques

VALIDITE = timedelta(minutes=10)
ESSAIS = 5
ENVOIS_PAR_HEURE = 5  # by one browser
ENVOIS_PAR_LIEN = 20  # by all of them, in an hour
CONFIANCE = timedelta(hours=4)
CLE_SESSION = "liens_confirmes"
CLE_DEMANDES = "codes_demandes"
A_COTE = "code"  # messages shown beside the field of the code, not at the top of the page
A_CONFIRMER = "Confirmez d'abord que c'est bien vous : demandez un code, il arrive par courriel."
PERIME = "Ce code n'est plus valable : demandez-en un nouveau."


class Code(models.Model):
    """A code sent to the holder of a link; the database keeps its keyed hash only."""

    jeton = models.ForeignKey(Jeton, related_name="codes", on_delete=models.CASCADE)
    empreinte = models.CharField(max_length=64)
    cree_le = models.DateTimeField(default=horloge.maintenant)
    expire_le = models.DateTimeField()
    essais = models.PositiveSmallIntegerField("essais", default=0)
    utilise_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "code de confirmation"
        verbose_name_plural = "codes de confirmation"
        ordering = ["-cree_le", "-pk"]

    def __str__(self):
        return f"Code {self.pk}"


def _empreinte(jeton, code):
    return hmac.new(
        settings.SECRET_KEY.encode(), f"{jeton.pk}:{code}".encode(), hashlib.sha256
    ).hexdigest()


@transaction.atomic
def envoyer(jeton, demandes=()):
    """Send a fresh code to the holder of a link and return it (a Code). Raises Manques when too many.

    `demandes` are the primary keys of the codes that this browser asked for: they die. Those of
    another browser live on, so that who merely holds the link locks nobody out of it.
    """
    maintenant = horloge.maintenant()
    recents = jeton.codes.filter(cree_le__gt=maintenant - timedelta(hours=1))
    siens = recents.filter(pk__in=demandes).count()
    if siens >= ENVOIS_PAR_HEURE or recents.count() >= ENVOIS_PAR_LIEN:
        raise Manques(["Trop de codes demandés : réessayez dans une heure."])
    jeton.codes.filter(pk__in=demandes, expire_le__gt=maintenant).update(expire_le=maintenant)
    chiffres = f"{secrets.randbelow(1_000_000):06d}"
    code = Code.objects.create(
        jeton=jeton, empreinte=_empreinte(jeton, chiffres), expire_le=maintenant + VALIDITE
    )
    courriels.deposer(
        jeton.destinataire,
        "Votre code de confirmation",
        "socle/courriels/code",
        {"code": chiffres, "minutes": VALIDITE.seconds // 60},
    )
    return code


def verifier(jeton, code, saisi):
    """Use up a code of a link (its primary key, None: none asked for), or raise Manques.

    Every try counts, right or wrong, before it is looked at: parallel ones have five between them.
    Call it outside of any transaction that the exception would roll back.
    """
    vivants = jeton.codes.filter(
        pk=code, utilise_le=None, essais__lt=ESSAIS, expire_le__gt=horloge.maintenant()
    )
    if not vivants.update(essais=F("essais") + 1):
        raise Manques([PERIME])
    essaye = Code.objects.get(pk=code)
    chiffres = "".join(c for c in saisi if c in "0123456789")
    if not hmac.compare_digest(essaye.empreinte, _empreinte(jeton, chiffres)):
        reste = ESSAIS - essaye.essais
        if reste <= 0:
            raise Manques(["Cinq essais faux : ce code est annulé, demandez-en un nouveau."])
        raise Manques(
            [f"Ce code est faux : il vous reste {reste} essai{'s' if reste > 1 else ''}."]
        )
    # Used by a parallel request?
    if not Code.objects.filter(pk=code, utilise_le=None).update(utilise_le=horloge.maintenant()):
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


def _demandes(request, jeton):
    """Primary keys of the codes that this browser asked for on this link, oldest first."""
    return request.session.get(CLE_DEMANDES, {}).get(str(jeton.pk), [])


def _demander(request, jeton):
    """Send a code, which this browser alone may use: a code read over a shoulder opens nothing."""
    demandes = _demandes(request, jeton)
    code = envoyer(jeton, demandes)
    toutes = request.session.get(CLE_DEMANDES, {})
    request.session[CLE_DEMANDES] = {
        **toutes,
        str(jeton.pk): [*demandes[-ENVOIS_PAR_HEURE:], code.pk],
    }


def servir(request, jeton):
    """Answer the two POSTs of the confirmation itself, or None when the POST is something else."""
    action = request.POST.get("action") if request.method == "POST" else None
    if action not in ("recevoir-code", "confirmer-code"):
        return None
    try:
        if action == "recevoir-code":
            _demander(request, jeton)
            phrase = "Un code à six chiffres vient de partir par courriel."
            messages.success(request, phrase, extra_tags=A_COTE)
        else:
            demandes = _demandes(request, jeton)
            dernier = demandes[-1] if demandes else None
            verifier(jeton, dernier, request.POST.get("code", "")[:20])
            _retenir(request, jeton)
            messages.success(request, "C'est bien vous : vous pouvez agir.")
            return redirect(request.path)
    except Manques as erreur:
        for phrase in erreur.phrases:
            messages.error(request, phrase, extra_tags=A_COTE)
    return redirect(f"{request.path}#code")
