"""The bench: settings, database, network and browser of the tests, and what they forbid."""
