"""The demonstration: each layer registers its part, the command plays them in order.

Everything is invented except the territories; dates are relative to today; the dossiers are made
by replaying the real transitions under `horloge.voyage`, never by writing states.
"""

import random
from dataclasses import dataclass, field

from django.db.models import F

from dla_portal.socle import horloge
from dla_portal.socle.courriels import Courriel

GRAINE = 20220223
MOT_DE_PASSE = "demonstration-dla"
PARTIES = []


@dataclass
class Scene:
    """What the parts hand over to each other: the same random source, and named objects."""

    alea: random.Random = field(default_factory=lambda: random.Random(GRAINE))
    mot_de_passe: str = ""  # hashed once, shared by all accounts
    taille: float = 1.0  # 1 = the full story; tests play a smaller one
    region: object = None
    operateurs: list = field(default_factory=list)
    equipes: dict = field(default_factory=dict)  # operator pk → {role: [users]}
    membres: list = field(default_factory=list)
    c2ra: object = None
    administrateur: object = None
    prestataires: list = field(default_factory=list)


def partie(rang, titre):
    """Decorator: register `jouer(scene)` as one part of the demonstration."""

    def inscrire(jouer):
        PARTIES.append((rang, titre, jouer))
        PARTIES.sort(key=lambda p: p[0])
        return jouer

    return inscrire


def jouer(taille=1.0, dire=lambda phrase: None):
    """Play all parts in order and return the scene."""
    scene = Scene(taille=taille)
    for _rang, titre, jouer_partie in PARTIES:
        dire(titre)
        jouer_partie(scene)
    _envoyer_les_courriels()
    return scene


def _envoyer_les_courriels():
    """The mails of the past have left: in the demonstration they are read on a page."""
    Courriel.objects.filter(envoye_le=None, cree_le__lt=horloge.maintenant()).update(
        envoye_le=F("cree_le"), essais=1
    )
