"""Admin of the stage comites."""
