"""Pages of the whole picture: Aujourd'hui, the list of accompagnements, the dossier."""
