"""The bench refuses undefined variables in our templates, and only there."""

import pytest
from django.template import Context, Engine, Origin, Template

from tests.banc.gabarits import VariableIndefinie

pytestmark = pytest.mark.une_base


@pytest.mark.parametrize(
    "source",
    [
        "{{ absente }}",
        "{{ absente|upper }}",
        "{{ presente.absente }}",
        "{% for element in absente %}{{ element }}{% endfor %}",
        "{% with copie=absente %}{{ copie }}{% endwith %}",
    ],
)
def test_une_variable_absente_echoue(source, variables_indefinies):
    with pytest.raises(VariableIndefinie, match="absente"):
        Template(source).render(Context({"presente": {}}))
    assert variables_indefinies.pop()


@pytest.mark.parametrize(
    ("source", "rendu"),
    [
        ('{{ absente|default:"rien" }}', "rien"),
        ("{% if absente %}oui{% else %}non{% endif %}", "non"),
        ("{% for lettre in presente %}{{ lettre }}-{% endfor %}", "a-b-"),
        ("{{ presente|upper }}", "AB"),
        ("{{ vide }}", ""),
    ],
)
def test_ce_qui_est_permis(source, rendu):
    assert Template(source).render(Context({"presente": "ab", "vide": ""})) == rendu


def test_un_gabarit_de_paquet_est_laisse_tel_quel():
    origine = Origin("/ailleurs/site-packages/paquet/templates/champ.html")
    gabarit = Template("[{{ absente }}]", origin=origine, engine=Engine.get_default())
    assert gabarit.render(Context()) == "[]"
