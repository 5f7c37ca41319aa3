"""A small year of two operators, loaded by the importer and counted by hand in the tests."""

import pytest

from dla_portal.socle.imports.moteur import importer
from pilotage.models import Objectif
from tests.accompagnements import fabrique
from tests.preuves.test_chaine import siret_d_essai

ENTETES = (
    "reference;siret;operateur;departement;date_demande;date_accueil;date_diagnostic;type_action;"
    "collectif;thematique;jours;montant_ht;montant_ttc;date_convention;date_restitution;satisfaction"
)
# Two operators, 13 and 83. Structures 1 to 6; the collective C1 gathers 2 and 3.
LIGNES = [
    "R1;{1};Op 13;13;01/02/2024;11/02/2024;11/04/2024;ING_IND;;projet;5;4000;5000;01/06/2024;01/10/2024;4",
    "R1;{1};Op 13;13;01/02/2024;11/02/2024;11/04/2024;EXP_INT;;;;;;;;",
    "R2;{2};Op 13;13;01/02/2024;21/02/2024;11/04/2024;ING_COL;C1;mutualisation;4;3000;3600;"
    "01/07/2024;01/11/2024;2",
    "R3;{3};Op 83;83;01/02/2024;02/03/2024;11/04/2024;ING_COL;C1;mutualisation;;;;;01/11/2024;3",
    "R4;{4};Op 83;83;01/03/2024;11/03/2024;;;;;;;;;;",
    "R5;{5};Op 13;13;01/11/2023;11/11/2023;15/01/2024;ACT_STRUCT;;;;;;;;",
    "R6;{6};Op 83;83;01/02/2023;11/02/2023;;;;;;;;;;",
    "R7;{1};Op 83;83;01/05/2024;11/05/2024;;;;;;;;;;",
]


@pytest.fixture
def annee(db, tmp_path):
    """The year 2024 of two departments of a region."""
    fabrique.un_departement("13", "Bouches-du-Rhône")
    fabrique.un_departement("83", "Var")
    sirets = {rang: siret_d_essai(rang) for rang in range(1, 7)}
    lignes = [
        ENTETES,
        *(ligne.format(*[""] + [sirets[r] for r in range(1, 7)]) for ligne in LIGNES),
    ]
    fichier = tmp_path / "annee.csv"
    fichier.write_text("\n".join(lignes), encoding="utf-8")
    rapport = importer("accompagnements", fichier)
    assert str(rapport) == "lus=8 crees=8 mis_a_jour=0 ignores=0 rejetes=0", rapport.rejets
    for code, valeur in (("13", 2), ("83", 2)):
        Objectif.objects.create(
            annee=2024, departement_id=code, valeur=valeur, signe_le="2024-01-15"
        )
    return 2024
