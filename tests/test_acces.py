"""Who reaches what: one table, URL × role; a named URL without a row fails.

Codes: the status that a GET answers. Anonymous is sent to sign in (302) everywhere but on public
pages. « B » is a chargé de mission of another operator: 404 on every object of A.
"""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from accompagnements.comites.transitions import nommer_membre
from accompagnements.consultations.grilles import GrilleType
from accompagnements.consultations.transitions import preparer
from accompagnements.conventions.transitions import figer_document
from accompagnements.models import Consultation, Question, Sollicitation
from accompagnements.plans.etats import TypeAction
from accompagnements.restitutions.transitions import recevoir_facture
from accompagnements.structures.fusions import fusionner
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from pilotage.models import Objectif
from prestataires.models import Prestataire
from prestataires.transitions import candidater
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique_activites import un_temps, une_activite
from tests.accompagnements.fabrique_ingenierie import (
    le_charge,
    un_avenant,
    une_convention,
    une_enquete,
    une_enveloppe,
)
from tests.accompagnements.test_ingenierie import facture_de

ROLES = (
    "A",
    "B",
    "responsable",
    "gestionnaire",
    "c2ra",
    "pilote",
    "membre",
    "crdla",
    "national",
    "admin",
)
# Ready-made rows, in the order of ROLES.
TOUS = "200 " * 10
EQUIPE = "200 200 200 200 200 404 404 404 404 200"  # lists scoped by role: everybody gets a page
LISTE = "200 " * 10
DU_DOSSIER = "200 404 200 200 200 404 404 404 404 200"  # identity and stage, in the region
INSTRUIT = "200 404 200 403 403 404 404 404 404 403"  # the DLA régional reads, does not lead
CONFIDENTIEL = "200 404 200 404 404 404 404 404 404 200"
CONFIDENTIEL_INSTRUIT = "200 404 200 404 404 404 404 404 404 403"
DE_L_EQUIPE = "200 404 200 200 404 404 404 404 404 200"
EQUIPE_INSTRUIT = "200 404 200 403 404 404 404 404 404 403"
SUIT = "200 404 200 200 404 404 404 404 404 403"
GERE = "403 404 200 200 404 404 404 404 404 403"
COMPOSE = "200 200 200 403 404 404 404 404 404 404"  # the register of the members
GRILLES = "403 403 403 403 200 403 403 403 403 200"
NOTE_SON_TEMPS = "200 200 200 200 403 403 403 403 403 403"
TIENT_LE_REGISTRE = "200 404 200 200 403 404 404 404 404 403"
REGISTRE = "200 200 200 200 200 404 404 200 404 200"
SUPPLEANCES = "200 200 200 200 403 403 403 403 403 403"  # the team of an operator
TACHE = "200 " + "404 " * 9  # of the person whose task it is

# URL name → (key of the object in its path, row). POST-only gestures answer 405 to a GET.
ACCES = {
    "accueil": ("", "200 200 200 200 302 302 302 302 302 302"),
    "comptes:changer_rattachement": ("", "405 " * 10),
    "comptes:courriels": ("", TOUS),
    "comptes:suppleances": ("", SUPPLEANCES),
    "comptes:suppleance_nouvelle": ("", SUPPLEANCES),
    "comptes:suppleance_finir": ("suppleance", "405 " * 10),
    "accompagnements:tache_reporter": ("demande+decider-de-la-suite", TACHE),
    "accompagnements:tache_reprendre": ("demande+decider-de-la-suite", "405 " * 10),
    "socle:courriels_demo": ("", "404 " * 10),
    "socle:brouillon_garder": ("", "405 " * 10),
    "socle:brouillon_oublier": ("", "405 " * 10),
    "socle:sante": ("", TOUS),
    "socle:sante_pret": ("", TOUS),
    "accompagnements:demande_en_ligne": ("", TOUS),
    "accompagnements:demande_prescripteur": ("", TOUS),
    "accompagnements:demande_envoyee": ("", TOUS),
    "accompagnements:en_ligne_liste": ("", LISTE),
    "accompagnements:en_ligne": ("en_ligne", DU_DOSSIER),
    "accompagnements:en_ligne_geste": (
        "en_ligne+prendre",
        "200 404 200 403 403 404 404 404 404 403",
    ),
    "accompagnements:attente": ("", LISTE),
    "accompagnements:partenaires": ("", LISTE),
    "accompagnements:partenaire_nouveau": ("", "200 200 200 403 200 403 403 403 403 403"),
    # The directory of a region is shared by its operators.
    "accompagnements:partenaire": ("partenaire", "200 200 200 200 200 404 404 404 404 200"),
    "accompagnements:partenaire_modifier": (
        "partenaire",
        "200 200 200 403 200 404 404 404 404 403",
    ),
    "accompagnements:demande_lettre": ("refusee", "200 404 200 200 403 404 404 404 404 403"),
    "accompagnements:eligibilites": ("", "403 403 403 403 302 403 403 403 403 200"),
    "accompagnements:eligibilite": ("region", GRILLES),
    "accompagnements:demandes": ("", LISTE),
    "accompagnements:demande_nouvelle": ("", "200 200 200 403 404 403 403 403 403 403"),
    "accompagnements:demande": ("demande", DU_DOSSIER),
    "accompagnements:demande_modifier": ("demande", INSTRUIT),
    "accompagnements:demande_geste": ("demande+classer", INSTRUIT),
    "accompagnements:accompagnements": ("", LISTE),
    "accompagnements:planche": ("", LISTE),
    "accompagnements:dossier": ("dossier", DU_DOSSIER),
    "accompagnements:dossier_geste": ("dossier+clore", INSTRUIT),
    # The DLA régional answers by shared comments; the members and the administrator only read.
    "accompagnements:dossier_commenter": ("dossier", "200 404 200 200 200 404 404 404 404 403"),
    "accompagnements:dossier_synthese": ("dossier", DU_DOSSIER),
    "accompagnements:dossier_complet": ("dossier", "200 404 200 200 403 404 404 404 404 403"),
    "accompagnements:dossier_zip": ("dossier", "405 " * 10),
    # An internal comment is found by the team alone, and mended by its author.
    "accompagnements:commentaire": ("commentaire", "302 404 302 302 404 404 404 404 404 404"),
    "accompagnements:commentaire_corriger": (
        "commentaire",
        "200 404 403 403 404 404 404 404 404 404",
    ),
    "accompagnements:commentaire_retirer": (
        "commentaire",
        "200 404 403 403 404 404 404 404 404 404",
    ),
    "accompagnements:mentions": ("", LISTE),
    "accompagnements:mention_lue": ("mention", "405 " * 10),
    "socle:recherche": ("", LISTE),
    "accompagnements:structures": ("", LISTE),
    "accompagnements:structure_nouvelle": ("", "200 200 200 403 403 403 403 403 403 403"),
    "accompagnements:structure": ("structure", DU_DOSSIER),
    "accompagnements:structure_modifier": ("structure", INSTRUIT),
    "accompagnements:structure_agrements": ("structure", INSTRUIT),
    "accompagnements:structure_ressemblantes": ("", "200 200 200 403 403 403 403 403 403 403"),
    "accompagnements:structure_adresses": ("", "200 200 200 403 403 403 403 403 403 403"),
    "accompagnements:structure_verifier": ("structure", "405 " * 10),
    "accompagnements:structure_confirmer": ("structure", "405 " * 10),
    # The DLA régional and the administrator keep the register free of duplicates.
    "accompagnements:structure_fusionner": (
        "structure",
        "200 404 200 403 200 404 404 404 404 200",
    ),
    "accompagnements:fusion_defaire": ("fusion", "200 404 200 403 200 404 404 404 404 200"),
    "accompagnements:piece_ajouter": ("structure", INSTRUIT),
    "accompagnements:signalement_ajouter": ("structure", INSTRUIT),
    "accompagnements:signalement_modifier": ("signalement", EQUIPE_INSTRUIT),
    "accompagnements:contact_ajouter": ("structure", INSTRUIT),
    "accompagnements:annee_ajouter": ("structure", INSTRUIT),
    "accompagnements:contact_modifier": ("contact", INSTRUIT),
    "accompagnements:annee_modifier": ("annee", INSTRUIT),
    "accompagnements:diagnostic_commencer": ("dossier", INSTRUIT),
    "accompagnements:diagnostic": ("diagnostic", CONFIDENTIEL),
    "accompagnements:diagnostic_pdf": ("diagnostic", CONFIDENTIEL),
    "accompagnements:diagnostic_modifier": ("diagnostic+analyse", CONFIDENTIEL_INSTRUIT),
    "accompagnements:diagnostic_geste": ("diagnostic+soumettre", CONFIDENTIEL_INSTRUIT),
    "accompagnements:diagnostic_comparer": ("diagnostic+@autre_diagnostic", CONFIDENTIEL),
    "accompagnements:diagnostic_exemplaire": ("autorisation", CONFIDENTIEL_INSTRUIT),
    "accompagnements:diagnostic_autorisation_retirer": ("autorisation", "405 " * 10),
    "accompagnements:relectures": ("", LISTE),
    # The reader alone, as long as the reading is asked; the team reads its own page.
    "accompagnements:relecture": ("relecture", "404 404 404 404 404 404 404 200 404 404"),
    "accompagnements:plan_preparer": ("dossier", INSTRUIT),
    "accompagnements:plan": ("plan", DE_L_EQUIPE),
    "accompagnements:plan_pdf": ("plan", DE_L_EQUIPE),
    "accompagnements:plan_modifier": ("plan", EQUIPE_INSTRUIT),
    "accompagnements:plan_geste": ("plan+valider", EQUIPE_INSTRUIT),
    "accompagnements:plan_comparer": ("plan", DE_L_EQUIPE),
    "accompagnements:plan_contributions": ("plan", EQUIPE_INSTRUIT),
    "accompagnements:plan_revues": ("plan", EQUIPE_INSTRUIT),
    "accompagnements:action_ajouter": ("plan", EQUIPE_INSTRUIT),
    "accompagnements:action_modifier": ("action", EQUIPE_INSTRUIT),
    # The plan is not agreed to yet: its actions do not advance.
    "accompagnements:action_avancement": ("action", "409 404 409 403 404 404 404 404 404 403"),
    "accompagnements:action_rattacher": ("action", EQUIPE_INSTRUIT),
    "accompagnements:action_retirer": ("action", "405 " * 10),
    "accompagnements:seances": ("", LISTE),
    "accompagnements:seance_nouvelle": ("", "200 200 200 403 404 403 403 403 403 403"),
    "accompagnements:seance": ("seance", DE_L_EQUIPE),
    "accompagnements:seance_inscrire": ("seance", EQUIPE_INSTRUIT),
    "accompagnements:seance_agenda": ("seance", DE_L_EQUIPE),
    "accompagnements:seance_releve": ("seance", EQUIPE_INSTRUIT),
    "accompagnements:seance_emargement": ("seance", EQUIPE_INSTRUIT),
    "accompagnements:dossier_presenter": ("dossier", INSTRUIT),
    "accompagnements:membres": ("", COMPOSE),
    "accompagnements:membre_nouveau": ("", COMPOSE),
    "accompagnements:membre_fin": ("mandat", "200 404 200 403 404 404 404 404 404 404"),
    "accompagnements:seance_geste": ("seance+annuler", EQUIPE_INSTRUIT),
    "accompagnements:passage_geste": ("passage+retirer", EQUIPE_INSTRUIT),
    "accompagnements:consultations": ("", LISTE),
    "accompagnements:consultation_preparer": ("ingenierie", EQUIPE_INSTRUIT),
    "accompagnements:consultation": ("consultation", DE_L_EQUIPE),
    "accompagnements:cahier_modifier": ("consultation", EQUIPE_INSTRUIT),
    # Being written, the cahier still quotes the diagnostic: the gestionnaire does not read it.
    "accompagnements:cahier_pdf": ("consultation", CONFIDENTIEL),
    "accompagnements:pv_pdf": ("consultation", "404 " * 10),
    "accompagnements:ouverture_pdf": ("consultation", "404 " * 10),
    "accompagnements:comparaison_pdf": ("consultation", "404 " * 10),
    "accompagnements:criteres_modifier": ("consultation", EQUIPE_INSTRUIT),
    "accompagnements:grilles_types": ("", GRILLES),
    "accompagnements:grille_type_nouvelle": ("", GRILLES),
    # A national grid: nobody but the administrator changes it.
    "accompagnements:grille_type_modifier": ("grille_type", "404 " * 9 + "200"),
    "accompagnements:grille_type_ecarter": ("grille_type", "405 " * 10),
    "accompagnements:grille_type_proposer": ("grille_type", "405 " * 10),
    "accompagnements:consultation_grille": (
        "consultation",
        "404 404 404 403 404 404 404 404 404 403",
    ),
    "accompagnements:consultation_prestataires": ("consultation", EQUIPE_INSTRUIT),
    "accompagnements:consultation_pressentir": ("consultation", "405 " * 10),
    "accompagnements:sollicitation_renoncer": ("sollicitation", "405 " * 10),
    "accompagnements:sollicitation_depot": ("sollicitation", EQUIPE_INSTRUIT),
    "accompagnements:sollicitation_geste": ("sollicitation+noter-refus", EQUIPE_INSTRUIT),
    "accompagnements:question_repondre": ("question", EQUIPE_INSTRUIT),
    "accompagnements:consultation_geste": ("consultation+abandonner", EQUIPE_INSTRUIT),
    "accompagnements:convention_preparer": ("consultation", EQUIPE_INSTRUIT),
    "accompagnements:conventions": ("", LISTE),
    "accompagnements:trames": ("", "403 403 403 403 302 403 403 403 403 200"),
    "accompagnements:trame": ("region", "403 403 403 403 200 403 403 403 403 200"),
    "accompagnements:trame_modifier": ("region", "403 403 403 403 200 403 403 403 403 200"),
    "accompagnements:trame_apercu": ("region", "403 403 403 403 200 403 403 403 403 200"),
    "accompagnements:missions": ("", LISTE),
    "accompagnements:temps": ("", LISTE),
    "accompagnements:temps_nouveau": ("", NOTE_SON_TEMPS),
    "accompagnements:temps_semaine": ("", NOTE_SON_TEMPS),
    # One's own lines; the responsable corrects those of the team, the gestionnaire reads them.
    "accompagnements:temps_ligne": ("temps", DE_L_EQUIPE),
    "accompagnements:temps_modifier": ("temps", EQUIPE_INSTRUIT),
    "accompagnements:temps_geste": ("temps+retirer", EQUIPE_INSTRUIT),
    "accompagnements:activites": ("", LISTE),
    "accompagnements:activite_nouvelle": ("", "200 200 200 200 200 403 403 403 403 403"),
    "accompagnements:activite": ("activite", DU_DOSSIER),
    "accompagnements:activite_modifier": ("activite", TIENT_LE_REGISTRE),
    "accompagnements:activite_piece": ("activite", TIENT_LE_REGISTRE),
    "accompagnements:activite_geste": ("activite+annuler", TIENT_LE_REGISTRE),
    "accompagnements:agenda": ("", "200 200 200 200 200 403 403 403 403 403"),
    "accompagnements:agenda_abonner": ("", "405 " * 10),
    "accompagnements:agenda_revoquer": ("", "405 " * 10),
    "accompagnements:enveloppes": ("", LISTE),
    "accompagnements:enveloppe_nouvelle": ("", "403 403 200 200 403 403 403 403 403 403"),
    "accompagnements:enveloppe": ("enveloppe", DE_L_EQUIPE),
    "accompagnements:enveloppe_modifier": ("enveloppe", GERE),
    "accompagnements:suivis": ("", LISTE),
    "prestataires:liste": ("", LISTE),
    "prestataires:fiche": ("prestataire", REGISTRE),
    "prestataires:nouveau": ("", "200 200 200 403 200 403 403 403 403 403"),
    "prestataires:modifier": ("prestataire", "200 200 200 403 200 404 404 403 404 403"),
    "prestataires:geste": ("prestataire+referencer", "403 403 403 403 200 404 404 403 404 403"),
    "pilotage:tableau": ("", "200 200 200 200 200 200 403 200 200 200"),
    "pilotage:costrat": ("", "403 403 403 403 200 200 403 200 200 200"),
    "pilotage:operateurs": ("", "200 200 200 200 200 200 403 200 200 200"),
    "pilotage:definitions": ("", TOUS),
    "pilotage:objectifs": ("", "200 200 200 200 200 200 403 200 200 200"),
    "pilotage:objectif_nouveau": ("", "403 403 403 403 200 403 403 403 403 200"),
    "pilotage:objectif_modifier": ("objectif", "403 403 403 403 200 403 403 403 403 200"),
    "pilotage:lignes": ("?code=I-09", "200 200 200 200 200 200 403 200 200 200"),
}
# Late stages: a convention, its mission, restitution, invoice, survey and follow-up. The DLA
# régional sees none of them in another operator's dossier; the gestionnaire follows the money.
ACCES_PLUS_LOIN = {
    "accompagnements:proposition_motif": ("proposition", EQUIPE_INSTRUIT),
    # The choice is made: the pieces are no longer checked.
    "accompagnements:proposition_pieces": (
        "proposition",
        "409 404 409 403 404 404 404 404 404 403",
    ),
    "accompagnements:convention": ("convention", DE_L_EQUIPE),
    "accompagnements:convention_pdf": ("convention", DE_L_EQUIPE),
    "accompagnements:convention_modifier": ("brouillon", EQUIPE_INSTRUIT),
    "accompagnements:convention_geste": ("convention+abandonner", EQUIPE_INSTRUIT),
    "accompagnements:avenant_preparer": ("sans_avenant", EQUIPE_INSTRUIT),
    "accompagnements:avenant": ("avenant", DE_L_EQUIPE),
    "accompagnements:avenant_pdf": ("avenant", DE_L_EQUIPE),
    "accompagnements:avenant_modifier": ("avenant", EQUIPE_INSTRUIT),
    "accompagnements:avenant_geste": ("avenant+abandonner", EQUIPE_INSTRUIT),
    "accompagnements:mission_lancer": ("convention", EQUIPE_INSTRUIT),
    "accompagnements:mission": ("mission", DE_L_EQUIPE),
    "accompagnements:mission_lancement_pdf": ("mission", DE_L_EQUIPE),
    "accompagnements:mission_emargement_pdf": ("mission", DE_L_EQUIPE),
    "accompagnements:journee_ajouter": ("mission", EQUIPE_INSTRUIT),
    "accompagnements:feuille_ajouter": ("mission", EQUIPE_INSTRUIT),
    "accompagnements:note_ajouter": ("mission", EQUIPE_INSTRUIT),
    "accompagnements:hors_cadre_demander": ("mission", EQUIPE_INSTRUIT),
    "accompagnements:journee_emargement_pdf": ("journee", DE_L_EQUIPE),
    "accompagnements:journee_geste": ("journee+retirer", EQUIPE_INSTRUIT),
    "accompagnements:hors_cadre_geste": ("hors_cadre+autoriser", EQUIPE_INSTRUIT),
    "accompagnements:mission_geste": ("mission+alerter", EQUIPE_INSTRUIT),
    "accompagnements:restitution_recevoir": ("mission", EQUIPE_INSTRUIT),
    "accompagnements:facture_ajouter": ("mission", SUIT),
    "accompagnements:restitution": ("restitution", DE_L_EQUIPE),
    "accompagnements:restitution_compte_rendu_pdf": ("restitution", DE_L_EQUIPE),
    "accompagnements:restitution_geste": ("restitution+tenir", EQUIPE_INSTRUIT),
    "accompagnements:facture": ("facture", DE_L_EQUIPE),
    "accompagnements:facture_modifier": ("facture", "200 404 403 403 404 404 404 404 404 403"),
    "accompagnements:facture_geste": ("facture+certifier", GERE),
    "accompagnements:convention_repartir": ("convention", SUIT),
    "accompagnements:convention_liberer": ("convention", GERE),
    "accompagnements:preuves_fse": ("mission", SUIT),
    "accompagnements:preuves_fse_zip": ("mission", SUIT),
    "accompagnements:enquete_envoyer": ("restitution", EQUIPE_INSTRUIT),
    "accompagnements:enquete": ("enquete", CONFIDENTIEL),
    "accompagnements:enquete_geste": ("enquete+clore", CONFIDENTIEL_INSTRUIT),
    "accompagnements:suivi": ("suivi", CONFIDENTIEL),
    "accompagnements:suivi_geste": ("suivi+realiser", CONFIDENTIEL_INSTRUIT),
    "socle:telecharger": ("piece", DE_L_EQUIPE),
}
PUBLIQUES = {
    "socle:sante",
    "socle:sante_pret",
    "socle:lien",
    "accompagnements:agenda_flux",
    "accompagnements:demande_en_ligne",
    "accompagnements:demande_prescripteur",
    "accompagnements:demande_envoyee",
}
# Pages of libraries, behind their own guards.
BIBLIOTHEQUES = ("admin:", "account_", "mfa_", "socialaccount_")


def _noms(resolveur, prefixe=""):
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLResolver):
            espace = f"{motif.namespace}:" if motif.namespace else ""
            yield from _noms(motif, prefixe + espace)
        elif isinstance(motif, URLPattern) and motif.name:
            yield prefixe + motif.name


def test_chaque_adresse_a_sa_ligne():
    noms = {nom for nom in _noms(get_resolver()) if not nom.startswith(BIBLIOTHEQUES)}
    assert noms - set(ACCES) - set(ACCES_PLUS_LOIN) - PUBLIQUES == set()
    assert set(ACCES) | set(ACCES_PLUS_LOIN) <= noms


@pytest.fixture
def monde(db):
    """One dossier of operator A at each stage up to the consultation, and everybody."""
    departement = fabrique.un_departement()
    operateur = fabrique.un_operateur(departement=departement)
    demande = fabrique.une_demande("accueillie")
    diagnostic = fabrique.un_diagnostic("en_cours")
    plan = fabrique.un_plan("brouillon")
    action = plan.actions.first() or fabrique.une_action(plan, TypeAction.ING_IND)
    ingenierie = fabrique.une_ingenierie()
    passage = fabrique.un_passage("inscrit")
    charge = fabrique.un_charge(operateur)
    consultation = preparer(ingenierie, par=charge)
    prestataire = _candidat(charge)
    sollicitation = Sollicitation.objects.create(consultation=consultation, prestataire=prestataire)
    question = Question.objects.create(
        sollicitation=sollicitation,
        texte="Peut-on venir sur place ?",
        posee_le=horloge.maintenant(),
    )
    structure = demande.structure
    objectif = Objectif.objects.create(annee=2025, departement=departement, valeur=10)
    mandat = nommer_membre(
        operateur,
        par=charge,
        email="membre@reseau.example",
        prenom="Dominique",
        nom="Essai",
        au_titre_de="Réseau d'essai",
        debut=horloge.aujourdhui(),
    )
    collegue = fabrique.une_personne(roles.Responsable.code, operateur=operateur)
    commentaire = fabrique.un_commentaire(diagnostic.accompagnement, prevenir=[collegue])
    fusion = fusionner(fabrique.une_structure(), fabrique.une_structure(), par=charge)
    objets = {
        "mandat": mandat,
        "suppleance": fabrique.une_suppleance(charge),
        "grille_type": GrilleType.objects.filter(region=None).first(),
        "demande": demande,
        "dossier": diagnostic.accompagnement,
        "structure": structure,
        "contact": structure.contacts.first(),
        "annee": structure.annees.first(),
        "fusion": fusion,
        "signalement": fabrique.un_signalement(structure, charge),
        "commentaire": commentaire,
        "mention": commentaire.mentions.get(),
        "diagnostic": diagnostic,
        "autre_diagnostic": _second_diagnostic(diagnostic),
        "autorisation": _autorisation(diagnostic),
        "relecture": fabrique.un_diagnostic("en_relecture").relectures.get(),
        "plan": plan,
        "action": action,
        "ingenierie": ingenierie,
        "seance": passage.seance,
        "passage": passage,
        "consultation": consultation,
        "sollicitation": sollicitation,
        "question": question,
        "prestataire": prestataire,
        "region": departement.region,
        "objectif": objectif,
        "enveloppe": une_enveloppe(numero="1"),
        "en_ligne": fabrique.une_demande_en_ligne("a_prendre"),
        "orpheline": fabrique.une_demande_en_ligne("sans_operateur"),
        "partenaire": fabrique.un_partenaire(),
        "en_attente": fabrique.une_demande("en_attente"),
        "orientee": fabrique.une_demande("reorientee"),
        "refusee": fabrique.une_demande("non_eligible"),
        "temps": un_temps(charge),
        "activite": une_activite(charge),
    }
    return _personnes(operateur), objets


def _personnes(operateur):
    """One person per role around operator A, and a chargé of another operator."""
    departement = operateur.departements_couverts().get()
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    region = departement.region
    return {
        "A": fabrique.un_charge(operateur),
        "B": fabrique.un_charge(autre),
        "responsable": fabrique.une_personne(roles.Responsable.code, operateur=operateur),
        "gestionnaire": fabrique.une_personne(roles.Gestionnaire.code, operateur=operateur),
        "c2ra": fabrique.une_personne(roles.DlaRegional.code, region=region),
        "pilote": fabrique.une_personne(roles.Pilote.code, region=region),
        "membre": fabrique.une_personne(roles.MembreComite.code),
        "crdla": fabrique.un_lecteur(),
        "national": fabrique.une_personne(roles.National.code),
        "admin": fabrique.une_personne(roles.Administrateur.code),
    }


def _second_diagnostic(diagnostic):
    """Another diagnostic of the same structure, in a later dossier."""
    structure = diagnostic.accompagnement.structure
    return fabrique.un_diagnostic("en_cours", structure=structure, jours=60)


def _autorisation(diagnostic):
    return diagnostic.autorisations.create(
        destinataire="Une fondation",
        raison="Un prêt",
        accordee_par="La présidente",
        accordee_le=horloge.aujourdhui(),
    )


def _candidat(charge):
    return candidater(Prestataire(siret="40483304800022", nom="Cabinet d'essai"), par=charge)


@pytest.fixture
def monde_plus_loin(db):
    """The late stages of dossiers of operator A, and everybody."""
    enquete = une_enquete()
    une_enveloppe(numero="2")
    restitution = enquete.restitution
    mission = restitution.mission
    charge = le_charge(mission.convention)
    facture = recevoir_facture(facture_de(mission), par=charge)
    objets = {
        "convention": mission.convention,
        "proposition": mission.convention.consultation.propositions.first(),
        "brouillon": une_convention("brouillon"),
        "sans_avenant": une_convention(),
        "avenant": un_avenant(mission.convention),
        "mission": mission,
        "journee": mission.journees.get(),
        "hors_cadre": mission.hors_cadre.get(),
        "restitution": restitution,
        "facture": facture,
        "enquete": enquete,
        "suivi": enquete.accompagnement.suivis.get(),
        "piece": figer_document(mission.convention, par=charge),
    }
    return _personnes(fabrique.un_operateur()), objets


def _adresse(nom, cle, objets):
    if cle.startswith("?"):
        return reverse(nom) + cle
    objet, _, geste = cle.partition("+")
    arguments = [objets[objet].pk] if objet else []
    if geste.startswith("@"):  # another object
        geste = objets[geste[1:]].pk
    return reverse(nom, args=[*arguments, geste] if geste else arguments)


def test_chaque_role_recoit_ce_que_dit_la_table(monde, client):
    _comparer(ACCES, *monde, client)


def test_chaque_role_recoit_ce_que_dit_la_table_des_dernieres_etapes(monde_plus_loin, client):
    _comparer(ACCES_PLUS_LOIN, *monde_plus_loin, client)


def _comparer(table, personnes, objets, client):
    ecarts = []
    for nom, (cle, ligne) in table.items():
        adresse = _adresse(nom, cle, objets)
        for role, attendu in zip(ROLES, ligne.split(), strict=True):
            client.force_login(personnes[role])
            reponse = client.get(adresse)
            if reponse.streaming:
                b"".join(reponse.streaming_content)
            recu = reponse.status_code
            if recu != int(attendu):
                ecarts.append(f"{nom} {role} : {recu} au lieu de {attendu}")
    assert not ecarts, "\n".join(ecarts)


def test_l_anonyme_ne_voit_que_le_public(monde, client):
    _, objets = monde
    for nom, (cle, _) in ACCES.items():
        reponse = client.get(_adresse(nom, cle, objets))
        if nom in PUBLIQUES:
            assert reponse.status_code == 200
        else:
            assert reponse.status_code == 302, nom
            assert reponse["Location"].startswith("/compte/login/"), nom


def test_un_marqueur_de_a_n_apparait_jamais_chez_b(monde, client):
    personnes, objets = monde
    marqueur = "ZZMARQUEURZZ"
    dossier = objets["dossier"]
    dossier.structure.nom = f"Association {marqueur}"
    dossier.structure.save()
    listes = [nom for nom, (cle, _) in ACCES.items() if not cle]
    vus = 0
    for role in ("A", "B", "pilote", "national", "crdla", "membre"):
        client.force_login(personnes[role])
        for nom in listes:
            for suite in ("", f"?q={marqueur}", "?export=csv"):
                reponse = client.get(reverse(nom) + suite)
                corps = b"".join(reponse) if reponse.streaming else reponse.content
                texte = corps.decode(errors="replace").replace(f'value="{marqueur}"', "")
                texte = texte.replace(f"« {marqueur} »", "").replace(f"q={marqueur}", "")
                if role == "A":
                    vus += f"Association {marqueur}" in texte
                else:
                    assert f"Association {marqueur}" not in texte, f"{role} {nom}{suite}"
    assert vus >= 3


def test_une_consultation_d_un_autre_operateur_reste_invisible(monde):
    personnes, _ = monde
    assert Consultation.objects.visibles_par(personnes["A"]).count() == 1
    assert Consultation.objects.visibles_par(personnes["B"]).count() == 0
    assert not AnonymousUser().is_authenticated
