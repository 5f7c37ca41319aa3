"""News by mail: one digest a day at most by default, at once for who asks for it.

Each layer registers the kinds of news it knows (`inscrire`); `deposer` walks the people and puts
the mails in the outbox. A mail says how many and where to look: nothing of a dossier is in it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from dla_portal.comptes.abonnements import Annonce, PreferencesCourriel, Rythme
from dla_portal.comptes.models import Rattachement, Utilisateur
from dla_portal.socle import courriels, horloge
from dla_portal.socle.calendrier import ouvre

logger = logging.getLogger(__name__)
HEURE = 7  # the digest of the day is prepared from then on, Europe/Paris
LIGNES_MAX = 10  # of a kind of news in one mail; the others are counted
TYPES = []


@dataclass(frozen=True)
class Ligne:
    """One piece of news. `cle` tells it from the others; `texte` holds nothing confidential."""

    cle: str
    texte: str
    url: str


@dataclass(frozen=True)
class TypeDeCourriel:
    """A kind of news, for the roles that have it.

    `lire(utilisateur)` returns the Lignes that are true now. `rappelee`: the digest says it again
    each day as long as it is true; otherwise it is said once.
    """

    code: str
    libelle: str
    aide: str
    singulier: str  # « tâche en retard », after its number
    pluriel: str
    roles: frozenset
    lire: Callable
    rappelee: bool = False
    defaut: str = Rythme.QUOTIDIEN


def inscrire(*types):
    """Register kinds of news, in the order of the mail; called from `AppConfig.ready()`."""
    for nouveau in types:
        if nouveau.code not in {connu.code for connu in TYPES}:
            TYPES.append(nouveau)


def types_pour(codes_roles):
    """Return the kinds of news that one of these roles has."""
    return [t for t in TYPES if t.roles & set(codes_roles)]


def deposer(le, *, quotidiens=True):
    """Put the mails due on a date; return (how many, pks of those whose mail broke).

    Each person has her own transaction: one that breaks holds back no other.
    """
    deposes, pannes = 0, []
    for pk in _destinataires(le):
        try:
            deposes += _ecrire_a(pk, le, quotidiens)
        except Exception:
            logger.exception("Résumé en panne : compte %s", pk)
            pannes.append(pk)
    return deposes, pannes


def _destinataires(le):
    concernes = frozenset().union(*(t.roles for t in TYPES))
    rattaches = Rattachement.objects.en_cours(le).filter(role__in=concernes)
    actifs = Utilisateur.objects.filter(is_active=True, pk__in=rattaches.values("utilisateur"))
    return list(actifs.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _ecrire_a(pk, le, quotidiens):
    """Prepare the mail of one person; return whether there was something to say."""
    personne = Utilisateur.objects.get(pk=pk)
    PreferencesCourriel.objects.get_or_create(utilisateur=personne)
    # Two commands at once: the second waits here, then finds what the first has announced.
    preferences = PreferencesCourriel.objects.select_for_update().get(utilisateur=personne)
    resume_du = quotidiens and ouvre(le)
    resume_du = resume_du and (preferences.resume_le is None or preferences.resume_le < le)
    dus = {Rythme.QUOTIDIEN} if resume_du else set()
    if le == horloge.aujourdhui():  # another day played again tells no news
        dus.add(Rythme.IMMEDIAT)
    retenus = [t for t in types_pour(personne.roles_en_cours) if preferences.rythme(t) in dus]
    sections = []
    if retenus:
        sections = _sections(personne, preferences, _lire(personne, retenus, le))
    if resume_du:
        PreferencesCourriel.objects.filter(pk=preferences.pk).update(resume_le=le)
    if not sections:
        return False
    _deposer_a(personne, sections)
    return True


def _lire(personne, types, le):
    """Return [(kind, its Lignes)] as of a date, all the rattachements of the person together."""
    lues = {t.code: {} for t in types}
    instant = horloge.maintenant()
    if le != horloge.aujourdhui():
        instant = timezone.make_aware(datetime.combine(le, time(HEURE)))
    with horloge.voyage(instant):
        for rattachement in personne.rattachements_en_cours():
            titulaire = Utilisateur.objects.get(pk=personne.pk)
            titulaire.rattachement = rattachement
            for t in types_pour([rattachement.role]):
                if t.code in lues:
                    lues[t.code].update({ligne.cle: ligne for ligne in t.lire(titulaire)})
    return [(t, list(lues[t.code].values())) for t in types]


def _sections(personne, preferences, lues):
    """Return [(kind, Lignes to say)] and remember them; a Ligne is said once in a mail."""
    sections, dites = [], set()
    for t, lignes in lues:
        traces = Annonce.objects.filter(utilisateur=personne, type_de_courriel=t.code)
        # What is no more true may become true again: it will be news again.
        traces.exclude(cle__in=[ligne.cle for ligne in lignes]).delete()
        annoncees = set(traces.values_list("cle", flat=True))
        nouvelles = [ligne for ligne in lignes if ligne.cle not in annoncees]
        rappelee = t.rappelee and preferences.rythme(t) == Rythme.QUOTIDIEN
        a_dire = [li for li in (lignes if rappelee else nouvelles) if li.cle not in dites]
        dites |= {ligne.cle for ligne in a_dire}
        Annonce.objects.bulk_create(
            Annonce(utilisateur=personne, type_de_courriel=t.code, cle=ligne.cle)
            for ligne in nouvelles
        )
        if a_dire:
            sections.append((t, a_dire))
    return sections


def _deposer_a(personne, sections):
    comptes = [f"{len(li)} {t.pluriel if len(li) > 1 else t.singulier}" for t, li in sections]
    contexte = {
        "personne": personne,
        "sections": [
            {
                "titre": f"{compte[:1].upper()}{compte[1:]}",
                "lignes": lignes[:LIGNES_MAX],
                "reste": max(0, len(lignes) - LIGNES_MAX),
            }
            for compte, (_, lignes) in zip(comptes, sections, strict=True)
        ],
        "url_preferences": reverse("comptes:courriels"),
    }
    sujet = f"Portail DLA : {', '.join(comptes)}"
    return courriels.deposer(personne.email, sujet, "comptes/courriels/resume", contexte)
