"""Search that ignores accents, ligatures, case, hyphens and punctuation, and forgives typing slips.

SQLite's LIKE knows nothing of accents and PostgreSQL's unaccent() cannot be indexed as such: the
models searched most keep a normalised column filled here, `Normalise` folds the others on the
fly. Slips are forgiven by trigrams: those of PostgreSQL (pg_trgm), or the same count in Python.
"""

import logging
import re
import unicodedata

from django.db import DatabaseError, connection, transaction
from django.db.backends.signals import connection_created
from django.db.models import CharField, Field, FloatField, Func, Lookup, Q
from django.db.models.lookups import Contains

journal = logging.getLogger(__name__)

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": " ", "'": " "})
_SEPARATEURS = re.compile(r"[^a-z0-9]+")
# In both cases: in a database of the C locale, lower() leaves accented capitals as they are.
_ACCENTS = (
    "àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸ",
    "aaaaaaceeeeiiiinooooouuuuyy" * 2,
)
_LIES = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"}
SEUIL = (
    0.4  # the share of common trigrams from which a word is recognised: a slip, two if it is long
)
MOT_MIN = 4  # letters under which a word is taken as typed
REFERENCE_MAX = 40  # letters and digits; longer is not a reference


def normaliser(texte):
    """Return the text folded to lower case ASCII words separated by one space."""
    plie = unicodedata.normalize("NFKD", (texte or "").lower().translate(_LIGATURES))
    sans_accents = "".join(c for c in plie if not unicodedata.combining(c))
    return _SEPARATEURS.sub(" ", sans_accents).strip()


def compacter(texte):
    """Return the letters and digits of a text alone: a SIRET or a reference however it is typed."""
    return normaliser(texte).replace(" ", "")


class Normalise(Func):
    """The column folded as `normaliser` does, for those which keep no normalised twin."""

    function = "portail_normaliser"
    output_field = CharField()

    def as_postgresql(self, compiler, connection, **contexte):
        lies = "lower(%(expressions)s)"
        for lettre, lettres in _LIES.items():
            lies = f"replace({lies}, '{lettre}', '{lettres}')"
        plie = f"translate({lies}, '{_ACCENTS[0]}', '{_ACCENTS[1]}')"
        gabarit = f"trim(regexp_replace({plie}, '[^a-z0-9]+', ' ', 'g'))"
        return self.as_sql(compiler, connection, template=gabarit, **contexte)


class Similarite(Func):
    """How much of a word (first argument) is found in a text (second), from 0 to 1."""

    function = "word_similarity"
    output_field = FloatField()


@Field.register_lookup
class Ressemble(Lookup):
    """`champ__ressemble="mot"`: the word, but for a slip or two, stands in the column."""

    lookup_name = "ressemble"

    def as_sql(self, compiler, connection):
        texte, valeurs = self.process_lhs(compiler, connection)
        mot, mots = self.process_rhs(compiler, connection)
        return f"word_similarity({mot}, {texte}) >= {SEUIL}", (*mots, *valeurs)

    def as_postgresql(self, compiler, connection):
        texte, valeurs = self.process_lhs(compiler, connection)
        mot, mots = self.process_rhs(compiler, connection)
        return f"{texte} %%> {mot}", (*valeurs, *mots)  # the operator that an index serves


def _trigrammes(texte):
    bordes = [f"  {mot} " for mot in texte.split(" ")]
    return {borde[i : i + 3] for borde in bordes for i in range(len(borde) - 2)}


def similarite(mot, texte):
    """Return the share of the trigrams of a word found in the closest word of a text."""
    if not mot or not texte:
        return 0.0
    cherches = _trigrammes(mot)
    trouves = [cherches & _trigrammes(autre) for autre in texte.split(" ")]
    if " " in mot:
        return len(set().union(*trouves)) / len(cherches)
    return max(map(len, trouves)) / len(cherches)


def _outiller_sqlite(*, connection, **_):
    """Give SQLite the functions that PostgreSQL has."""
    if connection.vendor == "sqlite":
        for nom, rang, fonction in (
            ("portail_normaliser", 1, normaliser),
            ("word_similarity", 2, similarite),
        ):
            connection.connection.create_function(nom, rang, fonction, deterministic=True)


connection_created.connect(_outiller_sqlite, dispatch_uid="recherche")


def tolerante():
    """Say whether the database compares trigrams: always SQLite, PostgreSQL with pg_trgm."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if curseur.fetchone() is None:
            return False
        curseur.execute(f"SET pg_trgm.word_similarity_threshold = {SEUIL}")
    return True


def indexer(champs):
    """Index the searched columns by trigrams, where PostgreSQL lets us; searches are only slower
    and less forgiving elsewhere. `champs` are (model, field name) pairs. Safe to call again.
    """
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for modele, champ in champs:
                table, colonne = modele._meta.db_table, modele._meta.get_field(champ).column
                curseur.execute(
                    f'CREATE INDEX IF NOT EXISTS "{table}_{colonne}_trgm" ON "{table}" '
                    f'USING gin ("{colonne}" gin_trgm_ops)'
                )
    except DatabaseError as erreur:
        journal.warning("Recherche sans trigrammes : %s", erreur)


def _contient(champ, mot, approche):
    """Return the Q of a word in a normalised field: its name, or an expression."""
    large = approche and len(mot) >= MOT_MIN
    if isinstance(champ, str):
        condition = Q(**{f"{champ}__contains": mot})
        return condition | Q(**{f"{champ}__ressemble": mot}) if large else condition
    condition = Q(Contains(champ, mot))
    return condition | Q(Ressemble(champ, mot)) if large else condition


def q_mots_parmi(champs, texte, *, approche=False):
    """Return a Q requiring each word of the text in one of the normalised fields.

    Nothing is found by a text without letter nor digit. `approche` forgives typing slips.
    """
    mots = normaliser(texte).split()
    condition = Q() if mots else Q(pk__in=[])
    for mot in mots:
        ici = Q()
        for champ in champs:
            ici |= _contient(champ, mot, approche)
        condition &= ici
    return condition


def q_mots(champ, texte, *, approche=False):
    """Return a Q requiring each word of the text somewhere in the normalised field."""
    return q_mots_parmi([champ], texte, approche=approche)


def motif_de_reference(texte):
    """Return the regular expression of the references meant by a text, or "" when none is.

    « DLA-13-2026-0042 » is found by « dla 13 2026 42 », « dla1320260042 » or « 2026-0042 ».
    """
    mots = normaliser(texte).split()
    if not any(c.isdigit() for c in texte) or not 2 < sum(map(len, mots)) <= REFERENCE_MAX:
        return ""
    *debut, fin = mots
    colles = "-?".join("".join(debut)) + "-?" if debut else ""
    zeros = "0*" if debut and fin.isdigit() else ""
    return colles + zeros + "-?".join(fin)


def q_reference(texte, champ="reference", *, entiere=False):
    """Return the Q of the rows whose reference is meant by a text; `entiere`: to its last digit."""
    motif = motif_de_reference(texte)
    if not motif:
        return Q(pk__in=[])
    return Q(**{f"{champ}__iregex": f"{motif}$" if entiere else motif})
