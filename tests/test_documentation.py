"""Documents generated from the code stay equal to it."""

from pathlib import Path

from dla_portal.socle import machines
from dla_portal.socle.management.commands import documenter_etats

DOCS = Path(__file__).resolve().parent.parent / "docs"


def test_etats_md_est_a_jour():
    assert len(machines.MACHINES) >= 16
    assert (DOCS / "etats.md").read_text() == documenter_etats.document()


def test_chaque_etat_a_un_responsable():
    for machine in machines.MACHINES:
        assert set(machine.responsable) == set(machine.etats), machine.titre
        assert all(machine.responsable.values())


def test_chaque_etat_est_atteignable():
    for machine in machines.MACHINES:
        atteints = {transition.vers for transition in machine.transitions}
        assert atteints == set(machine.etats), machine.titre
