"""Mails to the members of the comité: when and where, never what the dossiers contain."""

from dla_portal.socle import horloge
from dla_portal.socle.courriels import deposer
from dla_portal.socle.templatetags.portail import date_fr


def _ecrire(seance, sujet, gabarit, membres, **contexte):
    return [
        deposer(
            membre.email,
            f"{sujet} — {date_fr(seance.quand)}",
            f"accompagnements/comites/courriels/{gabarit}",
            {"seance": seance, "membre": membre, **contexte},
            fil=seance.fil,
        )
        for membre in membres
    ]


def convoquer(seance, membres):
    """Convene members to a séance."""
    return _ecrire(seance, "Convocation au comité d'appui", "convocation", membres)


def annulation(seance, motif):
    """Tell the members that a séance is cancelled, unless it lies in the past."""
    if seance.quand < horloge.maintenant():
        return []
    convocations = seance.convocations.select_related("membre")
    membres = [convocation.membre for convocation in convocations]
    return _ecrire(seance, "Comité d'appui annulé", "annulation", membres, motif=motif)
