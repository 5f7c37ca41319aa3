"""Proof 8: on no page does the count of queries grow with the rows."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.preuves.multiplier import Multiplication
from tests.preuves.saisies import FORMULAIRES, adresse_de
from tests.preuves.test_chaine_saisies import monde_en_cours
from tests.test_acces import ACCES, ACCES_PLUS_LOIN, ROLES, _adresse, monde, monde_plus_loin

__all__ = ["monde", "monde_en_cours", "monde_plus_loin"]

# A mark or an envelope stands once for its financeur, its years and its earmark.
SANS_COPIE = {"accompagnements.MarqueFinanceur", "accompagnements.Enveloppe"}


@pytest.fixture
def pages(monde, monde_plus_loin, monde_en_cours):
    """{address: who opens it}: every address of the tables which answers 200 to somebody."""
    ouvertes = {}
    for table, (personnes, objets) in ((ACCES, monde), (ACCES_PLUS_LOIN, monde_plus_loin)):
        for nom, (cle, ligne) in table.items():
            admis = [role for role, code in zip(ROLES, ligne.split(), strict=True) if code == "200"]
            if admis:
                ouvertes[_adresse(nom, cle, objets)] = personnes[admis[0]]
    mondes = {"monde": monde, "monde_plus_loin": monde_plus_loin, "monde_en_cours": monde_en_cours}
    for fixture, lignes in FORMULAIRES.items():
        personnes, objets = mondes[fixture]
        for nom, cle, qui in lignes:
            ouvertes.setdefault(adresse_de(nom, cle, objets), personnes[qui])
    return ouvertes


def _requetes(client, personne, adresse):
    """The queries of a page opened by somebody already signed in, with nothing in the cache."""
    client.force_login(personne)
    cache.clear()
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(adresse)
        if reponse.streaming:
            b"".join(reponse.streaming_content)
    return [requete["sql"] for requete in requetes.captured_queries]


@pytest.mark.une_base  # the same queries leave for both databases
def test_preuve_8_aucun_compte_de_requetes_ne_grandit_avec_les_lignes(pages, client):
    """Every page with each row of the database once, then twenty times."""
    lignes = Multiplication()
    peu = {adresse: len(_requetes(client, qui, adresse)) for adresse, qui in pages.items()}
    lignes.jusqu_a(20)
    fautes = []
    for adresse, qui in pages.items():
        beaucoup = _requetes(client, qui, adresse)
        if len(beaucoup) > peu[adresse]:
            fautes.append(f"{adresse} : {peu[adresse]} requêtes puis {len(beaucoup)}")
    assert not fautes, "\n".join(fautes)
    assert set(lignes.refuses) <= SANS_COPIE
    assert len(pages) > 200
