"""Slots of the page of a convention: later stages register what they know of it.

A registered function takes (convention, utilisateur) and returns None or a dictionary with
`gabarit` (template of the section) and what this template shows.
"""

ENCARTS = []
AVERTISSEMENTS = []  # functions of an avenant, each returning sentences which forbid nothing


def inscrire(fonction, avertir=None):
    """Register a filler, and what its stage says of an avenant; called from `AppConfig.ready()`."""
    if fonction not in ENCARTS:
        ENCARTS.append(fonction)
    if avertir is not None and avertir not in AVERTISSEMENTS:
        AVERTISSEMENTS.append(avertir)


def pour(convention, utilisateur):
    """Return the slots filled for this user."""
    encarts = (fonction(convention, utilisateur) for fonction in ENCARTS)
    return [encart for encart in encarts if encart]


def avertissements(avenant):
    """Return what whoever sends an avenant should know of it first, in sentences."""
    return [phrase for fonction in AVERTISSEMENTS for phrase in fonction(avenant)]
