"""Kinds of action (domaine.md §3.5): advised by the diagnostic, carried out by the plan."""

from django.db import models


class TypeAction(models.TextChoices):
    """Kinds of action; the first three are paid engineering and carry an Ingenierie."""

    ING_IND = "ING_IND", "Ingénierie individuelle"
    ING_COL = "ING_COL", "Ingénierie collective"
    ING_MIX = "ING_MIX", "Ingénierie mixte"
    EXP_INT = "EXP_INT", "Expertise interne du DLA"
    OFFRE_PART = "OFFRE_PART", "Offre d'un partenaire"
    ACT_STRUCT = "ACT_STRUCT", "Action menée par la structure"
