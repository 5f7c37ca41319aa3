"""Documents of the accueil."""

from accompagnements import marques
from dla_portal.socle import documents


def lettre_de_refus(demande):
    """Return the PDF of the letter of refusal, as it left."""
    financeurs, images = marques.de_l_operateur(demande.operateur, demande.decidee_le)
    return documents.produire(
        "accompagnements/demandes/pdf/refus.html",
        {"demande": demande, "financeurs": financeurs},
        images,
    )
