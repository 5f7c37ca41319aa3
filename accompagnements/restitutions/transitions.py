"""Every change of state of a restitution and of an invoice."""

from django.db import transaction

from accompagnements import droits
from accompagnements.conventions.models import Convention
from accompagnements.missions.models import Mission
from accompagnements.missions.transitions import terminer
from accompagnements.plans.etats import StatutAction
from accompagnements.plans.transitions import avancer_action
from accompagnements.restitutions import courriels, documents, etats, regles
from accompagnements.restitutions.models import Restitution
from dla_portal.comptes.droits import exiger, repondre
from dla_portal.socle import fichiers, horloge
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque


@transaction.atomic
def recevoir_rapport(mission, *, par, rapport_recu_le, rapport=None, points=()):
    """Record the final report; `rapport` is an upload or None (paper). Returns the Restitution.

    `points` are the codes of PointRapport found in it: conform at once when all of them are.
    """
    exiger(droits.instruit(par, mission))
    exiger_aucun_manque(regles.manques_pour_recevoir(mission, rapport_recu_le))
    restitution = Restitution(mission=mission, rapport_recu_le=rapport_recu_le)
    restitution.verifier(points)
    restitution.rapport_conforme = not regles.manques_du_rapport(restitution, points)
    if rapport is not None:
        restitution.rapport = fichiers.deposer(
            rapport, fil=mission.fil, categorie="rapport", par=par
        )
    etats.RECEVOIR_RAPPORT.appliquer(restitution, par=par)
    return restitution


@transaction.atomic
def declarer_conforme(restitution, *, par, points):
    """Declare the report conform, every point of its checklist ticked, whenever it becomes so."""
    exiger(droits.instruit(par, restitution))
    exiger_aucun_manque(regles.manques_du_rapport(restitution, points))
    restitution.verifier(points)
    restitution.rapport_conforme = True
    avant = etats.DECLARER_CONFORME.possible(restitution)
    transition = etats.DECLARER_CONFORME if avant else etats.DECLARER_CONFORME_APRES
    transition.appliquer(restitution, par=par)
    return restitution


@transaction.atomic
def recevoir_papier(restitution, *, par, rapport_papier_recu_le):
    """Record the paper copy of the report, for an operator which requires it."""
    exiger(droits.suit(par, restitution))
    exiger_aucun_manque(regles.manques_du_papier(restitution, rapport_papier_recu_le))
    restitution.rapport_papier_recu_le = rapport_papier_recu_le
    avant = etats.RECEVOIR_PAPIER.possible(restitution)
    transition = etats.RECEVOIR_PAPIER if avant else etats.RECEVOIR_PAPIER_APRES
    transition.appliquer(restitution, par=par)
    return restitution


@transaction.atomic
def planifier(restitution, *, par, prevue_le, prevue_lieu):
    """Set when and where the restitution will be held, or change it; each party is told."""
    exiger(droits.instruit(par, restitution))
    exiger_aucun_manque(regles.manques_de_la_planification(restitution, prevue_le))
    if not prevue_lieu.strip():
        raise Manques(["Indiquez le lieu de la restitution."])
    change = restitution.prevue_le is not None
    restitution.prevue_le, restitution.prevue_lieu = prevue_le, prevue_lieu
    (etats.REPLANIFIER if change else etats.PLANIFIER).appliquer(restitution, par=par)
    courriels.planification(restitution, change=change)
    return restitution


@transaction.atomic
def tenir(
    restitution,
    *,
    par,
    tenue_le,
    lieu,
    presents,
    resultats="",
    ecarts="",
    besoins="",
    decisions="",
    avec_compte_rendu=True,
):
    """Record the restitution held: the mission ends, the action of the plan is carried out.

    The minutes are made once and kept; without `avec_compte_rendu`, they are made when read.
    """
    exiger(droits.instruit(par, restitution))
    exiger_aucun_manque(regles.manques_de_la_tenue(restitution, tenue_le))
    restitution.tenue_le, restitution.lieu, restitution.presents = tenue_le, lieu, presents
    restitution.resultats, restitution.ecarts = resultats, ecarts
    restitution.besoins, restitution.decisions = besoins, decisions
    if avec_compte_rendu:
        restitution.compte_rendu = _figer_compte_rendu(restitution, par)
    etats.TENIR.appliquer(restitution, par=par)
    terminer(restitution.mission, par=par)
    avancer_action(restitution.mission.convention.ingenierie, StatutAction.REALISEE)
    return restitution


def _figer_compte_rendu(restitution, par):
    """Keep the bytes of the minutes: those signed are those of the evidence file."""
    return fichiers.enregistrer(
        f"compte-rendu-restitution-{restitution.mission.convention.reference}.pdf",
        documents.compte_rendu(restitution),
        "application/pdf",
        fil=restitution.fil,
        categorie="compte_rendu_restitution",
        par=par,
    )


@transaction.atomic
def recevoir_facture(facture, *, par, fichier=None):
    """Record an invoice (not yet saved, its mission set). Returns it."""
    exiger(droits.suit(par, facture.mission))
    Mission.objects.select_for_update().get(pk=facture.mission_id)  # the sum holds until the commit
    exiger_aucun_manque(regles.manques_de_la_facture(facture))
    if fichier is not None:
        facture.fichier = fichiers.deposer(
            fichier, fil=facture.mission.fil, categorie="facture", par=par
        )
    facture.saisie_par = par
    etats.RECEVOIR.appliquer(facture, par=par)
    return facture


def corrige(par, facture):
    """Who typed an invoice corrects it: whoever else did would certify his own figures."""
    siennes = facture.saisie_par_id in (None, getattr(par, "pk", None))  # a link has none
    phrase = "La facture est corrigée par la personne qui l'a saisie."
    return droits.suit(par, facture.mission) and repondre(siennes, phrase)


@transaction.atomic
def corriger_facture(facture, *, par, fichier=None):
    """Save an invoice corrected by who typed it, before the service fait; the history keeps it."""
    exiger(corrige(par, facture))
    Mission.objects.select_for_update().get(pk=facture.mission_id)  # the sum holds until the commit
    exiger_aucun_manque(
        regles.manques_pour_corriger(facture) + regles.manques_de_la_facture(facture)
    )
    if fichier is not None:
        facture.fichier = fichiers.deposer(
            fichier, fil=facture.mission.fil, categorie="facture", par=par
        )
    facture.save()
    journaliser(facture, f"Facture {facture.numero} corrigée"[:200], par=par, nom="corriger")
    return facture


@transaction.atomic
def certifier(facture, *, par, motif=""):
    """Certify the service fait; never the person who entered the invoice.

    `motif` says, in the journal, what proves the days which the mission's own does not hold.
    """
    exiger(droits.gere(par, facture))
    exiger_aucun_manque(
        regles.manques_pour_certifier(facture, par)
        + regles.manques_du_prestataire(facture)
        + regles.manques_des_jours(facture, motif)
    )
    facture.certifiee_le, facture.certifiee_par = horloge.aujourdhui(), par
    etats.CERTIFIER.appliquer(facture, par=par, motif=motif)
    return facture


@transaction.atomic
def payer(facture, *, par, payee_le, paiement_reference):
    """Record the payment; the balance closes the restitution."""
    exiger(droits.gere(par, facture))
    # Nobody prepares or signs an avenant nor invoices meanwhile: what makes it the balance holds.
    Convention.objects.select_for_update().get(pk=facture.mission.convention_id)
    Mission.objects.select_for_update().get(pk=facture.mission_id)
    exiger_aucun_manque(
        regles.manques_pour_payer(facture) + regles.manques_du_paiement(facture, payee_le)
    )
    # An avenant may have lowered the amount due to what was invoiced: nothing else will come.
    facture.solde = regles.devient_le_solde(facture)
    facture.payee_le, facture.paiement_reference = payee_le, paiement_reference
    etats.PAYER.appliquer(facture, par=par)
    restitution = getattr(facture.mission, "restitution", None)
    if facture.solde and restitution is not None:
        restitution.soldee_le = payee_le
        etats.SOLDER.appliquer(restitution, par=par)
    return facture


@transaction.atomic
def rejeter(facture, *, par, motif):
    """Reject an invoice; the prestataire is told the motive and sends another one."""
    exiger(droits.gere(par, facture))
    facture.rejet_motif = motif
    etats.REJETER.appliquer(facture, par=par, motif=motif)
    courriels.rejet(facture)
    return facture


@transaction.atomic
def reprendre(mission, *, par=None, tenue_le):
    """Take over the restitution of a past year."""
    restitution = Restitution(mission=mission, tenue_le=tenue_le, reprise=True)
    etats.REPRENDRE.appliquer(restitution, par=par)
    return restitution
