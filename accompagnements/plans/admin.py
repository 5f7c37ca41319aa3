"""Admin of the stage plans."""
