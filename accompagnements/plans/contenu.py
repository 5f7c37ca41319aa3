"""What a version of a plan says, as plain JSON values: frozen, read by link, compared.

Keys are added, never renamed nor removed: older versions are read with `.get`.
"""

import hashlib
import json

from accompagnements.plans.models import Action

# What moves while the structure reads, and is no part of what it agrees to.
_HORS_ACCORD = ("soumis_le", "valide_le", "accord_de", "organe", "accord_note")
_AVANCEMENT = ("avancement", "resultat", "ingenierie")


def contenu_de(plan):
    """Return what the plan says today: goals, agreement, actions, contributions, reviews."""
    actions = plan.actions.select_related("thematique", "ingenierie", "partenaire")
    contributions = plan.contributions.select_related("partenaire")
    return {
        "objectifs": plan.objectifs,
        "engagements": plan.engagements,
        "modalites": plan.modalites,
        "revue_le": _iso(plan.revue_le),
        "soumis_le": _iso(plan.soumis_le),
        "valide_le": _iso(plan.valide_le),
        "accord_de": plan.accord_de,
        "organe": plan.organe,
        "accord_note": plan.accord_note,
        "actions": [_action(a) for a in actions.prefetch_related("financements__financeur")],
        "contributions": [_contribution(contribution) for contribution in contributions],
        "revues": [
            {
                "revue": revue.pk,
                "prevue_le": _iso(revue.prevue_le),
                "tenue_le": _iso(revue.tenue_le),
                "conclusions": revue.conclusions,
            }
            for revue in plan.revues.all()
        ],
    }


def empreinte(plan):
    """Return the fingerprint of what the structure agrees to: the same text, the same digest."""
    dit = {cle: v for cle, v in contenu_de(plan).items() if cle not in _HORS_ACCORD}
    dit["actions"] = [
        {cle: valeur for cle, valeur in action.items() if cle not in _AVANCEMENT}
        for action in dit["actions"]
    ]
    return hashlib.sha256(json.dumps(dit, sort_keys=True).encode()).hexdigest()


def _action(action: Action):
    return {
        "action": action.pk,
        "type": action.get_genre_display(),
        "nature": action.get_nature_display(),
        "intitule": action.intitule,
        "thematique": str(action.thematique or ""),
        "partenaire": str(action.partenaire or ""),
        "intervenant": action.intervenant,
        "debut": _iso(action.debut),
        "echeance": _iso(action.echeance),
        "jours": _nombre(action.jours_prevus),
        "montant_ttc": _nombre(action.montant_prevu),
        "financeurs": [
            {"financeur": str(part), "montant": _nombre(part.montant)}
            for part in action.financements.all()
        ],
        "resultat_attendu": action.resultat_attendu,
        "avancement": action.get_statut_display(),
        "resultat": action.resultat,
        "ingenierie": action.ingenierie.reference if action.ingenierie else "",
    }


def _contribution(contribution):
    return {
        "contribution": contribution.pk,
        "organisme": contribution.qui,
        "nature": contribution.get_nature_display(),
        "description": contribution.description,
        "quantite": _nombre(contribution.quantite),
        "unite": contribution.get_unite_display(),
        "valorisation": _nombre(contribution.valorisation),
        "methode": contribution.methode,
        "convention_le": _iso(contribution.convention_le),
    }


def _iso(date):
    return date.isoformat() if date else ""


def _nombre(valeur):
    """A number as JSON keeps it exactly; an unknown one and a nought are nothing to be said."""
    return f"{valeur:.2f}" if valeur else ""
