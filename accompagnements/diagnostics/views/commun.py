"""What the pages of the diagnostic share."""

from accompagnements.diagnostics.models import Diagnostic


def visibles(request):
    """Diagnostics that the person may read, with what their pages show."""
    lignes = Diagnostic.objects.visibles_par(request.user)
    return lignes.select_related(
        "accompagnement__structure__commune",
        "accompagnement__operateur",
        "accompagnement__demande",
        "accompagnement__charge",
    )
