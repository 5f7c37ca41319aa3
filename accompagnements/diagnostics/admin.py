"""Admin of the stage diagnostics."""
