"""Forms of the time and of the animation activities."""

from accompagnements.activites.forms.animations import (
    ActiviteForm,
    ActiviteModifierForm,
    PieceActiviteForm,
)
from accompagnements.activites.forms.semaine import FeuilleForm
from accompagnements.activites.forms.temps import TempsForm, TempsModifierForm

__all__ = [
    "ActiviteForm",
    "ActiviteModifierForm",
    "FeuilleForm",
    "PieceActiviteForm",
    "TempsForm",
    "TempsModifierForm",
]
