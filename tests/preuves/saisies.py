"""Every form of the product with an object in a state that opens it, and how to fill it badly."""

import re
from datetime import timedelta
from importlib import import_module
from inspect import getmembers, isclass

from django import forms
from django.conf import settings
from django.urls import reverse

from accompagnements import ETAPES
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

# (URL name, object and gesture, who), by the fixture that makes the objects.
FORMULAIRES = {
    "monde": [
        ("accompagnements:demande_modifier", "demande", "A"),
        ("accompagnements:demande_geste", "demande+mettre-en-attente", "A"),
        ("accompagnements:demande_geste", "demande+orienter", "A"),
        ("accompagnements:demande_geste", "demande+refuser", "A"),
        ("accompagnements:demande_geste", "demande+classer", "A"),
        ("accompagnements:structure_nouvelle", "", "A"),
        ("accompagnements:structure_modifier", "structure", "A"),
        ("accompagnements:contact_ajouter", "structure", "A"),
        ("accompagnements:contact_modifier", "contact", "A"),
        ("accompagnements:annee_ajouter", "structure", "A"),
        ("accompagnements:annee_modifier", "annee", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+rencontre", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+situation", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+economie", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+analyse", "A"),
        ("accompagnements:diagnostic_modifier", "diagnostic+priorites", "A"),
        ("accompagnements:diagnostic_geste", "diagnostic+abandonner", "A"),
        ("accompagnements:plan_modifier", "plan", "A"),
        ("accompagnements:action_ajouter", "plan", "A"),
        ("accompagnements:action_modifier", "action", "A"),
        ("accompagnements:plan_geste", "plan+valider", "A"),
        ("accompagnements:seance_nouvelle", "", "A"),
        ("accompagnements:seance_geste", "seance+annuler", "A"),
        ("accompagnements:seance_geste", "seance+modifier", "A"),
        ("accompagnements:passage_geste", "passage+rendre-avis", "A"),
        ("accompagnements:passage_geste", "passage+synthese", "A"),
        ("accompagnements:cahier_modifier", "consultation", "A"),
        ("accompagnements:criteres_modifier", "consultation", "A"),
        ("accompagnements:consultation_geste", "consultation+valider-cdc", "A"),
        ("accompagnements:consultation_geste", "consultation+choisir-grille", "A"),
        ("accompagnements:grille_type_nouvelle", "", "c2ra"),
        ("accompagnements:consultation_geste", "consultation+abandonner", "A"),
        ("accompagnements:sollicitation_depot", "sollicitation", "A"),
        ("accompagnements:dossier_geste", "dossier+abandonner", "A"),
        ("accompagnements:enveloppe_nouvelle", "", "gestionnaire"),
        ("accompagnements:enveloppe_modifier", "enveloppe", "gestionnaire"),
        ("prestataires:nouveau", "", "A"),
        ("prestataires:modifier", "prestataire", "c2ra"),
        ("prestataires:geste", "prestataire+refuser", "c2ra"),
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
        ("accompagnements:facture_geste", "facture+rejeter", "gestionnaire"),
        ("accompagnements:enquete_geste", "enquete+repondre", "A"),
        ("accompagnements:enquete_geste", "enquete+clore", "A"),
        ("accompagnements:suivi_geste", "suivi+realiser", "A"),
        ("accompagnements:suivi_geste", "suivi+injoignable", "A"),
    ],
    "monde_en_cours": [
        ("accompagnements:demande_nouvelle", "?structure", "A"),
        ("accompagnements:demande_geste", "nouvelle+planifier-accueil", "A"),
        ("accompagnements:demande_geste", "nouvelle+accueillir", "A"),
        ("accompagnements:dossier_geste", "ouvert+clore", "A"),
        ("accompagnements:diagnostic_commencer", "ouvert", "A"),
        ("accompagnements:diagnostic_geste", "soumis+valider", "A"),
        ("accompagnements:plan_preparer", "diagnostique", "A"),
        ("accompagnements:action_avancement", "action_prevue", "A"),
        ("accompagnements:action_rattacher", "action_a_joindre", "A"),
        ("accompagnements:seance_geste", "seance+tenir", "A"),
        ("accompagnements:seance_geste", "seance+convoquer", "A"),
        ("accompagnements:seance_inscrire", "seance", "A"),
        ("accompagnements:passage_geste", "passage+donner-avis", "membre"),
        ("accompagnements:passage_geste", "avis_rendu+decider", "A"),
        ("accompagnements:consultation_geste", "validee+publier", "A"),
        ("accompagnements:consultation_geste", "publiee+prolonger", "A"),
        ("accompagnements:consultation_geste", "publiee+corriger-cdc", "A"),
        ("accompagnements:question_repondre", "question", "A"),
        ("accompagnements:consultation_grille", "en_analyse", "A"),
        ("accompagnements:proposition_pieces", "recue", "A"),
        ("accompagnements:consultation_geste", "notee+attribuer", "A"),
        ("accompagnements:convention_geste", "en_signature+signer", "A"),
        ("accompagnements:convention_geste", "en_signature+signer-operateur", "responsable"),
        ("accompagnements:mission_lancer", "signee", "A"),
        ("accompagnements:note_ajouter", "mission", "A"),
        ("accompagnements:mission_geste", "mission+alerter", "A"),
        ("accompagnements:mission_geste", "en_alerte+poursuivre", "A"),
        ("accompagnements:journee_ajouter", "mission", "A"),
        ("accompagnements:feuille_ajouter", "mission", "A"),
        ("accompagnements:hors_cadre_demander", "mission", "A"),
        ("accompagnements:hors_cadre_geste", "hors_cadre+autoriser", "A"),
        ("accompagnements:restitution_recevoir", "mission", "A"),
        ("accompagnements:restitution_geste", "rapport_recu+tenir", "A"),
        ("accompagnements:restitution_geste", "non_conforme+declarer-conforme", "A"),
        ("accompagnements:restitution_geste", "papier_attendu+papier", "gestionnaire"),
        ("accompagnements:convention_repartir", "signee", "A"),
        ("accompagnements:facture_geste", "certifiee+payer", "gestionnaire"),
    ],
}
# Forms of the personal links, filled in their own tests.
PAR_LIEN = {
    "AlerteForm",
    "ChangementsForm",
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
    if cle.startswith("?"):
        return f"{reverse(nom)}{cle}={objets[cle[1:]].pk}"
    objet, _, geste = cle.partition("+")
    arguments = [objets[objet].pk] if objet else []
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
    """Return the names of the form classes of the product, base classes left out."""
    modules = ["prestataires.forms", "pilotage.forms"]
    modules += [f"accompagnements.{etape}.forms" for etape in ETAPES]
    dossier = settings.BASE_DIR
    existants = [m for m in modules if (dossier / f"{m.replace('.', '/')}.py").exists()]
    return {
        f"{module}.{nom}"
        for module in existants
        for nom, classe in getmembers(import_module(module), isclass)
        if issubclass(classe, forms.BaseForm)
        and classe.__module__ == module
        and not nom.startswith("_")
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
    restitutions.certifier(facture, par=gestion)
    enveloppe = suite.une_enveloppe(numero="3")
    enveloppe.operateur.rapport_papier = True
    enveloppe.operateur.save()
    commune = fabrique.une_ingenierie("ING_COL")
    plan = fabrique.un_plan("brouillon", genres=("ING_COL",))
    seance = fabrique.une_seance(membres=[membre])
    passage = fabrique.un_passage(seance=seance)
    publiee = suite.une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=5)
    consultations.publier(publiee, par=suite.le_charge(publiee), date_limite=limite)
    notee = suite.une_consultation("en_analyse")
    notes = {(p.pk, c.pk): 1 for p in notee.propositions.all() for c in notee.criteres.all()}
    consultations.noter(notee, par=suite.le_charge(notee), notes=notes)
    return {
        "structure": fabrique.une_structure(),
        "nouvelle": fabrique.une_demande("nouvelle"),
        "ouvert": fabrique.un_accompagnement(),
        "soumis": fabrique.un_diagnostic("soumis"),
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
