"""What the pages of a dossier share."""

from django.shortcuts import get_object_or_404

from accompagnements.demandes.models import Accompagnement
from accompagnements.diagnostics.models import Diagnostic
from accompagnements.parcours.etapes import Dossier


def ouvrir(request, pk):
    """Return the `Dossier` of an accompagnement that the user may open, or raise 404."""
    visibles = Accompagnement.objects.visibles_par(request.user).select_related(
        "demande__prescripteur",
        "structure__commune",
        "operateur",
        "departement__region",
        "charge",
        "secteur",
    )
    return Dossier(get_object_or_404(visibles, pk=pk))


def lit_le_diagnostic(request, accompagnement):
    """Whether the user reads the diagnostic of this dossier."""
    lisibles = Diagnostic.objects.visibles_par(request.user)
    return lisibles.filter(accompagnement=accompagnement).exists()
