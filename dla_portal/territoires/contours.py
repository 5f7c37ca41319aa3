"""Outlines of zones: read from a file, and whether a point is within one. No database here.

A geometry is that of a GeoJSON MultiPolygon: polygons, each a list of rings — the outline, then
its holes — each a list of [longitude, latitude] in degrees (WGS84). A point on a border is within.
"""

from dataclasses import dataclass

TOLERANCE = 1e-9  # degrees: a tenth of a millimetre
_CODES = ("code_qp", "code", "codgeo", "id")
_NOMS = ("lib_qp", "nom_qp", "nom", "label", "libelle")


def contient(geometrie, x, y):
    """Say whether a point (longitude, latitude) is within a geometry, its borders included."""
    return any(_dans_le_polygone(anneaux, x, y) for anneaux in geometrie)


def _dans_le_polygone(anneaux, x, y):
    bord, dedans = _place(anneaux[0], x, y)
    if bord:
        return True
    if not dedans:
        return False
    trous = [_place(anneau, x, y) for anneau in anneaux[1:]]
    return all(sur_le_bord or not dans_le_trou for sur_le_bord, dans_le_trou in trous)


def _place(anneau, x, y):
    """(on the ring, inside it): a half-line to the east crosses it an odd number of times."""
    dedans = False
    for (x1, y1, *_), (x2, y2, *_) in zip(anneau, [*anneau[1:], anneau[0]], strict=True):
        if _sur_le_segment(x, y, x1, y1, x2, y2):
            return True, False
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            dedans = not dedans
    return False, dedans


def _sur_le_segment(x, y, x1, y1, x2, y2):
    if not (
        min(x1, x2) - TOLERANCE <= x <= max(x1, x2) + TOLERANCE
        and min(y1, y2) - TOLERANCE <= y <= max(y1, y2) + TOLERANCE
    ):
        return False
    longueur = max(abs(x2 - x1), abs(y2 - y1), TOLERANCE)
    return abs((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) <= TOLERANCE * longueur


def rectangle(geometrie):
    """Return (west, south, east, north) of a geometry."""
    points = [point for anneaux in geometrie for point in anneaux[0]]
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


# --- The file -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Zone:
    """One outline of a file."""

    code: str
    nom: str
    geometrie: list


def lire(contenu, code="", nom=""):
    """Return (zones, refusals) of a parsed file: a GeoJSON FeatureCollection, or a list of zones
    {"code", "label", "g": polygons}. `code` and `nom` name the properties which hold them.

    Raises ValueError when the file is neither.
    """
    if isinstance(contenu, dict) and isinstance(contenu.get("features"), list):
        brutes = [_de_geojson(f, code, nom) for f in contenu["features"]]
    elif isinstance(contenu, dict) and isinstance(contenu.get("qpvs"), list):
        brutes = [(z.get("code"), z.get("label"), z.get("g")) for z in contenu["qpvs"]]
    else:
        raise ValueError("Le fichier n'est pas une collection GeoJSON.")
    zones, refus = [], []
    for rang, (cle, libelle, polygones) in enumerate(brutes, 1):
        faute = _faute(cle, polygones)
        if faute:
            refus.append(f"contour {rang} ({cle or 'sans code'}) : {faute}")
        else:
            zones.append(Zone(str(cle)[:20], str(libelle or cle)[:160], polygones))
    return zones, refus


def _de_geojson(entite, code, nom):
    entite = entite if isinstance(entite, dict) else {}
    dites = entite.get("properties") or {}
    geometrie = entite.get("geometry") or {}
    polygones = geometrie.get("coordinates")
    if geometrie.get("type") == "Polygon":
        polygones = [polygones]
    elif geometrie.get("type") != "MultiPolygon":
        polygones = None
    return _propriete(dites, code, _CODES), _propriete(dites, nom, _NOMS), polygones


def _propriete(dites, voulue, connues):
    minuscules = {str(cle).lower(): valeur for cle, valeur in dites.items()}
    noms = (voulue.lower(),) if voulue else connues
    return next((minuscules[n] for n in noms if minuscules.get(n) not in (None, "")), "")


def _faute(code, polygones):
    """Why an outline cannot be kept, in words; "" when it can."""
    if not code:
        return "aucun code"
    if not isinstance(polygones, list) or not polygones:
        return "ni polygone ni multipolygone"
    try:
        anneaux = [anneau for polygone in polygones for anneau in polygone]
        points = [(float(p[0]), float(p[1])) for anneau in anneaux for p in anneau]
        courts = any(len(anneau) < 3 for anneau in anneaux) or not all(polygones)
    except (TypeError, ValueError, IndexError, KeyError):
        return "coordonnées illisibles"
    if courts:
        return "moins de trois points"
    if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points):
        return "coordonnées hors des degrés : le fichier n'est pas en WGS84"
    return ""
