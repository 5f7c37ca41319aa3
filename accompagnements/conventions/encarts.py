"""Slots of the page of a convention: later stages register what they know of it.

A registered function takes (convention, utilisateur) and returns None or a dictionary with
`gabarit` (template of the section) and what this template shows.
"""

ENCARTS = []


def inscrire(fonction):
    """Register a filler; called from `AppConfig.ready()`."""
    if fonction not in ENCARTS:
        ENCARTS.append(fonction)


def pour(convention, utilisateur):
    """Return the slots filled for this user."""
    encarts = (fonction(convention, utilisateur) for fonction in ENCARTS)
    return [encart for encart in encarts if encart]
