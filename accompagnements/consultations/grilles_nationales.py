"""The three grids every region may choose from, made after the migrations."""

from accompagnements.consultations.grilles import CritereType, GrilleType

# label → (the structure scores too, [(criterion, points, noted by the price)])
GRILLES = {
    "Six critères sur 100": (
        False,
        [
            ("Compréhension de la problématique", 20, False),
            ("Méthodologie et livrables", 20, False),
            ("Résultats attendus", 10, False),
            ("Profil et références des intervenants", 20, False),
            ("Durée et calendrier", 10, False),
            ("Budget", 20, True),
        ],
    ),
    "Pertinence et animation sur 100": (
        False,
        [
            ("Pertinence au regard du cahier des charges", 25, False),
            ("Méthodologie et respect du délai", 20, False),
            ("Expériences", 20, False),
            ("Connaissance du secteur", 15, False),
            ("Modalités d'intervention et techniques d'animation", 10, False),
            ("Budget", 10, True),
        ],
    ),
    "Grille de la structure sur 70": (
        True,
        [
            ("Compréhension de notre besoin", 10, False),
            ("Démarche proposée", 10, False),
            ("Place faite à l'équipe et aux bénévoles", 10, False),
            ("Connaissance de notre secteur", 10, False),
            ("Expérience des intervenants", 10, False),
            ("Calendrier et disponibilité", 10, False),
            ("Coût", 10, True),
        ],
    ),
}


def semer():
    """Create the national grids which are missing."""
    for libelle, (par_structure, lignes) in GRILLES.items():
        grille, nee = GrilleType.objects.get_or_create(
            region=None, libelle=libelle, defaults={"notee_par_structure": par_structure}
        )
        if nee:
            CritereType.objects.bulk_create(
                CritereType(grille=grille, rang=rang, libelle=nom, points=points, prix=prix)
                for rang, (nom, points, prix) in enumerate(lignes, 1)
            )
