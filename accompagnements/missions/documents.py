"""PDFs of the mission: launch, attendance sheets, mid-term note, records of decision."""

from accompagnements import marques
from dla_portal.socle import documents

LIGNES = 12  # lines to sign that fit on one page with the head of the sheet
SECTIONS_DE_LA_NOTE = (
    "objectifs",
    "reunions",
    "travaux",
    "resultats",
    "difficultes",
    "ecarts",
    "risques",
    "suite",
)


def produire(gabarit, mission, **contexte):
    """Return the bytes of a document of a mission or of its restitution.

    Funders and mentions are those of the convention: its programme, its year.
    """
    convention = mission.convention
    financeurs, images = marques.de(convention)
    commun = {
        "mission": mission,
        "convention": convention,
        "reference": convention.reference,
        "ingenierie": convention.ingenierie,
        "operateur": convention.ingenierie.operateur,
        "prestataire": convention.prestataire,
        "structures": convention.ingenierie.structures(),
        "financeurs": financeurs,
        "noms_financeurs": ", ".join(financeur["nom"] for financeur in financeurs),
    }
    return documents.produire(f"accompagnements/{gabarit}.html", commun | contexte, images)


def lancement(mission):
    """Return the bytes of the record of the launch meeting."""
    corrections = list(mission.corrections_du_lancement())
    return produire("missions/pdf/lancement", mission, corrections=corrections)


def emargement(mission, journee=None):
    """Return the bytes of one attendance sheet: of an entry of the journal, or blank."""
    return produire("missions/pdf/emargement", mission, journee=journee, lignes=range(LIGNES))


def note(note):
    """Return the bytes of a mid-term note, section by section (domaine.md §6.8)."""
    sections = [(_titre(note, nom), getattr(note, nom)) for nom in SECTIONS_DE_LA_NOTE]
    return produire("missions/pdf/note", note.mission, note=note, sections=sections)


def _titre(note, nom):
    titre = note._meta.get_field(nom).verbose_name
    return titre[0].upper() + titre[1:]


def decision(alerte):
    """Return the bytes of the record of a decision on an alert."""
    return produire("missions/pdf/decision", alerte.mission, alerte=alerte)
