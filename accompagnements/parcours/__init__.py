"""The whole picture of a dossier; owns no table."""
