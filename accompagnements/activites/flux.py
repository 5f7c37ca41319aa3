"""Subscriptions to an agenda: a secret address per rattachement and per view, revocable.

The address holds the token, which the database keeps hashed. Who it is, what she sees and whether
her rattachement still runs are asked again at each reading.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import transaction
from django.http import Http404
from django.urls import reverse

from accompagnements.activites import agenda
from dla_portal.comptes.models import Rattachement
from dla_portal.socle import horloge, jetons
from dla_portal.socle.agenda import en_ics
from dla_portal.socle.jetons import Jeton

VUES = {agenda.PERSONNEL: "Mon agenda", agenda.OPERATEUR: "Agenda de l'équipe"}
JOURS = 400  # an agenda program left alone for more than a year is no longer read by anybody
EN_ARRIERE, EN_AVANT = timedelta(days=60), timedelta(days=400)
DATES_MAX = 1000
LECTURES_PAR_HEURE = 60
HEURE = 3600  # seconds


def _usage(vue):
    return f"agenda:{vue}"


def ouverts(rattachement):
    """The living subscriptions of a rattachement, by view."""
    siens = Jeton.objects.filter(
        objet_type=ContentType.objects.get_for_model(Rattachement),
        objet_id=rattachement.pk,
        usage__in=[_usage(vue) for vue in VUES],
        revoque_le=None,
        expire_le__gt=horloge.maintenant(),
    )
    return {jeton.usage.partition(":")[2]: jeton for jeton in siens}


@transaction.atomic
def renouveler(utilisateur, vue):
    """Open a subscription, which ends the one before. Returns its address, told this once only."""
    # Two sendings at once leave one living address.
    rattachement = Rattachement.objects.select_for_update().get(pk=utilisateur.rattachement.pk)
    jetons.revoquer(rattachement, _usage(vue))
    brut = jetons.creer(_usage(vue), rattachement, utilisateur.email, JOURS)
    return f"{settings.SITE_URL}{reverse('accompagnements:agenda_flux', args=[brut])}"


def revoquer(utilisateur, vue):
    """End a subscription; return whether there was one."""
    return bool(jetons.revoquer(utilisateur.rattachement, _usage(vue)))


def ouvrir(brut):
    """Return (jeton, user in her rattachement, view) of an address; Http404 when it is dead."""
    jeton = jetons.lire(brut)
    prefixe, _, vue = jeton.usage.partition(":")
    if prefixe != "agenda" or vue not in VUES:
        raise Http404
    rattachement = (
        Rattachement.objects.en_cours()
        .select_related("utilisateur", "operateur", "region")
        .filter(pk=jeton.objet_id, utilisateur__is_active=True)
        .first()
    )
    if rattachement is None:
        raise Http404
    utilisateur = rattachement.utilisateur
    utilisateur.rattachement = rattachement
    if not agenda.a_un_agenda(utilisateur):
        raise Http404
    return jeton, utilisateur, vue


def admet(jeton):
    """Count a reading; say whether the address is not read too often."""
    heure = int(horloge.maintenant().timestamp()) // HEURE
    cle = f"agenda:{jeton.pk}:{heure}"
    lectures = cache.get(cle, 0) + 1
    cache.set(cle, lectures, timeout=HEURE)
    return lectures <= LECTURES_PAR_HEURE


def en_octets(utilisateur, vue):
    """The calendar as bytes: recent and coming dates of the view, DATES_MAX at most."""
    aujourdhui = horloge.aujourdhui()
    dates = agenda.dates(
        utilisateur,
        aujourdhui - EN_ARRIERE,
        aujourdhui + EN_AVANT,
        vue=vue,
        maximum=DATES_MAX,
    )
    return en_ics([une.rendez_vous for une in dates], nom=f"DLA · {VUES[vue]}")
