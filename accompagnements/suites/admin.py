"""Admin of the stage suites."""
