"""Every change of state of a demande, and the opening and closing of the Accompagnement."""

from datetime import timedelta

from django.db import transaction

from accompagnements import droits
from accompagnements.demandes import courriels, eligibilite, etats, regles
from accompagnements.demandes.etats import Etat
from accompagnements.demandes.models import Accompagnement, Demande
from accompagnements.structures.lieu import zonages_de
from dla_portal.comptes.droits import exiger
from dla_portal.socle import fichiers, horloge, references
from dla_portal.socle.etats import journaliser
from dla_portal.socle.regles import Manques, exiger_aucun_manque


@transaction.atomic
def enregistrer(demande, *, par):
    """Record a new demande received by the operator."""
    exiger(droits.instruit(par, demande))
    serie = f"DLA-{demande.departement_id}-{demande.recue_le.year}"
    demande.reference = references.prochaine(serie)
    demande.charge = demande.charge or par
    etats.ENREGISTRER.appliquer(demande, par=par)
    return demande


@transaction.atomic
def planifier_accueil(demande, *, par, accueil_prevu_le):
    """Set the date of the accueil meeting; the structure is told."""
    exiger(droits.instruit(par, demande))
    exiger_aucun_manque(regles.manques_de_l_accueil_prevu(demande, accueil_prevu_le))
    demande.accueil_prevu_le = accueil_prevu_le
    demande.charge = demande.charge or par  # it may have come by the public page
    etats.PLANIFIER_ACCUEIL.appliquer(demande, par=par)
    courriels.accueil_planifie(demande)
    return demande


@transaction.atomic
def accueillir(demande, *, par, accueil_le, **compte_rendu):
    """Record the accueil held, its report and the eligibility criteria examined.

    `compte_rendu` holds fields of the Demande (accueil_mode, accueil_presents, accueil_notes,
    derogation) and one `critere_<code>` per criterion in force, kept with its wording.
    """
    exiger(droits.instruit(par, demande))
    exiger_aucun_manque(regles.manques_de_l_accueil(demande, accueil_le))
    demande.accueil_le = accueil_le
    demande.charge = demande.charge or par
    reponses = {
        champ.removeprefix("critere_"): compte_rendu.pop(champ)
        for champ in list(compte_rendu)
        if champ.startswith("critere_")
    }
    examines = eligibilite.a_examiner(demande.departement.region_id)
    demande.eligibilite = eligibilite.repondre_aux(examines, reponses)
    demande.deroger(compte_rendu.pop("derogation", ""), par)
    for champ, valeur in compte_rendu.items():
        setattr(demande, champ, valeur)
    etats.ACCUEILLIR.appliquer(demande, par=par)
    return demande


@transaction.atomic
def mettre_en_attente(demande, *, par, motif, priorite=Demande.Priorite.NORMALE):
    """Put an eligible demande in the waiting list."""
    exiger(droits.instruit(par, demande))
    exiger_aucun_manque(regles.manques_pour_attendre(demande))
    demande.en_attente_le, demande.priorite = horloge.aujourdhui(), priorite
    etats.METTRE_EN_ATTENTE.appliquer(demande, par=par, motif=motif)
    return demande


@transaction.atomic
def ouvrir(demande, *, par):
    """Open the Accompagnement: attributes of the structure are kept as of this day (G10)."""
    exiger(droits.instruit(par, demande))
    exiger_aucun_manque(regles.manques_pour_ouvrir(demande))
    etats.OUVRIR.appliquer(demande, par=par)
    return ouvrir_accompagnement(demande, par=par, le=horloge.aujourdhui())


def ouvrir_accompagnement(demande, *, par, le):
    """Create the Accompagnement of a demande, with the attributes of entry. Returns it."""
    structure = demande.structure
    annee = structure.annees.filter(annee__lte=le.year).order_by("-annee").first()
    accompagnement = Accompagnement(
        reference=demande.reference,
        demande=demande,
        structure=structure,
        operateur_id=demande.operateur_id,
        departement_id=demande.departement_id,
        charge=demande.charge,
        ouvert_le=le,
        secteur=structure.secteur,
        famille=structure.famille,
        effectif=annee.effectif if annee else None,
        zonages=zonages_de(structure, le),
    )
    etats.OUVRIR_ACCOMPAGNEMENT.appliquer(accompagnement, par=par)
    return accompagnement


@transaction.atomic
def prioriser(demande, *, par, priorite, motif):
    """Move a demande in the waiting list."""
    exiger(droits.instruit(par, demande))
    exiger_etat(demande, Etat.EN_ATTENTE)
    demande.priorite = priorite
    demande.save()
    libelle = f"Priorité : {demande.get_priorite_display().lower()}"
    journaliser(demande, libelle, par=par, motif=motif, nom="prioriser")
    return demande


@transaction.atomic
def orienter(demande, *, par, motif, orientation=None, orientation_organisme="", partenaire=None):
    """Send the structure to a partner better placed to help; it is told by mail.

    A partner of the directory brings its nature, its name and how to reach it. What came of it is
    asked for `SUITE_JOURS` days later.
    """
    exiger(droits.instruit(par, demande))
    if partenaire is not None:
        orientation = partenaire.genre
        orientation_organisme = orientation_organisme or partenaire.nom
    demande.partenaire = partenaire
    demande.orientation, demande.orientation_organisme = orientation, orientation_organisme
    demande.suite_le, demande.suite_resultat, demande.suite_precisions = None, "", ""
    demande.suite_prevue_le = horloge.aujourdhui() + timedelta(days=regles.SUITE_JOURS)
    demande.decidee_le, demande.decision_motif = horloge.aujourdhui(), motif
    etats.ORIENTER.appliquer(demande, par=par, motif=motif)
    courriels.orientation(demande)
    return demande


@transaction.atomic
def noter_suite(demande, *, par, suite_le, suite_resultat, suite_precisions=""):
    """Record what came of an orientation; while it goes on, it is asked for again later."""
    exiger(droits.instruit(par, demande))
    exiger_etat(demande, Etat.REORIENTEE)
    exiger_aucun_manque(regles.manques_de_la_suite(demande, suite_le))
    demande.suite_le, demande.suite_resultat = suite_le, suite_resultat
    demande.suite_precisions = suite_precisions
    en_cours = suite_resultat == Demande.Suite.EN_COURS
    encore = horloge.aujourdhui() + timedelta(days=regles.SUITE_JOURS)
    demande.suite_prevue_le = encore if en_cours else None
    demande.save()
    libelle = f"Suite de l'orientation : {demande.get_suite_resultat_display().lower()}"
    journaliser(demande, libelle, par=par, motif=suite_precisions, nom="noter_suite")
    return demande


@transaction.atomic
def engager(demande, *, par, charte=None, charte_le=None, charte_signataire="", accord_ca_le=None):
    """Keep the signed charter of the structure and the agreement of its board, both dated."""
    exiger(droits.suit(par, demande))
    exiger_etat(demande, *regles.ENGAGEABLES)
    exiger_aucun_manque(
        regles.manques_de_l_engagement(charte, charte_le, charte_signataire, accord_ca_le)
    )
    faits = []
    if charte:
        demande.charte = fichiers.deposer(charte, fil=demande.fil, categorie="charte", par=par)
        demande.charte_le, demande.charte_signataire = charte_le, charte_signataire
        faits.append(f"charte signée par {charte_signataire}")
    if accord_ca_le:
        demande.accord_ca_le = accord_ca_le
        faits.append(f"accord du conseil le {accord_ca_le:%d/%m/%Y}")
    demande.save()
    journaliser(demande, f"Engagement : {', '.join(faits)}"[:200], par=par, nom="engager")
    return demande


def exiger_etat(demande, *attendus):
    """Raise Manques when a gesture that changes no state is out of season."""
    if demande.etat not in attendus:
        raise Manques([f"La demande est « {demande.get_etat_display().lower()} »."])


@transaction.atomic
def refuser(demande, *, par, motif, lettre=""):
    """Declare the demande not eligible; the structure receives the letter as it was read over."""
    exiger(droits.instruit(par, demande))
    demande.refus_lettre = regles.rediger_le_refus(demande, motif, lettre)
    demande.decidee_le, demande.decision_motif = horloge.aujourdhui(), motif
    etats.REFUSER.appliquer(demande, par=par, motif=motif)
    courriels.refus(demande)
    return demande


@transaction.atomic
def classer(demande, *, par, motif):
    """Close a demande that its author does not pursue."""
    exiger(droits.instruit(par, demande))
    demande.decidee_le, demande.decision_motif = horloge.aujourdhui(), motif
    etats.CLASSER.appliquer(demande, par=par, motif=motif)
    return demande


@transaction.atomic
def rouvrir(demande, *, par, motif):
    """Reopen a closed demande: a decision of the responsable."""
    exiger(droits.arbitre(par, demande))
    demande.decidee_le, demande.decision_motif = None, ""
    demande.suite_prevue_le = None
    # What was said of the former decision stays in the history: the next one says its own.
    demande.refus_lettre = demande.orientation_organisme = demande.suite_precisions = ""
    demande.orientation = demande.partenaire = demande.suite_le = None
    demande.suite_resultat = ""
    transition = etats.ROUVRIR if demande.accueil_le else etats.ROUVRIR_NOUVELLE
    transition.appliquer(demande, par=par, motif=motif)
    return demande


@transaction.atomic
def clore(accompagnement, *, par, motif=""):
    """Close a dossier whose course is over."""
    exiger(droits.instruit(par, accompagnement))
    exiger_aucun_manque(regles.manques_pour_clore(accompagnement))
    accompagnement.clos_le, accompagnement.cloture_motif = horloge.aujourdhui(), motif
    etats.CLORE.appliquer(accompagnement, par=par, motif=motif)
    return accompagnement


@transaction.atomic
def abandonner(accompagnement, *, par, motif):
    """Close a dossier that stops before its end."""
    exiger(droits.instruit(par, accompagnement))
    exiger_aucun_manque(regles.manques_pour_clore(accompagnement))
    accompagnement.clos_le, accompagnement.cloture_motif = horloge.aujourdhui(), motif
    etats.ABANDONNER.appliquer(accompagnement, par=par, motif=motif)
    return accompagnement


@transaction.atomic
def rouvrir_accompagnement(accompagnement, *, par, motif):
    """Reopen a closed dossier: a decision of the responsable."""
    exiger(droits.arbitre(par, accompagnement))
    accompagnement.clos_le, accompagnement.cloture_motif = None, ""
    etats.REPRENDRE_ACCOMPAGNEMENT.appliquer(accompagnement, par=par, motif=motif)
    return accompagnement


@transaction.atomic
def confier(objet, *, par, charge, motif=""):
    """Hand a demande or a dossier over to another person of the team; the state stays."""
    exiger(droits.instruit(par, objet))
    exiger_aucun_manque(regles.manques_pour_confier(objet))
    exiger_aucun_manque(regles.manques_du_relais(objet, charge))
    avant = objet.charge
    objet.charge = charge
    objet.save()
    libelle = f"Suivi confié à {charge}" + (f", après {avant}" if avant else "")
    journaliser(objet, libelle[:200], par=par, motif=motif, nom="confier")
    return objet


@transaction.atomic
def reprendre(demande, *, par=None):
    """Take over a past demande with its own reference; the caller has checked the row."""
    demande.reprise, demande.canal = True, Demande.Canal.REPRISE
    etats.REPRENDRE.appliquer(demande, par=par)
    return demande


@transaction.atomic
def reprendre_orientation(demande, *, par=None):
    """Take over a past demande which was sent elsewhere."""
    demande.decidee_le = demande.accueil_le or demande.recue_le
    etats.ORIENTER.appliquer(demande, par=par, motif="Reprise d'une année passée")
    return demande


@transaction.atomic
def reprendre_abandon(demande, *, par=None):
    """Take over a past demande which was not pursued after the accueil."""
    demande.decidee_le = demande.accueil_le or demande.recue_le
    etats.CLASSER.appliquer(demande, par=par, motif="Reprise d'une année passée")
    return demande


@transaction.atomic
def reprendre_accompagnement(demande, *, par=None, le):
    """Take over the past dossier of a demande taken over. Returns the Accompagnement."""
    etats.OUVRIR.appliquer(demande, par=par)
    return ouvrir_accompagnement(demande, par=par, le=le)


@transaction.atomic
def reprendre_issue(accompagnement, *, par=None, le, abandon=False):
    """Close a past dossier taken over, on its own date."""
    accompagnement.clos_le = le
    transition = etats.ABANDONNER if abandon else etats.CLORE
    transition.appliquer(accompagnement, par=par, motif="Reprise d'une année passée")
    return accompagnement
