"""PDF of the restitution: the minutes of its meeting (domaine.md §6.9)."""

from accompagnements.missions.documents import produire


def compte_rendu(restitution):
    """Return the bytes of the minutes, with the lines where each party signs."""
    mission = restitution.mission
    ingenierie = mission.convention.ingenierie
    dossiers = ingenierie.accompagnements().select_related("structure")
    parties = [("Structure", str(dossier.structure)) for dossier in dossiers]
    if mission.convention.prestataire is not None:
        parties.append(("Prestataire", str(mission.convention.prestataire)))
    parties.append(("Opérateur DLA", ingenierie.operateur.nom))
    return produire(
        "restitutions/pdf/compte_rendu", mission, restitution=restitution, parties=parties
    )
