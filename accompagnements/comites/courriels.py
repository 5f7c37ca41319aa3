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


def changement(seance):
    """Tell the members the new day, place or way of a séance."""
    return _ecrire(seance, "Comité d'appui : changement", "changement", _convoques(seance))


def annulation(seance, motif):
    """Tell the members that a séance is cancelled."""
    return _ecrire(seance, "Comité d'appui annulé", "annulation", _convoques(seance), motif=motif)


def _convoques(seance):
    """Members to write to; nobody is told of a séance that lies in the past."""
    if seance.quand < horloge.maintenant():
        return []
    return [convocation.membre for convocation in seance.convocations.select_related("membre")]
