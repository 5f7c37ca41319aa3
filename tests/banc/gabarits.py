"""An undefined variable in one of our templates fails the test.

Django shows nothing in its place, which hides a misspelt name. Strict in `{{ x }}`, in the
arguments of tags and in `{% for y in x %}`. What may be absent is written `{{ x|default:"" }}`
or tested by `{% if x %}`. Templates of installed packages are left as they are.
"""

import pytest
from django.template import base, defaulttags
from django.template.defaultfilters import default

_Expression = base.FilterExpression
_RELEVE = []  # also fails a test whose code, or the server's thread, swallowed the exception


class VariableIndefinie(AssertionError):
    """A template reads a variable that its view does not give."""


class ExpressionStricte(_Expression):
    """A template expression that knows its file and refuses a missing variable."""

    __slots__ = ("boucle", "origine", "stricte")

    def __init__(self, token, parser):
        super().__init__(token, parser)
        self.origine = getattr(parser.origin, "name", None) or "gabarit sans nom"
        self.stricte = (
            self.is_var
            and "site-packages" not in self.origine
            and not (self.filters and self.filters[0][0] is default)
        )
        self.boucle = False

    def resolve(self, context, ignore_failures=False):
        if not self.stricte or (ignore_failures and not self.boucle):
            return super().resolve(context, ignore_failures)
        try:
            valeur = self.var.resolve(context)
        except base.VariableDoesNotExist as absente:
            message = f"variable indéfinie « {self.token} » dans {self.origine}"
            _RELEVE.append(message)
            raise VariableIndefinie(message) from absente
        filtres = object.__new__(_Expression)  # the value is known: only the filters remain
        filtres.var, filtres.is_var, filtres.filters = valeur, False, self.filters
        return filtres.resolve(context)


def pytest_configure():
    """Make every template compiled from now on strict."""
    base.FilterExpression = ExpressionStricte
    construire = defaulttags.ForNode.__init__

    def boucle_stricte(noeud, loopvars, sequence, *args, **options):
        construire(noeud, loopvars, sequence, *args, **options)
        if isinstance(sequence, ExpressionStricte):
            sequence.boucle = True

    defaulttags.ForNode.__init__ = boucle_stricte


@pytest.fixture(autouse=True)
def gabarits_stricts():
    """Fail the test that met an undefined variable, even if its code went on."""
    _RELEVE.clear()
    yield
    assert not _RELEVE, "\n".join(_RELEVE)


@pytest.fixture
def variables_indefinies():
    """The undefined variables met so far; a test that expects some empties the list."""
    return _RELEVE
