"""Every form of the product with an object in a state that opens it, and how to fill it badly."""

import re
from datetime import timedelta
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import walk_packages

from django import forms
from django.urls import reverse

import accompagnements
import pilotage
import prestataires
from accompagnements.consultations import transitions as consultations
from accompagnements.missions import transitions as missions
from accompagnements.models import Demande
from accompagnements.restitutions import transitions as restitutions
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel, Evenement
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.test_ingenierie import facture_de
from tests.preuves import mondes

RACINES = (prestataires, accompagnements, pilotage)
# (URL name, object and gesture, who), by the fixture that makes the objects.
FORMULAIRES = {
    "monde": [
        ("accompagnements:demande_en_ligne", "", "A"),
        ("accompagnements:demande_prescripteur", "", "A"),
        ("accompagnements:demande_envoyee", "", "A"),
        ("accompagnements:en_ligne_geste", "orpheline+confier", "admin"),
        ("accompagnements:eligibilite", "region", "c2ra"),
        ("accompagnements:partenaire_nouveau", "", "A"),
        ("accompagnements:partenaire_modifier", "partenaire", "A"),
        ("accompagnements:demande_geste", "en_attente+prioriser", "A"),
        ("accompagnements:demande_geste", "orientee+noter-suite", "A"),
        ("accompagnements:demande_geste", "demande+engager", "A"),
        ("comptes:courriels", "", "A"),
        ("comptes:suppleance_nouvelle", "", "A"),
        ("comptes:suppleance_nouvelle", "", "responsable"),
        ("accompagnements:tache_reporter", "demande+decider-de-la-suite", "A"),
        ("accompagnements:demande_modifier", "demande", "A"),
        ("accompagnements:demande_geste", "demande+mettre-en-attente", "A"),
        ("accompagnements:demande_geste", "demande+orienter", "A"),
        ("accompagnements:demande_geste", "demande+refuser", "A"),
        ("accompagnements:demande_geste", "demande+classer", "A"),
        ("accompagnements:demande_geste", "demande+confier", "A"),
        ("accompagnements:demandes", "?lot=confier&tout=1", "A"),
        ("accompagnements:demandes", "?enregistrer=vue", "A"),
        ("accompagnements:structures", "?lot=ajouter-reseau&tout=1", "A"),
        ("accompagnements:structure_nouvelle", "", "A"),
        ("accompagnements:structure_modifier", "structure", "A"),
        ("accompagnements:structure_agrements", "structure", "A"),
        ("accompagnements:contact_ajouter", "structure", "A"),
        ("accompagnements:contact_modifier", "contact", "A"),
        ("accompagnements:annee_ajouter", "structure", "A"),
        ("accompagnements:annee_modifier", "annee", "A"),
        ("accompagnements:signalement_ajouter", "structure", "A"),
        ("accompagnements:piece_ajouter", "structure", "A"),
        ("accompagnements:signalement_modifier", "signalement", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+rencontre", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+situation", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+economie", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+gouvernance", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+equipe", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+chiffres", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+analyse", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+axes", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+preconisations", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+vigilance", "A"),
        ("accompagnements:diagnostic_geste", "diagnostic+demander-relecture", "A"),
        ("accompagnements:diagnostic_geste", "diagnostic+classer", "A"),
        ("accompagnements:diagnostic_geste", "diagnostic+autoriser", "A"),
        ("accompagnements:diagnostic_geste", "diagnostic+abandonner", "A"),
        ("accompagnements:plan_modifier", "plan", "A"),
        ("accompagnements:plan_contributions", "plan", "A"),
        ("accompagnements:plan_revues", "plan", "A"),
        ("accompagnements:plan_geste", "plan+abandonner", "A"),
        ("accompagnements:action_ajouter", "plan", "A"),
        ("accompagnements:action_modifier", "action", "A"),
        ("accompagnements:plan_geste", "plan+valider", "A"),
        ("accompagnements:seance_nouvelle", "", "A"),
        ("accompagnements:seance_geste", "seance+annuler", "A"),
        ("accompagnements:seance_geste", "seance+modifier", "A"),
        ("accompagnements:passage_geste", "passage+rendre-avis", "A"),
        ("accompagnements:passage_geste", "passage+synthese", "A"),
        ("accompagnements:membre_nouveau", "", "A"),
        ("accompagnements:membre_fin", "mandat", "A"),
        ("accompagnements:cahier_modifier", "consultation", "A"),
        ("accompagnements:criteres_modifier", "consultation", "A"),
        ("accompagnements:consultation_geste", "consultation+valider-cdc", "A"),
        ("accompagnements:consultation_geste", "consultation+choisir-grille", "A"),
        ("accompagnements:grille_type_nouvelle", "", "c2ra"),
        ("accompagnements:consultation_geste", "consultation+abandonner", "A"),
        ("accompagnements:sollicitation_depot", "sollicitation", "A"),
        ("accompagnements:dossier_commenter", "dossier", "A"),
        ("accompagnements:commentaire_corriger", "commentaire", "A"),
        ("accompagnements:dossier_geste", "dossier+abandonner", "A"),
        ("accompagnements:dossier_geste", "dossier+confier", "A"),
        ("accompagnements:temps_nouveau", "", "A"),
        ("accompagnements:temps_modifier", "temps", "A"),
        ("accompagnements:temps_geste", "temps+retirer", "A"),
        ("accompagnements:temps_semaine", "", "A"),
        ("accompagnements:activite_nouvelle", "", "A"),
        ("accompagnements:activite_modifier", "activite", "A"),
        ("accompagnements:activite_piece", "activite", "A"),
        ("accompagnements:activite_geste", "activite+annuler", "A"),
        ("accompagnements:enveloppe_nouvelle", "", "gestionnaire"),
        ("accompagnements:enveloppe_modifier", "enveloppe", "gestionnaire"),
        ("prestataires:nouveau", "", "A"),
        ("prestataires:modifier", "prestataire", "c2ra"),
        ("prestataires:geste", "prestataire+refuser", "c2ra"),
        ("prestataires:geste", "prestataire+deposer-attestation", "c2ra"),
        ("accompagnements:trame_modifier", "region", "c2ra"),
        ("pilotage:objectif_nouveau", "", "c2ra"),
        ("pilotage:objectif_modifier", "objectif", "c2ra"),
    ],
    "monde_plus_loin": [
        ("accompagnements:convention_modifier", "brouillon", "A"),
        ("accompagnements:proposition_motif", "proposition", "A"),
        ("accompagnements:convention_geste", "brouillon+abandonner", "A"),
        ("accompagnements:avenant_preparer", "sans_avenant", "A"),
        ("accompagnements:avenant_modifier", "avenant", "A"),
        ("accompagnements:facture_ajouter", "mission", "A"),
        ("accompagnements:facture_geste", "facture+certifier", "gestionnaire"),
        ("accompagnements:facture_modifier", "facture", "A"),
        ("accompagnements:facture_geste", "facture+rejeter", "gestionnaire"),
        ("accompagnements:enquete_geste", "enquete+repondre", "A"),
        ("accompagnements:enquete_geste", "enquete+clore", "A"),
        ("accompagnements:suivi_geste", "suivi+realiser", "A"),
        ("accompagnements:suivi_geste", "suivi+injoignable", "A"),
    ],
    "monde_en_cours": [
        ("accompagnements:demande_nouvelle", "?structure", "A"),
        ("accompagnements:structure_fusionner", "structure?avec=doublon", "A"),
        ("accompagnements:demande_geste", "nouvelle+planifier-accueil", "A"),
        ("accompagnements:demande_geste", "nouvelle+accueillir", "A"),
        ("accompagnements:dossier_geste", "ouvert+clore", "A"),
        ("accompagnements:diagnostic_commencer", "ouvert", "A"),
        ("accompagnements:diagnostic_geste", "soumis+valider", "A"),
        ("accompagnements:relecture", "relecture", "crdla"),
        ("accompagnements:plan_preparer", "diagnostique", "A"),
        ("accompagnements:action_avancement", "action_prevue", "A"),
        ("accompagnements:action_rattacher", "action_a_joindre", "A"),
        ("accompagnements:seance_geste", "seance+tenir", "A"),
        ("accompagnements:seance_geste", "seance+convoquer", "A"),
        ("accompagnements:seance_inscrire", "seance", "A"),
        ("accompagnements:passage_geste", "passage+donner-avis", "membre"),
        ("accompagnements:passage_geste", "passage+me-deporter", "membre"),
        ("accompagnements:passage_geste", "passage+deporter", "A"),
        ("accompagnements:dossier_presenter", "diagnostique", "A"),
        ("accompagnements:passage_geste", "avis_rendu+decider", "A"),
        ("accompagnements:consultation_geste", "validee+publier", "A"),
        ("accompagnements:consultation_geste", "publiee+prolonger", "A"),
        ("accompagnements:consultation_geste", "publiee+corriger-cdc", "A"),
        ("accompagnements:consultation_geste", "corrigee+accord-correction", "A"),
        ("accompagnements:sollicitation_geste", "sollicitee+noter-refus", "A"),
        ("accompagnements:sollicitation_geste", "declinee+revenir-sur-refus", "A"),
        ("accompagnements:sollicitation_depot", "tardive", "A"),
        ("accompagnements:question_repondre", "question", "A"),
        ("accompagnements:consultation_grille", "en_analyse", "A"),
        ("accompagnements:proposition_pieces", "recue", "A"),
        ("accompagnements:consultation_geste", "notee+attribuer", "A"),
        ("accompagnements:convention_geste", "en_signature+signer", "A"),
        ("accompagnements:convention_geste", "en_signature+signer-operateur", "responsable"),
        ("accompagnements:convention_geste", "en_signature+signer-operateur-papier", "responsable"),
        ("accompagnements:mission_lancer", "signee", "A"),
        ("accompagnements:note_ajouter", "mission", "A"),
        ("accompagnements:mission_geste", "mission+alerter", "A"),
        ("accompagnements:mission_geste", "en_alerte+poursuivre", "A"),
        ("accompagnements:mission_geste", "mission+corriger-lancement", "A"),
        ("accompagnements:journee_ajouter", "mission", "A"),
        ("accompagnements:feuille_ajouter", "mission", "A"),
        ("accompagnements:hors_cadre_demander", "mission", "A"),
        ("accompagnements:hors_cadre_geste", "hors_cadre+autoriser", "A"),
        ("accompagnements:restitution_recevoir", "mission", "A"),
        ("accompagnements:restitution_geste", "rapport_recu+planifier", "A"),
        ("accompagnements:restitution_geste", "rapport_recu+tenir", "A"),
        ("accompagnements:restitution_geste", "non_conforme+declarer-conforme", "A"),
        ("accompagnements:restitution_geste", "papier_attendu+papier", "gestionnaire"),
        ("accompagnements:convention_repartir", "signee", "A"),
        ("accompagnements:facture_geste", "certifiee+payer", "gestionnaire"),
    ],
}
# What a form accepts field by field and the facts refuse: (URL name, object and gesture, who,
# what is typed, the field at fault, its sentence), on the objects of `monde_en_cours`.
DEMAIN, AVANT_L_ENVOI = "2099-01-01", "2020-01-01"
PHRASES = [
    (
        "accompagnements:consultation_geste",
        "ouvrable+ouvrir",
        "A",
        {"motif_ecart": "x" * 1001},
        "motif_ecart",
        "au plus 1000 caractères",
    ),
    (
        "accompagnements:sollicitation_depot",
        "tardive",
        "A",
        {"arrivee_le": f"{DEMAIN}T10:00"},
        "arrivee_le",
        "L'arrivée ne peut être dans le futur.",
    ),
    (
        "accompagnements:sollicitation_depot",
        "tardive",
        "A",
        {"arrivee_le": f"{AVANT_L_ENVOI}T10:00"},
        "arrivee_le",
        "L'arrivée ne peut précéder l'envoi de la consultation.",
    ),
    (
        "accompagnements:consultation_geste",
        "corrigee+accord-correction",
        "A",
        {"valide_le": DEMAIN, "valide_par": "La présidente"},
        "valide_le",
        "La validation ne peut être dans le futur.",
    ),
    (
        "accompagnements:consultation_geste",
        "corrigee+accord-correction",
        "A",
        {"valide_le": AVANT_L_ENVOI, "valide_par": "La présidente"},
        "valide_le",
        "ne peut précéder l'accord sur le plan",
    ),
    (
        "accompagnements:sollicitation_geste",
        "sollicitee+noter-refus",
        "A",
        {"recu_le": DEMAIN, "moyen": "telephone"},
        "recu_le",
        "Le refus ne peut être reçu dans le futur.",
    ),
    (
        "accompagnements:sollicitation_geste",
        "sollicitee+noter-refus",
        "A",
        {"recu_le": AVANT_L_ENVOI, "moyen": "lettre"},
        "recu_le",
        "Le refus ne peut précéder l'envoi de la consultation.",
    ),
    (
        "accompagnements:sollicitation_geste",
        "sollicitee+noter-refus",
        "A",
        {"recu_le": "aujourdhui"},
        "moyen",
        "Dites comment le refus a été reçu.",
    ),
    (
        "accompagnements:consultation_geste",
        "notee+attribuer",
        "A",
        {"proposition": "recue", "presents": "La présidente", "motif": "Mieux"},
        "malgre_les_pieces",
        "ne sont pas vérifiées",
    ),
]
# Forms read by GET, which write nothing.
EN_LECTURE = {"ApercuForm"}
# Forms of the personal links, filled in their own tests.
PAR_LIEN = {
    "AccepterParLienForm",
    "AlerteForm",
    "ChangementsForm",
    "CorrigerParLienForm",
    "ValiderParLienForm",
    "DeclinForm",
    "DepotForm",
    "QuestionForm",
    "ReponsesForm",
    "SecretForm",
    "SignerParLienForm",
}
ANGLAIS = re.compile(r"\b(This field|Enter a|required\.|Ensure|Select a valid)\b")


def adresse_de(nom, cle, objets):
    if cle.startswith("?") and "=" in cle:  # at the address of a list
        return reverse(nom) + cle
    if cle.startswith("?"):
        return f"{reverse(nom)}{cle}={objets[cle[1:]].pk}"
    cle, _, question = cle.partition("?")
    objet, _, geste = cle.partition("+")
    arguments = [objets[objet].pk] if objet else []
    if question:
        champ, autre = question.split("=")
        return f"{reverse(nom, args=arguments)}?{champ}={objets[autre].pk}"
    return reverse(nom, args=[*arguments, geste] if geste else arguments)


def formulaire_de(reponse):
    return reponse.context["formulaire"]


def mauvaise_valeur(champ):
    """Something that the kind of the field cannot accept, or None when it accepts anything."""
    if isinstance(champ, (forms.DateField, forms.DateTimeField)):
        return "le trente-deux du mois"
    if isinstance(champ, (forms.DecimalField, forms.IntegerField)):
        jamais_negatif = champ.min_value is not None and champ.min_value >= 0
        return "-5" if jamais_negatif else "douze"
    if isinstance(champ, forms.FileField):
        return None
    if isinstance(champ, forms.ModelMultipleChoiceField):
        return "valeur-inconnue"
    if isinstance(champ, (forms.ChoiceField, forms.ModelChoiceField)):
        return "valeur-inconnue"
    if isinstance(champ, forms.EmailField):
        return "pas un courriel"
    if isinstance(champ, forms.BooleanField):
        return None
    if isinstance(champ, forms.CharField):
        return "x" * 30_000
    return None


def traces():
    """What a half-written gesture would leave behind."""
    return (Evenement.objects.count(), Courriel.objects.count(), Demande.objects.count())


def classes_de_formulaires():
    """Return the names of the form classes of the product, bases and sets of fields left out.

    Every module named `forms…` counts, alone or in a `forms/` package.
    """
    modules = [
        m for racine in RACINES for m in walk_packages(racine.__path__, f"{racine.__name__}.")
    ]
    noms = [m.name for m in modules if re.search(r"\.forms(_\w+)?(\.|$)", m.name)]
    return {
        f"{module}.{nom}"
        for module in noms
        for nom, classe in getmembers(import_module(module), isclass)
        if issubclass(classe, forms.BaseForm)
        and classe.__module__ == module
        and not nom.startswith(("_", "Champs"))
    }


def un_monde_en_cours(membre):
    """Objects of operator A, each waiting for the gesture whose form is tried."""
    mission = suite.une_mission()
    autre = suite.une_mission()
    charge = suite.le_charge(mission.convention)
    missions.alerter(autre, par=charge, emise_par="Le prestataire", motif="Retard")
    rapport_recu = suite.une_restitution(tenue=False)
    facture = restitutions.recevoir_facture(facture_de(rapport_recu.mission), par=charge)
    gestion = fabrique.une_personne(roles.Gestionnaire.code, operateur=fabrique.un_operateur())
    restitutions.certifier(facture, par=gestion, motif="Feuilles vues")
    enveloppe = suite.une_enveloppe(numero="3")
    enveloppe.operateur.rapport_papier = True
    enveloppe.operateur.save()
    commune = fabrique.une_ingenierie("ING_COL")
    plan = fabrique.un_plan("brouillon", genres=("ING_COL",))
    seance = fabrique.une_seance(membres=[membre])
    passage = fabrique.un_passage(seance=seance)
    publiee = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=5)
    consultations.publier(
        publiee,
        par=suite.le_charge(publiee),
        date_limite=limite,
        justification_delai="Essai",
    )
    corrigee = mondes.CONSULTATIONS["corrigee"]().objet
    declinee = publiee.sollicitations.last()
    consultations.decliner(declinee, par="Par son lien", motif="Plan de charge")
    notee = suite.une_consultation("en_analyse")
    notes = {(p.pk, c.pk): 1 for p in notee.propositions.all() for c in notee.criteres.all()}
    consultations.noter(notee, par=suite.le_charge(notee), notes=notes)
    return {
        "structure": fabrique.une_structure(),
        "doublon": fabrique.une_structure(),
        "nouvelle": fabrique.une_demande("nouvelle"),
        "ouvert": fabrique.un_accompagnement(),
        "soumis": fabrique.un_diagnostic("soumis"),
        "relecture": fabrique.un_diagnostic("en_relecture").relectures.get(),
        "diagnostique": fabrique.un_diagnostic().accompagnement,
        "action_prevue": commune.actions.get(),
        "action_a_joindre": plan.actions.get(),
        "seance": seance,
        "passage": passage,
        "avis_rendu": fabrique.un_passage("avis_rendu"),
        "validee": suite.une_consultation("validee"),
        "publiee": publiee,
        "question": consultations.poser_question(
            publiee.sollicitations.first(), par="Par son lien", texte="Sur place ?"
        ),
        "corrigee": corrigee,
        "sollicitee": publiee.sollicitations.first(),
        "declinee": declinee,
        "tardive": suite.une_consultation("publiee").sollicitations.first(),
        "ouvrable": mondes.CONSULTATIONS["ouvrable"]().objet,
        "en_analyse": suite.une_consultation("en_analyse"),
        "notee": notee,
        "recue": notee.propositions.first(),
        "en_signature": suite.une_convention("en_signature"),
        "signee": suite.une_convention(),
        "mission": mission,
        "en_alerte": autre,
        "hors_cadre": suite.une_demande_hors_cadre(mission),
        "rapport_recu": rapport_recu,
        "non_conforme": suite.une_restitution(tenue=False, points=()),
        "papier_attendu": suite.une_restitution(tenue=False),
        "certifiee": facture,
    }
