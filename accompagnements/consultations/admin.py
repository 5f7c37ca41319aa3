"""Admin of the stage consultations."""
