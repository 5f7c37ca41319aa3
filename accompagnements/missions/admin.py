"""Admin of the stage missions."""
