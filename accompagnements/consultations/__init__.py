"""Cahier des charges, 2–4 sollicitations, sealed deposits, grid, choice."""
