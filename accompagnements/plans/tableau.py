"""Rows and totals of a plan, for its page and its PDF. Amounts in euros TTC, days in days."""

from accompagnements.plans.regles import diagnostic_valide


def actions_de(plan):
    """The actions with what their rows show, in three queries whatever their number."""
    actions = plan.actions.select_related("thematique", "ingenierie", "partenaire")
    return list(actions.prefetch_related("financements__financeur"))


def diagnostic_de(plan):
    """The validated diagnostic which the plan follows from, or None."""
    return diagnostic_valide(plan.accompagnement)


def totaux(actions):
    """Return the days, the cost, what the financeurs bear by name, and what nobody bears yet.

    What is missing is counted over the actions whose funding is told, None while none is.
    """
    par_financeur, manque, dits = {}, 0, False
    for action in actions:
        parts = action.financements.all()
        for part in parts:
            par_financeur[str(part)] = par_financeur.get(str(part), 0) + part.montant
        if parts:
            dits = True
            manque += (action.montant_prevu or 0) - sum(part.montant for part in parts)
    return {
        "jours": _somme(action.jours_prevus for action in actions),
        "montant": _somme(action.montant_prevu for action in actions),
        "par_financeur": sorted(par_financeur.items(), key=lambda ligne: -ligne[1]),
        "manque": manque if dits and manque else None,
    }


def contributions_de(plan):
    """The contributions of partners with their total, kept apart from the cost of the actions."""
    lignes = list(plan.contributions.select_related("partenaire"))
    return {"lignes": lignes, "total": _somme(ligne.valorisation for ligne in lignes)}


def _somme(valeurs):
    connues = [valeur for valeur in valeurs if valeur is not None]
    return sum(connues) if connues else None
