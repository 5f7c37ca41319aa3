"""Sorting the same way in both databases: what is not known comes last, in either direction.

SQLite takes NULL for the smallest value, PostgreSQL for the largest.
"""

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F


def vides_en_dernier(modele, *tris):
    """Return `tris` (« nom », « -structure__nom ») for `order_by`, the unknown values last.

    A column that always holds a value keeps its plain form, which its index serves both ways.
    """
    return [_trier(tri) if peut_manquer(modele, tri) else tri for tri in tris]


def peut_manquer(modele, tri):
    """Say whether the value sorted may be NULL; an annotation may always be."""
    for nom in tri.lstrip("-").split("__"):
        if nom == "pk":
            return False
        try:
            champ = modele._meta.get_field(nom)
        except FieldDoesNotExist:
            return True
        if champ.null:
            return True
        modele = champ.related_model or modele
    return False


def _trier(tri):
    colonne = F(tri.lstrip("-"))
    return colonne.desc(nulls_last=True) if tri[0] == "-" else colonne.asc(nulls_last=True)
