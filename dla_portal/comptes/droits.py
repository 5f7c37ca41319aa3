"""Rights that answer with a reason: a right is a function returning `OUI` or `Refus("…")`."""

from django.core.exceptions import PermissionDenied


class Oui:
    """The positive answer of a right."""

    motif = ""

    def __bool__(self):
        return True


OUI = Oui()


class Refus(PermissionDenied):
    """The negative answer of a right; raised by `exiger`, it becomes a 403 with its sentence."""

    def __init__(self, motif):
        super().__init__(motif)
        self.motif = motif

    def __bool__(self):
        return False


def exiger(reponse):
    """Raise the refusal when the right says no; return the answer otherwise."""
    if not reponse:
        raise (
            reponse
            if isinstance(reponse, Refus)
            else Refus("Cette action ne vous est pas ouverte.")
        )
    return reponse


def repondre(condition, motif):
    """Turn a condition into the answer of a right."""
    return OUI if condition else Refus(motif)


def a_role(utilisateur, *codes):
    """Answer whether the current rattachement of the user holds one of these roles."""
    return repondre(
        utilisateur is not None and utilisateur.is_active and utilisateur.role in codes,
        "Votre rôle ne permet pas cette action.",
    )
