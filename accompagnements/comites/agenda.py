"""A séance as an appointment for the agendas of its members."""

from datetime import timedelta

from django.utils import timezone

from accompagnements.comites.etats import Etat
from dla_portal.socle.agenda import RendezVous, reponse_ics

DUREE = timedelta(hours=2)  # of a meeting: nobody announces when it ends
DERNIER_MOMENT = timedelta(minutes=30)  # to answer a consultation in writing


def rendez_vous(seance):
    """The appointment of a séance: the meeting, or the last moment to answer in writing."""
    if seance.electronique:
        titre = "Clôture de la consultation du comité d'appui"
        debut, fin = seance.quand - DERNIER_MOMENT, seance.quand
    else:
        titre, debut, fin = "Comité d'appui", seance.quand, seance.quand + DUREE
    return RendezVous(
        cle=f"comite-{seance.pk}",
        titre=f"{titre} — DLA {seance.operateur.nom}",
        debut=debut,
        fin=fin,
        lieu=seance.lieu,
        url=seance.get_absolute_url(),
        version=seance.version,
        annule=seance.etat == Etat.ANNULEE,
    )


def reponse(seance):
    """Answer the .ics file of a séance."""
    nom = f"comite-d-appui-{timezone.localdate(seance.quand)}"
    return reponse_ics(nom, [rendez_vous(seance)])
