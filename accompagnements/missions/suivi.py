"""What the prestataire tells during the mission: journal, note, requests out of the scope.

He acts by his personal link; the chargé may record the same things for him.
"""

from django.db import transaction

from accompagnements import droits
from accompagnements.missions import courriels, etats, regles
from accompagnements.missions.hors_cadre import HorsCadre
from accompagnements.missions.journees import Journee
from accompagnements.missions.models import Mission
from dla_portal.comptes.droits import OUI, exiger
from dla_portal.socle import fichiers, horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque


def suit(par, mission):
    """The prestataire by his link, or the team which leads the dossier."""
    return OUI if droits.par_lien(par) else droits.instruit(par, mission)


@transaction.atomic
def inscrire_journee(mission, *, par, le, duree, **contenu):
    """Write an intervention in the journal; `duree` in days, by halves. Returns the Journee."""
    exiger(suit(par, mission))
    # The sum of the days holds until the commit.
    mission = Mission.objects.select_for_update(of=("self",)).get(pk=mission.pk)
    exiger_aucun_manque(regles.manques_de_l_intervention(mission, le, duree))
    journee = Journee(mission=mission, le=le, demi_journees=int(duree * 2), **contenu)
    etats.INSCRIRE.appliquer(journee, par=par)
    return journee


@transaction.atomic
def retirer_journee(journee, *, par, motif):
    """Withdraw an entry written by mistake: it stays readable and no longer counts."""
    exiger(droits.instruit(par, journee))
    if journee.mission.etat == etats.Etat.TERMINEE:
        raise Manques(["La mission est terminée : son journal est clos."])
    etats.RETIRER.appliquer(journee, par=par, motif=motif)
    return journee


@transaction.atomic
def joindre_feuille(mission, *, par, journee, feuille):
    """Attach the signed attendance sheet (an upload) to an entry; a later scan replaces it."""
    exiger(suit(par, mission))
    if journee.mission_id != mission.pk or journee.etat != etats.EtatJournee.INSCRITE:
        raise Manques(["Cette intervention n'est pas au journal de la mission."])
    exiger_aucun_manque(regles.manques_pour_joindre(mission))
    journee.feuille = fichiers.deposer(feuille, fil=mission.fil, categorie="emargement", par=par)
    journee.save()
    libelle = f"Feuille d'émargement signée du {journee.le:%d/%m/%Y} jointe"
    journaliser(journee, libelle, par=par, nom="joindre_feuille")
    return journee


@transaction.atomic
def ajouter_note(note, *, par):
    """Record the mid-term note (not yet saved, its mission set). Returns the note."""
    exiger(suit(par, note.mission))
    exiger_aucun_manque(regles.manques_de_la_note(note))
    note.save()
    journaliser(note.mission, "Note à mi-parcours reçue", par=par)
    if droits.par_lien(par):
        courriels.note_recue(note)
    return note


@transaction.atomic
def demander_hors_cadre(mission, *, par, description, jours, raison):
    """Ask to work out of the agreed scope. Returns the HorsCadre."""
    exiger(suit(par, mission))
    exiger_aucun_manque(regles.manques_pour_demander(mission))
    demande = HorsCadre(mission=mission, description=description, jours=jours, raison=raison)
    demande.demandee_le = horloge.aujourdhui()
    etats.DEMANDER.appliquer(demande, par=par)
    courriels.hors_cadre_demande(demande)
    return demande


@transaction.atomic
def autoriser(demande, *, par, motif, avenant_attendu=False):
    """Authorise in writing: the chargé in charge or the responsable of the operator."""
    exiger(droits.instruit(par, demande))
    exiger_aucun_manque(regles.manques_pour_autoriser(demande, avenant_attendu))
    demande.avenant_attendu = avenant_attendu
    return _trancher(demande, etats.AUTORISER, par, motif)


@transaction.atomic
def refuser(demande, *, par, motif):
    """Refuse in writing, and why: the chargé in charge or the responsable of the operator."""
    exiger(droits.instruit(par, demande))
    return _trancher(demande, etats.REFUSER, par, motif)


def _trancher(demande, transition, par, motif):
    demande.decidee_le, demande.decidee_par = horloge.aujourdhui(), par
    demande.decision_motif = motif
    transition.appliquer(demande, par=par, motif=motif)
    courriels.hors_cadre_decision(demande)
    return demande
