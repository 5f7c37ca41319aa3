"""PDFs of a séance: the relevé of the avis, the attendance sheet."""

from django.utils import timezone

from accompagnements import marques
from accompagnements.comites import lecture
from accompagnements.comites.etats import EtatPassage
from dla_portal.socle import documents

LIGNES_LIBRES = 6  # for those who come without being convened


def _produire(gabarit, seance, **contexte):
    le = timezone.localdate(seance.quand)
    financeurs, images = marques.de_l_operateur(seance.operateur, le)
    return documents.produire(
        f"accompagnements/comites/pdf/{gabarit}.html",
        {
            "seance": seance,
            "operateur": seance.operateur,
            "convocations": lecture.membres(seance),
            "financeurs": financeurs,
            "noms_financeurs": ", ".join(financeur["nom"] for financeur in financeurs),
            **contexte,
        },
        images,
    )


def releve(seance):
    """Return the bytes of the relevé: who sat, each avis, what the operator decided.

    It tells no avis of a member by name: the comité speaks as one, the reserves are in its avis.
    """
    passages = seance.passages.exclude(etat=EtatPassage.RETIRE)
    passages = passages.select_related("accompagnement__structure__commune")
    return _produire("releve", seance, passages=passages.prefetch_related("deports__membre"))


def emargement(seance):
    """Return the bytes of the attendance sheet, a line per member convened and some blank ones."""
    return _produire("emargement", seance, lignes=range(LIGNES_LIBRES))
