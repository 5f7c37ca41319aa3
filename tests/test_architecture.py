"""The house rules that a machine can read: layers, stage order, state writers, sizes."""

import ast
from pathlib import Path

import pytest

from accompagnements import ETAPES

pytestmark = pytest.mark.une_base

RACINE = Path(__file__).resolve().parent.parent
COUCHES = ("dla_portal", "prestataires", "accompagnements", "pilotage")
COMPOSITION = {RACINE / "dla_portal" / "settings.py", RACINE / "dla_portal" / "urls.py"}
LIGNES_MAX, FONCTION_MAX, GABARIT_MAX = 400, 40, 200
RACINE_PERMISE = {
    "manage.py",
    "pyproject.toml",
    "README.md",
    "Makefile",
    "dla_portal",
    "prestataires",
    "accompagnements",
    "pilotage",
    "templates",
    "static",
    "tests",
    "docs",
}


def _modules():
    for couche in COUCHES:
        for chemin in sorted((RACINE / couche).rglob("*.py")):
            if "migrations" not in chemin.parts and "node_modules" not in chemin.parts:
                yield chemin


MODULES = list(_modules())


def _tous(garder=lambda parties: True):
    """Parametrize over the modules whose path (as parts) is kept."""
    gardes = [c for c in MODULES if garder(c.relative_to(RACINE).parts)]
    return pytest.mark.parametrize(
        "chemin", gardes, ids=[str(c.relative_to(RACINE)) for c in gardes]
    )


def _d_une_etape(parties):
    return parties[0] == "accompagnements" and parties[1] in ETAPES


def _du_domaine(parties):
    """The socle keeps the clock, and sessions follow real time."""
    return parties[:2] not in {("dla_portal", "socle"), ("dla_portal", "comptes")}


def _imports(chemin):
    """Yield every dotted module name imported anywhere in a file, functions included."""
    for noeud in ast.walk(ast.parse(chemin.read_text())):
        if isinstance(noeud, ast.Import):
            yield from (alias.name for alias in noeud.names)
        elif isinstance(noeud, ast.ImportFrom) and noeud.module:
            yield noeud.module
            yield from (f"{noeud.module}.{alias.name}" for alias in noeud.names)


def test_le_code_est_bien_la():
    assert len(MODULES) > 100


@_tous(lambda parties: RACINE.joinpath(*parties) not in COMPOSITION)
def test_une_couche_n_importe_que_vers_le_bas(chemin):
    rang = COUCHES.index(chemin.relative_to(RACINE).parts[0])
    interdites = COUCHES[rang + 1 :]
    fautes = [nom for nom in _imports(chemin) if nom.split(".")[0] in interdites]
    assert not fautes


@_tous(_d_une_etape)
def test_une_etape_n_importe_que_les_precedentes(chemin):
    parties = chemin.relative_to(RACINE).parts
    suivantes = ETAPES[ETAPES.index(parties[1]) + 1 :]
    fautes = [
        nom
        for nom in _imports(chemin)
        if nom.startswith("accompagnements.") and nom.split(".")[1] in suivantes
    ]
    assert not fautes


@_tous(lambda parties: parties != ("dla_portal", "socle", "etats.py"))
def test_seul_le_moteur_ecrit_un_etat(chemin):
    fautes = []
    for noeud in ast.walk(ast.parse(chemin.read_text())):
        cibles = getattr(noeud, "targets", None) or [getattr(noeud, "target", None)]
        if isinstance(noeud, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            fautes += [
                c.lineno for c in cibles if isinstance(c, ast.Attribute) and c.attr == "etat"
            ]
        if isinstance(noeud, ast.Call):
            nom = getattr(noeud.func, "attr", getattr(noeud.func, "id", ""))
            if nom in {"update", "create", "setattr"} and any(
                k.arg == "etat" for k in noeud.keywords
            ):
                fautes.append(noeud.lineno)
    assert not fautes


@_tous()
def test_les_fichiers_et_les_fonctions_restent_courts(chemin):
    source = chemin.read_text()
    assert len(source.splitlines()) <= LIGNES_MAX
    longues = [
        f"{noeud.name} ({noeud.end_lineno - noeud.lineno + 1} lignes)"
        for noeud in ast.walk(ast.parse(source))
        if isinstance(noeud, ast.FunctionDef) and noeud.end_lineno - noeud.lineno + 1 > FONCTION_MAX
    ]
    assert not longues


@_tous()
def test_tout_module_dit_ce_qu_il_est(chemin):
    source = chemin.read_text()
    assert not source.strip() or ast.get_docstring(ast.parse(source))


def test_les_gabarits_restent_courts():
    gabarits = list((RACINE / "templates").rglob("*.html"))
    assert gabarits
    longs = [str(g) for g in gabarits if len(g.read_text().splitlines()) > GABARIT_MAX]
    assert not longs


def test_pas_de_fourre_tout():
    fourre_tout = {"utils.py", "helpers.py", "services.py", "common.py", "misc.py"}
    assert not [chemin for chemin in MODULES if chemin.name in fourre_tout]


def test_le_sommet_ne_porte_que_ce_qui_est_convenu():
    suivis = {
        chemin.name
        for chemin in RACINE.iterdir()
        if not chemin.name.startswith(".") and not chemin.name.endswith(".lock")
    }
    assert suivis <= RACINE_PERMISE


@_tous(_du_domaine)
def test_l_horloge_est_unique(chemin):
    """Domain code reads `socle.horloge`, so that the past can be replayed."""
    arbre = ast.parse(chemin.read_text())
    fautes = [
        noeud.lineno
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Call)
        and isinstance(noeud.func, ast.Attribute)
        and (ast.unparse(noeud.func) in {"timezone.now", "date.today", "datetime.now"})
    ]
    assert not fautes
