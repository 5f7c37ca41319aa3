"""Admin of the stage restitutions."""
