"""Admin of the stage structures."""
