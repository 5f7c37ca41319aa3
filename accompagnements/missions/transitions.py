"""Every change of state of a mission; an alert and its decision go together."""

from django.db import transaction

from accompagnements import droits
from accompagnements.missions import courriels, etats, regles
from accompagnements.missions.models import CORRIGER_LANCEMENT, Alerte, Mission
from accompagnements.missions.suivi import (
    ajouter_note,
    autoriser,
    demander_hors_cadre,
    inscrire_journee,
    joindre_feuille,
    refuser,
    retirer_journee,
    suit,
)
from dla_portal.comptes.droits import exiger
from dla_portal.socle import horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque

__all__ = [
    "ajouter_note",
    "alerter",
    "arreter",
    "autoriser",
    "classer_avenant",
    "corriger_lancement",
    "demander_hors_cadre",
    "inscrire_journee",
    "joindre_feuille",
    "lancer",
    "poursuivre",
    "refuser",
    "renvoyer_lien",
    "reorienter",
    "reprendre_terminee",
    "retirer_journee",
    "suspendre",
    "terminer",
]
RELEVE = ("lieu", "presents", "objectifs", "calendrier", "suites", "notes")


@transaction.atomic
def lancer(convention, *, par, lancee_le, presents, **releve):
    """Record the launch meeting of a signed convention, `releve` by RELEVE. Returns the Mission."""
    exiger(droits.instruit(par, convention))
    exiger_aucun_manque(regles.manques_pour_lancer(convention, lancee_le))
    releve = {f"lancement_{nom}": texte for nom, texte in releve.items()}
    mission = Mission(
        convention=convention, lancee_le=lancee_le, lancement_presents=presents, **releve
    )
    etats.LANCER.appliquer(mission, par=par)
    courriels.lancement(mission)
    return mission


@transaction.atomic
def corriger_lancement(mission, *, par, motif, lancee_le, **releve):
    """Correct the record of the launch meeting, `releve` by RELEVE, and say why.

    Every earlier wording stays in the history of the mission.
    """
    exiger(droits.instruit(par, mission))
    manques = regles.manques_d_etat(mission, etats.OUVERTES, "son lancement ne se corrige plus")
    exiger_aucun_manque(manques + regles.manques_du_lancement_corrige(mission, lancee_le))
    if not motif.strip():
        raise Manques(["Indiquez le motif."])
    nouveau = {"lancee_le": lancee_le, **{f"lancement_{n}": t for n, t in releve.items()}}
    changes = [nom for nom, valeur in nouveau.items() if getattr(mission, nom) != valeur]
    if not changes:
        raise Manques(["Rien n'a changé dans le compte rendu."])
    for nom in changes:
        setattr(mission, nom, nouveau[nom])
    mission.save()  # the compare-and-swap: what the person read is still so
    noms = ", ".join(str(Mission._meta.get_field(nom).verbose_name) for nom in changes)
    libelle = f"Compte rendu de lancement corrigé : {noms}"
    journaliser(mission, libelle[:200], par=par, motif=motif, nom=CORRIGER_LANCEMENT)
    return mission


@transaction.atomic
def renvoyer_lien(mission, *, par):
    """Send the prestataire a fresh personal link; the former ones die."""
    exiger(droits.instruit(par, mission))
    exiger_aucun_manque(
        regles.manques_d_etat(mission, etats.OUVERTES, "le lien n'a plus lieu d'être")
    )
    if not mission.convention.prestataire.email:
        raise Manques(["La fiche du prestataire n'a pas d'adresse de courriel."])
    courriels.lien(mission)
    journaliser(mission, "Lien personnel renvoyé au prestataire", par=par, nom="renvoyer_lien")
    return mission


@transaction.atomic
def alerter(mission, *, par, emise_par, motif):
    """Raise an alert, by the prestataire with his link or by the chargé."""
    exiger(suit(par, mission))
    etats.ALERTER.appliquer(mission, par=par, motif=motif)
    Alerte.objects.create(
        mission=mission, emise_par=emise_par, description=motif, emise_le=horloge.aujourdhui()
    )
    courriels.alerte(mission, par)
    return mission


def _decider(mission, transition, decision, par, fiche):
    """Move the mission and write the decision record; tell everyone concerned.

    `fiche`: motif, consultes, suites, decidee_le (today by default). The record goes on the open
    alert, or on a line of its own when there is none (resumption after a suspension).
    """
    fiche = {"consultes": "", "suites": "", "decidee_le": None, **fiche}
    fiche["decidee_le"] = fiche["decidee_le"] or horloge.aujourdhui()
    if not transition.possible(mission):
        raise Manques([transition.refus(mission)])
    exiger_aucun_manque(regles.manques_de_la_decision(mission, **fiche))
    transition.appliquer(mission, par=par, motif=fiche["motif"])
    alerte = mission.alertes.filter(decision="").first()
    if alerte is None:
        alerte = Alerte(mission=mission, emise_par=str(par), description=fiche["motif"])
        alerte.emise_le = fiche["decidee_le"]
    alerte.decision, alerte.decision_motif = decision, fiche["motif"]
    alerte.consultes, alerte.suites = fiche["consultes"], fiche["suites"]
    alerte.decidee_le, alerte.decidee_par = fiche["decidee_le"], par
    alerte.avenant_attendu = decision == Alerte.Decision.REORIENTATION
    alerte.save()
    courriels.decision(alerte)
    return mission


@transaction.atomic
def poursuivre(mission, *, par, **fiche):
    """Decide to go on as agreed; `fiche`: see `_decider`."""
    exiger(droits.instruit(par, mission))
    return _decider(mission, etats.POURSUIVRE, Alerte.Decision.POURSUITE, par, fiche)


@transaction.atomic
def reorienter(mission, *, par, **fiche):
    """Decide to go on in another direction: an avenant is then to be prepared."""
    exiger(droits.instruit(par, mission))
    return _decider(mission, etats.REORIENTER, Alerte.Decision.REORIENTATION, par, fiche)


@transaction.atomic
def suspendre(mission, *, par, **fiche):
    """Decide to stop for a while."""
    exiger(droits.instruit(par, mission))
    return _decider(mission, etats.SUSPENDRE, Alerte.Decision.SUSPENSION, par, fiche)


@transaction.atomic
def arreter(mission, *, par, **fiche):
    """Decide to stop for good: a decision of the responsable."""
    exiger(droits.arbitre(par, mission))
    return _decider(mission, etats.ARRETER, Alerte.Decision.ARRET, par, fiche)


@transaction.atomic
def classer_avenant(mission, *, par, motif):
    """Say that the awaited avenant is signed, or no longer needed, and why."""
    exiger(droits.instruit(par, mission))
    exiger_aucun_manque(regles.manques_pour_classer_l_avenant(mission))
    mission.save()  # the compare-and-swap: what the person read is still so
    mission.alertes.update(avenant_attendu=False)
    mission.hors_cadre.update(avenant_attendu=False)
    journaliser(mission, "Avenant attendu classé", par=par, motif=motif, nom="classer_avenant")
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
