"""Importers of the chain; loading this module registers them."""

from accompagnements.structures.imports import ImportStructures

__all__ = ["ImportStructures"]
