"""Importers of the chain; loading this module registers them."""

from accompagnements.parcours.imports import ImportAccompagnements
from accompagnements.structures.imports import ImportStructures

__all__ = ["ImportAccompagnements", "ImportStructures"]
