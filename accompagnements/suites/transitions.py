"""Every change of state of a survey and of a follow-up."""

from django.db import transaction

from accompagnements import droits
from accompagnements.suites import courriels, etats, regles
from accompagnements.suites.models import Enquete, Suivi
from dla_portal.comptes.droits import OUI, exiger
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques, exiger_aucun_manque


@transaction.atomic
def envoyer_enquete(restitution, accompagnement, *, par):
    """Send the survey to one structure, with its personal link; plan its follow-up."""
    exiger(droits.instruit(par, restitution))
    exiger_aucun_manque(regles.manques_pour_enqueter(restitution, accompagnement))
    enquete = Enquete(
        restitution=restitution,
        accompagnement=accompagnement,
        destinataire=accompagnement.structure.courriel_principal(),
        envoyee_le=horloge.aujourdhui(),
    )
    etats.ENVOYER.appliquer(enquete, par=par)
    courriels.enquete(enquete)
    for diagnostic in accompagnement.diagnostics.valides().filter(suivi=None):
        prevoir_suivi(diagnostic, par=par)
    return enquete


@transaction.atomic
def envoyer_toutes(restitution, *, par):
    """Send the survey to every structure of the mission which has not got it. Returns the list."""
    dossiers = list(regles.a_enqueter(restitution))
    if not dossiers:
        raise Manques(["L'enquête est déjà partie pour toutes les structures."])
    # One structure without an address must not keep the others waiting.
    joignables = [d for d in dossiers if not regles.manques_pour_enqueter(restitution, d)]
    if not joignables:
        raise Manques(regles.manques_pour_enqueter(restitution, dossiers[0]))
    return [envoyer_enquete(restitution, dossier, par=par) for dossier in joignables]


@transaction.atomic
def repondre(enquete, *, par, **reponses):
    """Record the answers, given by the personal link or entered from paper by the chargé.

    `reponses` holds the questions (1 to 4), recommande, commentaire and consent_publication.
    """
    exiger(OUI if droits.par_lien(par) else droits.instruit(par, enquete))
    for champ, valeur in reponses.items():
        setattr(enquete, champ, valeur)
    if not enquete.globale:
        raise Manques(["Indiquez votre satisfaction globale."])
    enquete.repondue_le = horloge.aujourdhui()
    etats.REPONDRE.appliquer(enquete, par=par)
    return enquete


@transaction.atomic
def clore(enquete, *, par, motif):
    """Close a survey which stays without answer."""
    exiger(droits.instruit(par, enquete))
    etats.CLORE.appliquer(enquete, par=par, motif=motif)
    return enquete


@transaction.atomic
def prevoir_suivi(diagnostic, *, par=None):
    """Plan the follow-up of a validated diagnostic, 12 to 18 months later."""
    debut, fin = regles.fenetre_de_suivi(diagnostic.valide_le)
    suivi = Suivi(
        accompagnement=diagnostic.accompagnement,
        diagnostic=diagnostic,
        prevu_du=debut,
        prevu_au=fin,
    )
    etats.PREVOIR.appliquer(suivi, par=par)
    return suivi


@transaction.atomic
def realiser(suivi, *, par, realise_le, **constats):
    """Record the follow-up: figures of the year, advice followed, effects, new needs."""
    exiger(droits.instruit(par, suivi))
    exiger_aucun_manque(regles.manques_du_suivi(suivi, realise_le))
    suivi.realise_le = realise_le
    for champ, valeur in constats.items():
        setattr(suivi, champ, valeur)
    etats.REALISER.appliquer(suivi, par=par)
    return suivi


@transaction.atomic
def constater_injoignable(suivi, *, par, motif):
    """State that the structure cannot be reached."""
    exiger(droits.instruit(par, suivi))
    etats.CONSTATER_INJOIGNABLE.appliquer(suivi, par=par, motif=motif)
    return suivi


@transaction.atomic
def constater_disparition(suivi, *, par, motif):
    """State that the structure no longer exists."""
    exiger(droits.instruit(par, suivi))
    etats.CONSTATER_DISPARITION.appliquer(suivi, par=par, motif=motif)
    return suivi


@transaction.atomic
def reprendre_satisfaction(restitution, accompagnement, *, par=None, globale, repondue_le):
    """Take over the satisfaction told for a past mission."""
    enquete = Enquete(
        restitution=restitution,
        accompagnement=accompagnement,
        globale=globale,
        repondue_le=repondue_le,
        reprise=True,
    )
    etats.REPRENDRE.appliquer(enquete, par=par)
    return enquete
