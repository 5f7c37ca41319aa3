"""PDFs of the mission: the record of its launch meeting and its attendance sheets."""

from dla_portal.socle import documents

LIGNES = 12  # lines to sign that fit on one page with the head of the sheet
UNION = "Union européenne (FSE+)"


def _commun(mission):
    convention = mission.convention
    noms = convention.liste_financeurs
    financeurs = [{"nom": nom, "logo_url": "", "europe": _est_europe(nom)} for nom in noms]
    if convention.cofinancee_fse and not any(f["europe"] for f in financeurs):
        financeurs.insert(0, {"nom": UNION, "logo_url": "", "europe": True})
    return {
        "mission": mission,
        "convention": convention,
        "reference": convention.reference,
        "ingenierie": convention.ingenierie,
        "operateur": convention.ingenierie.operateur,
        "prestataire": convention.prestataire,
        "structures": convention.ingenierie.structures(),
        "financeurs": financeurs,
    }


def _est_europe(nom):
    return "FSE" in nom or "Europ" in nom


def lancement(mission):
    """Return the bytes of the record of the launch meeting."""
    return documents.produire("accompagnements/missions/pdf/lancement.html", _commun(mission))


def emargement(mission, journee=None):
    """Return the bytes of one attendance sheet: of an entry of the journal, or blank."""
    contexte = _commun(mission) | {"journee": journee, "lignes": range(LIGNES)}
    return documents.produire("accompagnements/missions/pdf/emargement.html", contexte)
