"""Early warning: facts which call for help at once, and who can give it.

General knowledge of French insolvency law, to be confirmed by a professional in each case: the
page says so. Nothing here judges persons.
"""

from dataclasses import dataclass

TRIBUNAL = "Tribunal (judiciaire pour une association) : mandat ad hoc, conciliation, sauvegarde"
COMPTABLE = "Expert-comptable ou commissaire aux comptes"
PREVENTION = "Centre d'information sur la prévention des difficultés (CIP)"
BANQUE = "Banque, puis médiation du crédit ; France Active"
CREANCIERS = "URSSAF et service des impôts : délais de paiement (CCSF)"
RESEAU = "Tête de réseau, DLA régional"

AVERTISSEMENT = (
    "Une structure qui ne peut plus payer ses dettes exigibles avec l'argent dont elle dispose est "
    "en cessation des paiements : ses dirigeants doivent la déclarer au tribunal dans les 45 jours. "
    "Notez des faits, jamais une appréciation sur des personnes ; faites confirmer par un "
    "professionnel."
)


@dataclass(frozen=True)
class Signe:
    """A fact that can be checked, and towards whom to turn."""

    code: str
    libelle: str
    vers: str


SIGNES = [
    Signe("salaires", "Salaires versés en retard ou incomplets", f"{TRIBUNAL} ; {COMPTABLE}"),
    Signe("cotisations", "Cotisations ou impôts impayés à l'échéance", CREANCIERS),
    Signe("fournisseurs", "Fournisseurs ou loyers impayés, mises en demeure", PREVENTION),
    Signe("decouvert", "Découvert bancaire permanent ou rejets de paiement", BANQUE),
    Signe("tresorerie", "Moins d'un mois de dépenses en trésorerie", f"{BANQUE} ; {COMPTABLE}"),
    Signe("fonds_propres", "Fonds propres négatifs", f"{COMPTABLE} ; France Active"),
    Signe("pertes", "Deux exercices déficitaires de suite", f"{COMPTABLE} ; {RESEAU}"),
    Signe("financement", "Perte annoncée d'un financement majeur", RESEAU),
    Signe("comptes", "Comptes de la dernière année non arrêtés ou non approuvés", COMPTABLE),
    Signe("alerte", "Alerte du commissaire aux comptes, contrôle ou contentieux", TRIBUNAL),
    Signe("direction", "Poste de direction ou de comptabilité vacant", RESEAU),
    Signe("instances", "Instances qui ne se réunissent plus", RESEAU),
]
LIBELLES = {signe.code: signe.libelle for signe in SIGNES}


def releves(diagnostic):
    """The signs noted, in the order of the list."""
    return [signe for signe in SIGNES if signe.code in diagnostic.signes]
