"""Slots of the fiche: upper layers register what they know of a prestataire.

A registered function takes (prestataire, utilisateur) and returns None or a dictionary with
`titre`, `phrase`, `entetes`, `lignes` (rows of text) and `vide` (what to say without any row).
"""

ENCARTS = []


def inscrire(fonction):
    """Register a filler; called from `AppConfig.ready()` of an upper layer."""
    if fonction not in ENCARTS:
        ENCARTS.append(fonction)


def pour(prestataire, utilisateur):
    """Return the slots filled for this user."""
    encarts = (fonction(prestataire, utilisateur) for fonction in ENCARTS)
    return [encart for encart in encarts if encart]
