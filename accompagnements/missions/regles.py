"""What is missing before each gesture on a mission, in sentences."""

from accompagnements.conventions.etats import Etat as EtatConvention
from dla_portal.socle import horloge
from dla_portal.socle.regles import exiger_ordre


def manques_pour_lancer(convention, lancee_le=None):
    """The mission starts once, after every signature."""
    manques = []
    if convention.etat != EtatConvention.SIGNEE:
        manques.append("La convention n'est pas signée par toutes les parties.")
    if hasattr(convention, "mission"):
        manques.append("La mission est déjà lancée.")
    if lancee_le and lancee_le > horloge.aujourdhui():
        manques.append("Le lancement ne peut être dans le futur.")
    return manques + exiger_ordre(
        ("La dernière signature", convention.signee_le), ("Le lancement", lancee_le)
    )


def manques_de_la_note(note):
    """The mid-term note stays within the days of the convention and after the launch."""
    mission, manques = note.mission, []
    jours = mission.convention.jours_effectifs
    if note.jours_realises > jours:
        prevus = f"{jours:.2f}".replace(".", ",")
        manques.append(f"Les jours réalisés dépassent ceux de la convention ({prevus}).")
    if note.recue_le > horloge.aujourdhui():
        manques.append("La note ne peut être reçue dans le futur.")
    return manques + exiger_ordre(
        ("Le lancement", mission.lancee_le), ("La note à mi-parcours", note.recue_le)
    )
