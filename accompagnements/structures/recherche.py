"""Finding a structure: by its name or acronym, its numbers, its commune, the people in it."""

from django.db.models import Q

from dla_portal.socle.recherche import compacter, q_mots_parmi


def q_structure(texte, prefixe=""):
    """Return the Q of the structures meant by a text; `prefixe` leads to them (« structure__ »).

    Each word stands in the name, the acronym or the commune; or the text is the beginning of the
    SIRET or of the RNA, however it is spaced.
    """
    noms = [f"{prefixe}nom_normalise", f"{prefixe}commune__nom_normalise"]
    return q_mots_parmi(noms, texte) | q_numero(texte, prefixe)


def q_numero(texte, prefixe=""):
    """Return the Q of the structures whose SIRET or RNA begins by the text, spaces left out."""
    compact = compacter(texte)
    condition = Q(pk__in=[])
    if compact.isdigit():
        condition |= Q(**{f"{prefixe}siret__startswith": compact})
    if compact.startswith("w") and len(compact) > 1:
        condition |= Q(**{f"{prefixe}rna__istartswith": compact})
    return condition
