"""Admin of the stage conventions."""
