"""Reminders: each layer registers what it reminds of; the command walks the register.

A reminder is idempotent: it looks at what has already left before putting anything in the outbox.
"""

RELANCES = []


def relance(nom):
    """Decorator: register `fonction(le) -> int`, how many reminders were put for this date."""

    def inscrire(fonction):
        RELANCES.append((nom, fonction))
        return fonction

    return inscrire


def jouer(le):
    """Run every reminder for a date; return [(name, count)]."""
    return [(nom, fonction(le)) for nom, fonction in RELANCES]
