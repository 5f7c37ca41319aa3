"""Dates of the register (domaine.md Annex C): a referencing lasts twelve months."""

from dla_portal.socle.relances import Echeance, inscrire
from prestataires.etats import Etat
from prestataires.models import Prestataire
from prestataires.transitions import echoir


def _echoir(le):
    """The day after its end, a referencing waits for the yearly update; told once, by its state."""
    echues = Prestataire.objects.filter(etat=Etat.REFERENCE, reference_jusquau__lt=le)
    return len([echoir(prestataire) for prestataire in echues])


inscrire(
    Echeance(
        libelle="Fiches de prestataires à mettre à jour",
        jouer=_echoir,
        quand="lendemain de la fin du référencement (12 mois)",
        arret="le prestataire n'est plus référencé : une lettre, et il ne se consulte plus",
    )
)
