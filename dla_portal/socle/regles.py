"""What is missing, in sentences: the same for the greyed button, the form error and the test."""

from django.core.exceptions import ValidationError


class Manques(ValidationError):
    """Raised by a transition when its rules list something missing; `phrases` holds the list."""

    def __init__(self, phrases):
        self.phrases = list(phrases)
        super().__init__(self.phrases)


def exiger_aucun_manque(phrases):
    """Raise Manques when the list is not empty."""
    if phrases:
        raise Manques(phrases)


def exiger_ordre(*dates):
    """Return one sentence per pair of (label, date) out of order; None dates are passed over.

    `dates` are (label, date) pairs in the order in which they must happen.
    """
    phrases, precedent = [], None
    for libelle, date in dates:
        if date is None:
            continue
        if precedent and date < precedent[1]:
            phrases.append(
                f"{libelle} ({date:%d/%m/%Y}) ne peut précéder "
                f"{precedent[0]} ({precedent[1]:%d/%m/%Y})."
            )
        precedent = (libelle[0].lower() + libelle[1:], date)
    return phrases
