"""Putting a task off, and taking it up again: a person's own affair, with her reason."""

from django.db import transaction

from accompagnements import droits
from accompagnements.parcours.models import TacheReportee
from dla_portal.comptes import roles
from dla_portal.comptes.droits import a_role, exiger
from dla_portal.socle import horloge
from dla_portal.socle.calendrier import ajouter_jours_ouvres
from dla_portal.socle.regles import exiger_aucun_manque

PROPOSES = (1, 3, 5, 10)  # working days
PLUS_TARD_MAX = 20  # working days: further, it is the deadline of the dossier that must move


def dernier_jour():
    """The furthest day to which a task may be put off."""
    return ajouter_jours_ouvres(horloge.aujourdhui(), PLUS_TARD_MAX)


def manques_du_report(jusquau):
    """A task is put off to a later day, not too far."""
    if jusquau <= horloge.aujourdhui():
        return ["Choisissez un jour à venir."]
    if jusquau > dernier_jour():
        return [
            f"Une tâche se reporte de {PLUS_TARD_MAX} jours ouvrés au plus : "
            f"jusqu'au {dernier_jour():%d/%m/%Y}."
        ]
    return []


@transaction.atomic
def reporter(tache, *, par, jusquau, motif):
    """Hide a task from one's own list until a day; put off again, the last word prevails."""
    exiger(a_role(par, *roles.EQUIPE_OPERATEUR))
    exiger_aucun_manque(manques_du_report(jusquau))
    siennes = TacheReportee.objects.visibles_par(par).filter(utilisateur=par)
    siennes.filter(jusquau__lte=horloge.aujourdhui()).delete()  # over: nothing reads them any more
    report, _ = TacheReportee.objects.update_or_create(
        utilisateur=par,
        cle=tache.cle,
        defaults={
            "operateur_id": droits.operateur_de(par),
            "cycle": tache.cycle,
            "reportee_le": horloge.aujourdhui(),
            "jusquau": jusquau,
            "motif": motif,
        },
    )
    return report


def reprendre(cle, *, par):
    """Take up again a task that one has put off; return whether it still was."""
    siennes = TacheReportee.objects.visibles_par(par).filter(utilisateur=par, cle=cle)
    return bool(siennes.delete()[0])
