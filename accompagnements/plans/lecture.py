"""A version of a plan in French words: dates, amounts and labels as they are read.

It reads JSON values (see `contenu`), those of the current version as those of a version frozen
years ago, in which the newer keys are missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from dla_portal.socle.templatetags.portail import date_courte, euros, jours, nombre


def _texte(valeur):
    return str(valeur or "")


def _jour(valeur):
    try:
        return date_courte(date.fromisoformat(valeur)) if valeur else ""
    except ValueError:
        return str(valeur)


def decimal_de(valeur):
    """Return the Decimal of a frozen number, None when it says nothing."""
    try:
        return Decimal(str(valeur)) if valeur not in (None, "") else None
    except InvalidOperation:
        return None


def _jours(valeur):
    connus = decimal_de(valeur)
    return jours(connus) if connus is not None else _texte(valeur)


def _euros(valeur):
    connu = decimal_de(valeur)
    return euros(connu) if connu is not None else _texte(valeur)


def _financeurs(parts):
    return "\n".join(f"{p['financeur']} : {_euros(p['montant'])}" for p in parts or [])


@dataclass(frozen=True)
class Champ:
    """One thing that a version says. `long`: a text compared word by word."""

    cle: str
    libelle: str
    ecrire: Callable = _texte
    long: bool = False


TEXTES = (
    Champ("objectifs", "Objectifs et indicateurs de réussite", long=True),
    Champ("engagements", "Engagements de la structure", long=True),
    Champ("modalites", "Modalités de suivi et d'actualisation", long=True),
)
ACCORD = (
    Champ("valide_le", "Accord de la structure", _jour),
    Champ("accord_de", "Donné par"),
    Champ("organe", "Instance"),
    Champ("accord_note", "Commentaire de la structure"),
    Champ("revue_le", "Prochaine revue", _jour),
)
ACTION = (
    Champ("intitule", "Intitulé"),
    Champ("type", "Type d'action"),
    Champ("nature", "Nature"),
    Champ("thematique", "Thématique"),
    Champ("partenaire", "Partenaire"),
    Champ("intervenant", "Intervenant pressenti"),
    Champ("debut", "Début prévu", _jour),
    Champ("echeance", "Échéance", _jour),
    Champ("jours", "Jours prévus", _jours),
    Champ("montant_ttc", "Coût prévu TTC", _euros),
    Champ("financeurs", "Financeurs prévus", _financeurs),
    Champ("resultat_attendu", "Résultat attendu", long=True),
    Champ("avancement", "Avancement"),
    Champ("resultat", "Résultat obtenu", long=True),
    Champ("ingenierie", "Ingénierie"),
)
CONTRIBUTION = (
    Champ("organisme", "Partenaire"),
    Champ("nature", "Nature"),
    Champ("description", "Ce qui est apporté", long=True),
    Champ("quantite", "Quantité"),
    Champ("valorisation", "Valorisation", _euros),
    Champ("methode", "Mode de calcul"),
    Champ("convention_le", "Convention signée le", _jour),
)
REVUE = (
    Champ("prevue_le", "Prévue le", _jour),
    Champ("tenue_le", "Tenue le", _jour),
    Champ("conclusions", "Conclusions", long=True),
)


def dire(champ, ligne):
    """Return what a line (of a version, of an action…) says of a field; empty: nothing."""
    if champ.cle == "quantite":
        connue = decimal_de(ligne.get("quantite"))
        if connue is None:
            return ""
        return f"{nombre(connue, 0 if connue == int(connue) else 2)} {ligne.get('unite', '')}"
    return champ.ecrire(ligne.get(champ.cle))


def dites(champs, ligne, sauf=()):
    """Return [(label, value)] of what a line says."""
    lus = [(champ.libelle, dire(champ, ligne)) for champ in champs if champ.cle not in sauf]
    return [(libelle, valeur) for libelle, valeur in lus if valeur]


def somme(lignes, cle):
    """Return the sum of what is known of a number over lines, None when nothing is."""
    connus = [decimal_de(ligne.get(cle)) for ligne in lignes]
    connus = [valeur for valeur in connus if valeur is not None]
    return sum(connus) if connus else None


def _tus(ligne):
    """The title is said above; that an action is still to come goes without saying."""
    return ("intitule", "avancement") if ligne.get("avancement") == "Prévue" else ("intitule",)


def lire(contenu):
    """Return what a version says, for the pages which show it whole."""
    actions, contributions = contenu.get("actions", []), contenu.get("contributions", [])
    return {
        "textes": dites(TEXTES, contenu),
        "actions": [
            {"titre": ligne.get("intitule", ""), "champs": dites(ACTION, ligne, _tus(ligne))}
            for ligne in actions
        ],
        "contributions": [
            {
                "titre": ligne.get("organisme", ""),
                "champs": dites(CONTRIBUTION, ligne, ("organisme",)),
            }
            for ligne in contributions
        ],
        "revues": [
            {
                "titre": f"Revue prévue le {_jour(ligne.get('prevue_le'))}",
                "champs": dites(REVUE[1:], ligne),
            }
            for ligne in contenu.get("revues", [])
        ],
        "total_jours": somme(actions, "jours"),
        "total_montant": somme(actions, "montant_ttc"),
        "total_valorise": somme(contributions, "valorisation"),
    }
