"""Durations: every way of typing one gives the same minutes; the others are refused in French."""

import pytest
from django.core.exceptions import ValidationError

from dla_portal.socle import durees


@pytest.mark.parametrize(
    ("saisie", "minutes"),
    [
        ("1h30", 90),
        ("1 h 30", 90),
        ("1H30", 90),
        ("1h30min", 90),
        ("1:30", 90),
        ("1,5 h", 90),
        ("1.5h", 90),
        ("1,5", 90),
        ("90 min", 90),
        ("90mn", 90),
        ("90'", 90),
        ("90\u00a0min", 90),
        ("2 heures", 120),
        ("0,5 j", 210),
        ("0.5 jour", 210),
        ("1 j", 420),
        ("0,1j", 42),
        (",5 h", 30),
        ("7", 420),
        ("0h05", 5),
        ("1h5", 65),
    ],
)
def test_une_duree_se_lit_comme_on_l_ecrit(saisie, minutes):
    assert durees.lire(saisie) == minutes


@pytest.mark.parametrize(
    "saisie",
    ["", "deux heures", "1h75", "-1h", "1h30h", "1 000 000 h", "½ j", "٣h", "x" * 500, "1e3"],
)
def test_ce_qui_n_est_pas_une_duree_est_refuse(saisie):
    with pytest.raises(ValidationError):
        durees.lire(saisie)


def test_un_nombre_seul_trop_grand_demande_son_unite():
    with pytest.raises(ValidationError, match="« 90 min »"):
        durees.lire("90")


@pytest.mark.parametrize("saisie", ["0", "0 min", "24h01", "4 j"])
def test_une_case_va_d_une_minute_a_vingt_quatre_heures(saisie):
    with pytest.raises(ValidationError, match="24 heures"):
        durees.ChampDuree().clean(saisie)


def test_une_duree_se_dit_en_heures_et_en_jours():
    assert [durees.en_mots(m) for m in (None, 0, 45, 60, 90, 60_000)] == [
        "—",
        "0 min",
        "45 min",
        "1 h",
        "1 h 30",
        "1\u202f000 h",
    ]
    assert durees.total_en_mots(210) == "3 h 30 (0,5 jour)"
    assert durees.total_en_mots(840) == "14 h (2 jours)"
    assert durees.en_heures(90) == 1.5


def test_deux_ecritures_de_la_meme_duree_ne_different_pas():
    champ = durees.ChampDuree(required=False)
    assert not champ.has_changed(90, "1,5 h")
    assert not champ.has_changed(None, "")
    assert champ.has_changed(90, "")
    assert champ.has_changed(90, "n'importe quoi")
