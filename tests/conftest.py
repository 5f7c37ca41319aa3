"""Fixtures of the whole suite; those of the bench (browser, network…) are in `banc/`."""

from hypothesis import settings as hypotheses

pytest_plugins = ["tests.banc.reseau", "tests.banc.gabarits", "tests.banc.navigateur"]

# The same examples at each run: a failure is then a change of the code.
hypotheses.register_profile("banc", deadline=None, derandomize=True, database=None)
hypotheses.load_profile("banc")
