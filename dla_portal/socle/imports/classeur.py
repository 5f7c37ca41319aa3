"""Child process: print the first sheet with data of a workbook as JSON, cells as text.

Run alone, under limits set by its parent, because a crafted workbook may abort the process.
"""

import datetime
import json
import sys


def texte(valeur):
    """Return a cell as text: whole floats without decimals, dates in ISO."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, float):
        return str(int(valeur)) if valeur == int(valeur) and abs(valeur) < 1e16 else repr(valeur)
    if isinstance(valeur, datetime.datetime):
        return valeur.date().isoformat()
    if isinstance(valeur, datetime.date):
        return valeur.isoformat()
    return str(valeur)


def main(chemin):
    """Print [[line number, [cells]], …]."""
    from python_calamine import CalamineWorkbook

    livre = CalamineWorkbook.from_path(chemin)
    for rang in range(len(livre.sheet_names)):
        feuille = livre.get_sheet_by_index(rang)
        if not feuille.height:
            continue
        if feuille.height * feuille.width > 20_000_000:
            sys.exit(3)
        lignes = feuille.to_python(skip_empty_area=False)
        pleines = [
            [numero, [texte(cellule) for cellule in ligne]]
            for numero, ligne in enumerate(lignes, 1)
            if any(cellule not in ("", None) for cellule in ligne)
        ]
        if pleines:
            json.dump(pleines, sys.stdout)
            return
    json.dump([], sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
