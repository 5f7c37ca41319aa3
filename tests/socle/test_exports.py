"""The ODS of the lists: read back as it was written, and nothing in it runs."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from dla_portal.socle.exports import ecrire_ods

HOSTILES = ["=1+1", "+33 6", "-2", "@SUM(A1)", "\tx", "<b>&\"'", "a\x00b\x0bc", "]]>", "é œ 🙂"]


def _ods(lignes, titre="Essai"):
    tampon = io.BytesIO()
    ecrire_ods(tampon, titre, ["A", "B"], lignes)
    tampon.seek(0)
    return tampon


@pytest.mark.parametrize("texte", HOSTILES)
def test_un_texte_reste_un_texte(texte):
    tampon = _ods([[texte, 1]])
    (lu, _) = CalamineWorkbook.from_filelike(tampon).get_sheet_by_index(0).to_python()[1]
    attendu = texte.replace("\x00", "").replace("\x0b", "")
    assert lu.strip() == attendu.strip()
    contenu = zipfile.ZipFile(tampon).read("content.xml").decode()
    assert "formula" not in contenu


def test_les_genres_de_cellules_se_relisent():
    moment = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)  # 10:30 in Paris
    lignes = [
        [date(2026, 11, 20), moment],
        [Decimal("1234.50"), 7],
        [True, None],
        ["deux\nlignes", False],
    ]
    feuille = CalamineWorkbook.from_filelike(_ods(lignes)).get_sheet_by_index(0)
    assert feuille.to_python()[1:] == [
        [date(2026, 11, 20), datetime(2026, 7, 1, 10, 30)],
        [1234.5, 7.0],
        ["oui", ""],
        ["deux\nlignes", "non"],
    ]


def test_le_type_vient_en_premier_et_sans_compression():
    """What office suites and mail servers look at to recognise the file."""
    premier = zipfile.ZipFile(_ods([])).infolist()[0]
    assert (premier.filename, premier.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_un_titre_que_les_feuilles_refusent_est_adouci():
    feuilles = CalamineWorkbook.from_filelike(_ods([], "I-09 : [a/b]*? " + "x" * 60)).sheet_names
    assert feuilles == ["I-09    a b    " + "x" * 16]
