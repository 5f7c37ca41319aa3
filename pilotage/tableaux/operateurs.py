"""Operators of a territory side by side: what the sum of the operators is made of."""

from dla_portal.territoires.models import OperateurDLA
from pilotage.indicateurs import populations
from pilotage.indicateurs.registre import REGISTRE

# Code → heading of its column; the last one adds up to « somme des opérateurs ».
CODES = {
    "I-02": "Accueillies",
    "I-07": "Diagnostiquées",
    "I-10": "Bénéficiaires d'ingénierie",
    "I-09": "Accompagnées",
}


def tableau(perimetre, annee):
    """Return ([(operator, {code: Resultat in the scope narrowed to it})], {code: sum}).

    Lists the operators with at least one dossier counted in the year; a few queries each.
    """
    sources = (populations.accueils, populations.dossiers_engages, _diagnostiques)
    connus = set()
    for source in sources:
        connus.update(source(perimetre, annee).order_by().values_list("operateur", flat=True))
    lignes = []
    for operateur in OperateurDLA.objects.filter(pk__in=connus):
        etroit = perimetre.chez(operateur)
        chiffres = {code: REGISTRE[code].resultat(etroit, annee) for code in CODES}
        lignes.append((operateur, chiffres))
    sommes = {code: sum(c[code].valeur for _, c in lignes) for code in CODES}
    return lignes, sommes


def _diagnostiques(perimetre, annee):
    valides = populations.diagnostics(perimetre, annee).values("accompagnement")
    return populations.dossiers(perimetre).filter(pk__in=valides)
