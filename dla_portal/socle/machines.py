"""Register of the state machines of the product, and their documentation (docs/etats.md)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    """A stateful object: its states, whose turn it is in each, its transitions."""

    titre: str
    etats: type
    responsable: dict
    transitions: list


MACHINES = []


def inscrire(*machines):
    """Register state machines; called from `AppConfig.ready()`."""
    for machine in machines:
        if machine not in MACHINES:
            MACHINES.append(machine)


def en_markdown():
    """Return the whole document, one section per machine."""
    parties = [
        "# États et transitions",
        "",
        "Généré par `manage.py documenter_etats` depuis les tables `etats.py` ; un test compare.",
        "",
    ]
    for machine in MACHINES:
        parties += _section(machine)
    return "\n".join(parties).rstrip() + "\n"


def _section(machine):
    lignes = [f"## {machine.titre}", "", "| état | libellé | à qui le tour |", "|---|---|---|"]
    for etat in machine.etats:
        lignes.append(f"| `{etat.value}` | {etat.label} | {machine.responsable[etat]} |")
    lignes += ["", "```mermaid", "stateDiagram-v2"]
    for transition in machine.transitions:
        for depuis in transition.depuis or ("[*]",):
            source = getattr(depuis, "value", depuis)
            lignes.append(f"    {source} --> {transition.vers.value} : {transition.libelle}")
    lignes += ["```", "", "| geste | depuis | vers | motif |", "|---|---|---|---|"]
    for transition in machine.transitions:
        depuis = ", ".join(f"`{etat.value}`" for etat in transition.depuis) or "création"
        motif = "exigé" if transition.motif_requis else "—"
        lignes.append(f"| {transition.libelle} | {depuis} | `{transition.vers.value}` | {motif} |")
    return [*lignes, ""]
