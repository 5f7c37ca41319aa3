"""Mails to the members of the comité: when and where, never what the dossiers contain."""

from dla_portal.socle import horloge, jetons
from dla_portal.socle.courriels import deposer
from dla_portal.socle.templatetags.portail import date_fr

USAGE = "comite"
APRES = 2  # days during which a link still opens the page of a séance that is over


def _ecrire(seance, sujet, gabarit, convocations, **contexte):
    return [
        deposer(
            convocation.membre.email,
            f"{sujet} — {date_fr(seance.quand)}",
            f"accompagnements/comites/courriels/{gabarit}",
            {"seance": seance, "membre": convocation.membre, **contexte, **_lien(convocation)},
            fil=seance.fil,
        )
        for convocation in convocations
    ]


def _lien(convocation):
    """A fresh personal link, which lives a little longer than the séance."""
    seance = convocation.seance
    jours = (seance.quand - horloge.maintenant()).days + 1 + APRES
    if jours <= APRES or seance.etat == "annulee":
        return {"lien": ""}
    return {
        "lien": jetons.adresse(jetons.creer(USAGE, convocation, convocation.membre.email, jours))
    }


def fermer_les_liens(seance):
    """Close the personal links of a séance held or cancelled."""
    for convocation in seance.convocations.all():
        jetons.revoquer(convocation, USAGE)


def convoquer(seance, convocations):
    """Convene members to a séance."""
    sujet = (
        "Consultation du comité d'appui" if seance.electronique else "Convocation au comité d'appui"
    )
    return _ecrire(seance, sujet, "convocation", convocations)


def changement(seance):
    """Tell the members the new day, place or way of a séance."""
    return _ecrire(seance, "Comité d'appui : changement", "changement", _convoques(seance))


def annulation(seance, motif):
    """Tell the members that a séance is cancelled."""
    return _ecrire(seance, "Comité d'appui annulé", "annulation", _convoques(seance), motif=motif)


def rappel(convocation):
    """Remind one member of a séance, or of the closing of a consultation in writing."""
    seance = convocation.seance
    sujet = "Rappel : votre avis est attendu" if seance.electronique else "Rappel : comité d'appui"
    attendus = seance.sans_avis(convocation.membre).count()
    return _ecrire(seance, sujet, "rappel", [convocation], attendus=attendus)


def _convoques(seance):
    """Members to write to; nobody is told of a séance that lies in the past."""
    if seance.quand < horloge.maintenant():
        return []
    return list(seance.convocations.select_related("membre", "seance__operateur"))
