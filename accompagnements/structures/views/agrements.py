"""The agréments of a structure: one form, a row each."""

from django.shortcuts import get_object_or_404

from accompagnements.structures import regles
from accompagnements.structures.forms_agrements import AgrementsForm
from accompagnements.structures.models import Structure
from dla_portal.comptes.droits import exiger
from dla_portal.socle import edition


def agrements(request, pk):
    """Enter and correct the agréments of a structure, with their numbers and their dates."""
    structure = get_object_or_404(Structure.objects.visibles_par(request.user), pk=pk)
    exiger(regles.tient_le_registre(request.user))
    reste = request.POST.get("suite") == "rester"
    return edition.modifier(
        request,
        structure,
        AgrementsForm,
        retour=request.path if reste else structure.get_absolute_url(),
        contexte={
            "titre": "Agréments",
            "sous_titre": structure.nom,
            "url_annuler": structure.get_absolute_url(),
        },
    )
