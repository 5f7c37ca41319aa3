"""The published definitions, for the page and for docs/indicateurs.md."""

from pilotage.indicateurs.registre import REGISTRE


def en_markdown():
    """Return the whole document, one section per indicator."""
    lignes = [
        "# Indicateurs",
        "",
        "Généré par `manage.py documenter_indicateurs` depuis le registre ; un test compare.",
        "",
        "Règles communes : une structure compte une fois par année, opérateur et indicateur ; à "
        "l'échelle d'une région ou de la nation elle compte une fois, la somme des opérateurs étant "
        "donnée à côté ; le département est celui de la demande ou de l'accompagnement ; un "
        "dénominateur nul s'affiche « n.d. » ; les valeurs exactes sont gardées, les pourcentages "
        "et les euros s'affichent arrondis à l'unité, la moitié vers le haut.",
        "",
    ]
    for indicateur in REGISTRE.values():
        lignes += [
            f"## {indicateur.code} — {indicateur.libelle}",
            "",
            indicateur.definition,
            "",
            f"- Population : {indicateur.population}",
            f"- Période : {indicateur.periode}",
            f"- Unité : {indicateur.unite}",
            f"- Source : {indicateur.source}",
            "",
        ]
    return "\n".join(lignes)
