"""Search that ignores accents, ligatures, case, hyphens and punctuation.

SQLite's LIKE knows nothing of accents and PostgreSQL's unaccent() cannot be indexed as such, so
each searched model keeps a normalised column filled here.
"""

import re
import unicodedata

from django.db.models import Q

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": " ", "'": " "})
_SEPARATEURS = re.compile(r"[^a-z0-9]+")


def normaliser(texte):
    """Return the text folded to lower case ASCII words separated by one space."""
    plie = unicodedata.normalize("NFKD", (texte or "").lower().translate(_LIGATURES))
    sans_accents = "".join(c for c in plie if not unicodedata.combining(c))
    return _SEPARATEURS.sub(" ", sans_accents).strip()


def q_mots(champ, texte):
    """Return a Q requiring each word of the text somewhere in the normalised field."""
    condition = Q()
    for mot in normaliser(texte).split():
        condition &= Q(**{f"{champ}__contains": mot})
    return condition
