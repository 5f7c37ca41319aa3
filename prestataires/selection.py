"""Whom to ask: referenced prestataires ranked by theme, sectors and departments."""

from prestataires.models import Prestataire

# Points of each match; the theme weighs most, then the place, then the sector.
THEME, TERRITOIRE, SECTEUR = 4, 3, 2


def proposer(thematique, secteurs, departements):
    """Return [(prestataire, points, reasons)], best first, in four queries.

    `thematique` is a Terme or None; `secteurs` are pks of Terme; `departements` are codes.
    """
    attendus, lieux = set(secteurs), set(departements)
    lignes = Prestataire.objects.sollicitables().prefetch_related(
        "competences", "secteurs", "departements"
    )
    classement = [
        (prestataire, *_apprecier(prestataire, thematique, attendus, lieux))
        for prestataire in lignes
    ]
    return sorted(classement, key=lambda ligne: (-ligne[1], ligne[0].nom_normalise))


def _apprecier(prestataire, thematique, secteurs, departements):
    """Return (points, reasons) of one prestataire."""
    points, raisons = 0, []
    if thematique and thematique in prestataire.competences.all():
        points += THEME
        raisons.append(f"Compétence : {thematique}")
    couverts = [d for d in prestataire.departements.all() if d.pk in departements]
    if couverts and len(couverts) == len(departements):
        points += TERRITOIRE
        raisons.append(f"Intervient dans : {', '.join(d.nom for d in couverts)}")
    connus = [s for s in prestataire.secteurs.all() if s.pk in secteurs]
    if connus:
        points += SECTEUR
        raisons.append(f"Connaît le secteur : {', '.join(map(str, connus))}")
    return points, raisons or ["Aucune des trois facettes ne correspond"]
