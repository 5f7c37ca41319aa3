"""Why a parcours is complex or not (domaine I-30): each action, whether it counts, and why."""

from accompagnements.plans.etats import StatutAction, TypeAction

DEFINITION = (
    "Un parcours est complexe quand il combine plus d'une action, hors actions menées par la "
    "structure elle-même."
)
_RAISONS = {
    TypeAction.ING_IND: "prestation d'ingénierie",
    TypeAction.ING_COL: "prestation d'ingénierie",
    TypeAction.ING_MIX: "prestation d'ingénierie",
    TypeAction.EXP_INT: "expertise interne du DLA",
    TypeAction.OFFRE_PART: "offre d'un partenaire",
}


def expliquer(actions):
    """Return the verdict over actions and, for each, (action, whether it counts, why)."""
    lignes = [(action, *_juger(action)) for action in actions]
    comptees = sum(compte for _, compte, _ in lignes)
    if comptees == 0:
        phrase = "Aucune action ne compte encore."
    else:
        s = "s" if comptees > 1 else ""
        phrase = f"{comptees} action{s} compte{'nt' if comptees > 1 else ''}."
    return {
        "complexe": comptees > 1,
        "comptees": comptees,
        "phrase": phrase,
        "definition": DEFINITION,
        "lignes": lignes,
    }


def _juger(action):
    if action.statut == StatutAction.ABANDONNEE:
        return False, "abandonnée"
    if action.genre == TypeAction.ACT_STRUCT:
        return False, "menée par la structure elle-même"
    return True, _RAISONS[action.genre]
