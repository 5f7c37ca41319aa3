"""The ranking of prestataires: exact points, their reasons, and the place before everything."""

from types import SimpleNamespace

import pytest

from prestataires.selection import Appreciation, Besoin, Point, rang, selon_la_fiche


def besoin(**changements):
    cherche = {"thematiques": ("Gouvernance",), "secteurs": ("Culture",), "departements": ("Var",)}
    return Besoin(**cherche | changements, operateur_id=1)


def lire(appreciation):
    return {c.critere: (c.points, c.sur, c.raison) for c in appreciation.criteres}


def test_qui_repond_a_tout_a_tous_les_points():
    parfait = selon_la_fiche(
        besoin(), competences=["Gouvernance"], departements=["Var"], secteurs=["Culture"]
    )
    assert lire(parfait) == {
        "Compétence": (4, 4, "Gouvernance"),
        "Département": (3, 3, "Var"),
        "Secteur": (2, 2, "Culture"),
    }
    assert (parfait.points, parfait.sur, parfait.hors_zone) == (9, 9, ())


def test_ce_qui_manque_se_dit_et_ne_compte_pas():
    autre = selon_la_fiche(
        besoin(),
        competences=["Finances", "Communication"],
        departements=["Gard"],
        secteurs=["Sport"],
    )
    assert lire(autre) == {
        "Compétence": (0, 4, "Pas dans ses compétences : Gouvernance"),
        "Département": (0, 3, "N'intervient pas dans : Var"),
        "Secteur": (0, 2, "Pas dans ses secteurs : Culture"),
    }
    assert autre.hors_zone == ("Var",)


@pytest.mark.parametrize(
    ("couverts", "points", "raison", "absents"),
    [
        (["Var", "Gard", "Drôme"], 3, "Var, Gard, Drôme", ()),
        (["Var", "Gard"], 2, "Var, Gard. N'intervient pas dans : Drôme", ("Drôme",)),
        (["Gard"], 1, "Gard. N'intervient pas dans : Var, Drôme", ("Var", "Drôme")),
    ],
)
def test_un_besoin_couvert_en_partie_donne_sa_part(couverts, points, raison, absents):
    appreciation = selon_la_fiche(
        besoin(departements=("Var", "Gard", "Drôme", "Var")),
        competences=[],
        departements=couverts,
        secteurs=[],
    )
    assert lire(appreciation)["Département"] == (points, 3, raison)
    assert appreciation.hors_zone == absents


@pytest.mark.parametrize(
    ("vide", "critere", "raison"),
    [
        ({"thematiques": ()}, "Compétence", "L'action n'a pas de thématique"),
        ({"secteurs": ()}, "Secteur", "Le secteur du dossier n'est pas renseigné"),
    ],
)
def test_une_competence_ne_compte_que_si_l_action_la_demande(vide, critere, raison):
    appreciation = selon_la_fiche(
        besoin(**vide), competences=["Gouvernance"], departements=["Var"], secteurs=["Culture"]
    )
    points, _, dite = lire(appreciation)[critere]
    assert (points, dite) == (0, raison)


def test_le_departement_passe_avant_tous_les_points():
    def ligne(nom, points, hors_zone=()):
        appreciation = Appreciation([Point("Total", points, 17, "")], hors_zone=hors_zone)
        return SimpleNamespace(nom_normalise=nom), appreciation

    lignes = [
        ligne("a excellent ailleurs", 17, ("Var",)),
        ligne("b couvre la moitie", 12, ("Var",)),
        ligne("c nulle part", 17, ("Var", "Gard")),
        ligne("d couvre tout", 2),
        ligne("a couvre tout", 2),
        ligne("e couvre tout", 9),
    ]
    noms = [prestataire.nom_normalise for prestataire, _ in sorted(lignes, key=rang)]
    assert noms == [
        "e couvre tout",
        "a couvre tout",
        "d couvre tout",
        "a excellent ailleurs",
        "b couvre la moitie",
        "c nulle part",
    ]
