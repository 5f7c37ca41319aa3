"""What a reader sees of a séance: who sits, and the avis of the others only after his own."""

from django.utils import timezone

from accompagnements.comites import regles
from accompagnements.comites.etats import EtatPassage
from accompagnements.comites.models import Deport


def passages_lus(seance, membre=None):
    """The dossiers of a séance: all for the operator, for a member those he may read."""
    lignes = seance.passages.select_related(
        "seance", "accompagnement__structure__commune", "accompagnement__secteur"
    ).prefetch_related("avis_membres__membre", "deports__membre", "seance__convocations__membre")
    if membre is None:
        return list(lignes)
    lus = lignes.exclude(etat=EtatPassage.RETIRE)
    return list(lus.exclude(pk__in=_deportes(seance, membre).values("pk")))


def hors_siege(seance, membre):
    """How many dossiers of a séance a member keeps out of."""
    return _deportes(seance, membre).count()


def _deportes(seance, membre):
    """Those he keeps out of, said at this séance or at a former one: the conflict is the same."""
    deportes = Deport.objects.filter(membre=membre).values("passage__accompagnement")
    return seance.passages.filter(accompagnement__in=deportes)


def decrire(passage, membre=None):
    """A dossier of the agenda: his own avis, and those of the others that he may already read."""
    avis = list(passage.avis_membres.all())
    mien = next((a for a in avis if membre is not None and a.membre_id == membre.pk), None)
    # A member reads the others only once he has spoken, or once the comité has.
    independant = membre is not None and mien is None and passage.etat == EtatPassage.INSCRIT
    attendus = regles.membres_attendus(passage) if passage.etat == EtatPassage.INSCRIT else []
    return {
        "passage": passage,
        "dossier": passage.accompagnement,
        "mien": mien,
        "avis": [] if independant else avis,
        "cache": independant,
        "deports": list(passage.deports.all()) if membre is None else [],
        "attendus": attendus if membre is None else [],
        "ouvert": passage.etat == EtatPassage.INSCRIT
        and mien is None
        and not regles.manques_pour_donner_avis(passage),
    }


def membres(seance):
    """The convocations of a séance, each with `au_titre_de`: on whose behalf the member sits."""
    mandats = regles.mandats(seance.operateur).en_cours(timezone.localdate(seance.quand))
    qualites = dict(mandats.values_list("utilisateur", "au_titre_de"))
    convocations = list(seance.convocations.select_related("membre"))
    for convocation in convocations:
        convocation.au_titre_de = qualites.get(convocation.membre_id, "")
    return convocations
