"""Reminders of the register (domaine.md Annex C): a referencing lasts twelve months."""

from dla_portal.socle.relances import relance
from prestataires.etats import Etat
from prestataires.models import Prestataire
from prestataires.transitions import echoir


@relance("Fiches de prestataires à mettre à jour")
def fiches(le):
    """The day after its end, a referencing waits for the yearly update; told once, by its state."""
    echues = Prestataire.objects.filter(etat=Etat.REFERENCE, reference_jusquau__lt=le)
    return len([echoir(prestataire) for prestataire in echues])
