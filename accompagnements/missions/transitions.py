"""Every change of state of a mission; an alert and its decision go together."""

from django.db import transaction

from accompagnements import droits
from accompagnements.missions import courriels, etats, regles
from accompagnements.missions.models import Alerte, Mission
from dla_portal.comptes.droits import OUI, exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque


@transaction.atomic
def lancer(convention, *, par, lancee_le, presents, notes=""):
    """Record the launch meeting of a signed convention. Returns the Mission."""
    exiger(droits.instruit(par, convention))
    exiger_aucun_manque(regles.manques_pour_lancer(convention, lancee_le))
    mission = Mission(convention=convention, lancee_le=lancee_le)
    mission.lancement_presents, mission.lancement_notes = presents, notes
    etats.LANCER.appliquer(mission, par=par)
    courriels.lancement(mission)
    return mission


@transaction.atomic
def ajouter_note(note, *, par):
    """Record the mid-term note (not yet saved, its mission set). Returns the note."""
    exiger(_suit(par, note.mission))
    if note.mission.etat not in (etats.Etat.EN_COURS, etats.Etat.EN_ALERTE, etats.Etat.SUSPENDUE):
        etat = note.mission.get_etat_display().lower()
        raise Manques([f"La mission est « {etat} » : la note à mi-parcours n'a plus lieu d'être."])
    exiger_aucun_manque(regles.manques_de_la_note(note))
    note.save()
    journaliser(note.mission, "Note à mi-parcours reçue", par=par)
    return note


def _suit(par, mission):
    return OUI if droits.par_lien(par) else droits.instruit(par, mission)


@transaction.atomic
def alerter(mission, *, par, emise_par, motif):
    """Raise an alert, by the chargé or on behalf of the prestataire."""
    exiger(_suit(par, mission))
    etats.ALERTER.appliquer(mission, par=par, motif=motif)
    Alerte.objects.create(
        mission=mission, emise_par=emise_par, description=motif, emise_le=horloge.aujourdhui()
    )
    courriels.alerte(mission)
    return mission


def _decider(mission, par, motif, decision):
    """Write the decision on the open alert, or on a new line when there is none."""
    alerte = mission.alertes.filter(decision="").first()
    if alerte is None:
        alerte = Alerte(mission=mission, emise_par=str(par), description=motif)
        alerte.emise_le = horloge.aujourdhui()
    alerte.decision, alerte.decision_motif = decision, motif
    alerte.decidee_le, alerte.decidee_par = horloge.aujourdhui(), par
    alerte.save()


@transaction.atomic
def poursuivre(mission, *, par, motif, reorientation=False):
    """Decide to go on, as agreed or with another direction."""
    exiger(droits.instruit(par, mission))
    etats.POURSUIVRE.appliquer(mission, par=par, motif=motif)
    decision = Alerte.Decision.REORIENTATION if reorientation else Alerte.Decision.POURSUITE
    _decider(mission, par, motif, decision)
    return mission


@transaction.atomic
def suspendre(mission, *, par, motif):
    """Decide to stop for a while."""
    exiger(droits.instruit(par, mission))
    etats.SUSPENDRE.appliquer(mission, par=par, motif=motif)
    _decider(mission, par, motif, Alerte.Decision.SUSPENSION)
    return mission


@transaction.atomic
def arreter(mission, *, par, motif):
    """Decide to stop for good: a decision of the responsable."""
    exiger(droits.arbitre(par, mission))
    etats.ARRETER.appliquer(mission, par=par, motif=motif)
    _decider(mission, par, motif, Alerte.Decision.ARRET)
    return mission


@transaction.atomic
def terminer(mission, *, par):
    """End the mission; called when its restitution is held."""
    if not etats.TERMINER.possible(mission):
        raise Manques([etats.TERMINER.refus(mission)])
    etats.TERMINER.appliquer(mission, par=par)
    return mission


@transaction.atomic
def reprendre_terminee(convention, *, par=None):
    """Take over the ended mission of a past year."""
    mission = Mission(convention=convention)
    etats.REPRENDRE_TERMINEE.appliquer(mission, par=par)
    return mission
