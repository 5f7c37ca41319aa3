"""Mails of the diagnostic: what there is to do, never what it contains."""

from dla_portal.socle.courriels import deposer


def soumis(diagnostic):
    """Tell the structure that its diagnostic awaits its validation."""
    dossier = diagnostic.accompagnement
    return deposer(
        dossier.structure.courriel_principal(),
        f"Votre diagnostic partagé est à valider — {dossier.reference}",
        "accompagnements/diagnostics/courriels/soumis",
        {"dossier": dossier},
        fil=diagnostic.fil,
    )
