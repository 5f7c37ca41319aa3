"""Who reaches what: one table, URL × role; a named URL without a row fails.

Codes: the status that a GET answers. Anonymous is sent to sign in (302) everywhere but on public
pages. « B » is a chargé de mission of another operator: 404 on every object of A.
"""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from accompagnements.models import Consultation, Sollicitation
from accompagnements.plans.etats import TypeAction
from dla_portal.comptes import roles
from pilotage.models import Objectif
from tests.accompagnements import fabrique

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
REGISTRE = "200 200 200 200 200 404 404 200 404 200"

# URL name → (key of the object in its path, row). POST-only gestures answer 405 to a GET.
ACCES = {
    "accueil": ("", "200 200 200 200 302 302 302 302 302 302"),
    "comptes:changer_rattachement": ("", "405 " * 10),
    "socle:courriels_demo": ("", "404 " * 10),
    "socle:sante": ("", TOUS),
    "socle:sante_pret": ("", TOUS),
    "accompagnements:demandes": ("", LISTE),
    "accompagnements:demande_nouvelle": ("", "200 200 200 403 404 403 403 403 403 403"),
    "accompagnements:demande": ("demande", DU_DOSSIER),
    "accompagnements:demande_modifier": ("demande", INSTRUIT),
    "accompagnements:demande_geste": ("demande+classer", INSTRUIT),
    "accompagnements:accompagnements": ("", LISTE),
    "accompagnements:dossier": ("dossier", DU_DOSSIER),
    "accompagnements:dossier_geste": ("dossier+clore", INSTRUIT),
    "accompagnements:recherche": ("", LISTE),
    "accompagnements:structures": ("", LISTE),
    "accompagnements:structure_nouvelle": ("", "200 200 200 403 403 403 403 403 403 403"),
    "accompagnements:structure": ("structure", DU_DOSSIER),
    "accompagnements:structure_modifier": ("structure", INSTRUIT),
    "accompagnements:contact_ajouter": ("structure", INSTRUIT),
    "accompagnements:annee_ajouter": ("structure", INSTRUIT),
    "accompagnements:contact_modifier": ("contact", INSTRUIT),
    "accompagnements:annee_modifier": ("annee", INSTRUIT),
    "accompagnements:diagnostic_commencer": ("dossier", INSTRUIT),
    "accompagnements:diagnostic": ("diagnostic", CONFIDENTIEL),
    "accompagnements:diagnostic_pdf": ("diagnostic", CONFIDENTIEL),
    "accompagnements:diagnostic_modifier": ("diagnostic+analyse", CONFIDENTIEL_INSTRUIT),
    "accompagnements:diagnostic_geste": ("diagnostic+soumettre", CONFIDENTIEL_INSTRUIT),
    "accompagnements:plan_preparer": ("dossier", INSTRUIT),
    "accompagnements:plan": ("plan", DE_L_EQUIPE),
    "accompagnements:plan_pdf": ("plan", DE_L_EQUIPE),
    "accompagnements:plan_modifier": ("plan", EQUIPE_INSTRUIT),
    "accompagnements:plan_geste": ("plan+valider", EQUIPE_INSTRUIT),
    "accompagnements:action_ajouter": ("plan", EQUIPE_INSTRUIT),
    "accompagnements:action_modifier": ("action", EQUIPE_INSTRUIT),
    # The plan is not agreed to yet: its actions do not advance.
    "accompagnements:action_avancement": ("action", "403 404 403 403 404 404 404 404 404 403"),
    "accompagnements:action_rattacher": ("action", EQUIPE_INSTRUIT),
    "accompagnements:action_retirer": ("action", "405 " * 10),
    "accompagnements:seances": ("", LISTE),
    "accompagnements:seance_nouvelle": ("", "200 200 200 403 404 403 403 403 403 403"),
    "accompagnements:seance": ("seance", DE_L_EQUIPE),
    "accompagnements:seance_inscrire": ("seance", EQUIPE_INSTRUIT),
    "accompagnements:seance_geste": ("seance+annuler", EQUIPE_INSTRUIT),
    "accompagnements:passage_geste": ("passage+retirer", EQUIPE_INSTRUIT),
    "accompagnements:consultations": ("", LISTE),
    "accompagnements:consultation_preparer": ("ingenierie", EQUIPE_INSTRUIT),
    "accompagnements:consultation": ("consultation", DE_L_EQUIPE),
    "accompagnements:cahier_modifier": ("consultation", EQUIPE_INSTRUIT),
    "accompagnements:cahier_pdf": ("consultation", DE_L_EQUIPE),
    "accompagnements:pv_pdf": ("consultation", "404 " * 10),
    "accompagnements:criteres_modifier": ("consultation", EQUIPE_INSTRUIT),
    "accompagnements:consultation_grille": (
        "consultation",
        "404 404 404 403 404 404 404 404 404 403",
    ),
    "accompagnements:consultation_prestataires": ("consultation", EQUIPE_INSTRUIT),
    "accompagnements:consultation_pressentir": ("consultation", "405 " * 10),
    "accompagnements:sollicitation_renoncer": ("sollicitation", "405 " * 10),
    "accompagnements:sollicitation_depot": ("sollicitation", EQUIPE_INSTRUIT),
    "accompagnements:consultation_geste": ("consultation+abandonner", EQUIPE_INSTRUIT),
    "accompagnements:convention_preparer": ("consultation", EQUIPE_INSTRUIT),
    "accompagnements:conventions": ("", LISTE),
    "accompagnements:missions": ("", LISTE),
    "accompagnements:suivis": ("", LISTE),
    "prestataires:liste": ("", LISTE),
    "prestataires:fiche": ("prestataire", REGISTRE),
    "prestataires:nouveau": ("", "200 200 200 403 200 403 403 403 403 403"),
    "prestataires:modifier": ("prestataire", "200 200 200 403 200 404 404 403 404 403"),
    "prestataires:geste": ("prestataire+referencer", "403 403 403 403 200 404 404 403 404 403"),
    "pilotage:tableau": ("", "200 200 200 200 200 200 403 200 200 200"),
    "pilotage:costrat": ("", "403 403 403 403 200 200 403 200 200 200"),
    "pilotage:definitions": ("", TOUS),
    "pilotage:objectifs": ("", "200 200 200 200 200 200 403 200 200 200"),
    "pilotage:objectif_nouveau": ("", "403 403 403 403 200 403 403 403 403 200"),
    "pilotage:objectif_modifier": ("objectif", "403 403 403 403 200 403 403 403 403 200"),
    "pilotage:lignes": ("?code=I-09", "200 200 200 200 200 200 403 200 200 200"),
}
# Objects that only exist later in the chain: their pages are walked by the tests of their stage,
# each with a chargé of another operator (404) and a role without right (403).
PLUS_LOIN = {
    "accompagnements:convention",
    "accompagnements:convention_modifier",
    "accompagnements:convention_pdf",
    "accompagnements:convention_geste",
    "accompagnements:mission_lancer",
    "accompagnements:mission",
    "accompagnements:note_ajouter",
    "accompagnements:mission_geste",
    "accompagnements:restitution_recevoir",
    "accompagnements:facture_ajouter",
    "accompagnements:restitution",
    "accompagnements:restitution_geste",
    "accompagnements:facture_geste",
    "accompagnements:enquete_envoyer",
    "accompagnements:enquete",
    "accompagnements:enquete_geste",
    "accompagnements:suivi",
    "accompagnements:suivi_geste",
    "socle:telecharger",
}
PUBLIQUES = {"socle:sante", "socle:sante_pret", "socle:lien"}
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
    assert noms - set(ACCES) - PLUS_LOIN - PUBLIQUES == set()
    assert set(ACCES) | PLUS_LOIN <= noms


@pytest.fixture
def monde(db):
    """One dossier of operator A at each stage up to the consultation, and everybody."""
    departement = fabrique.un_departement()
    operateur = fabrique.un_operateur(departement=departement)
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    demande = fabrique.une_demande("accueillie")
    diagnostic = fabrique.un_diagnostic("en_cours")
    plan = fabrique.un_plan("brouillon")
    action = plan.actions.first() or fabrique.une_action(plan, TypeAction.ING_IND)
    ingenierie = fabrique.une_ingenierie()
    passage = fabrique.un_passage("inscrit")
    charge = fabrique.un_charge(operateur)
    from accompagnements.consultations.transitions import preparer

    consultation = preparer(ingenierie, par=charge)
    prestataire = _candidat(charge)
    sollicitation = Sollicitation.objects.create(consultation=consultation, prestataire=prestataire)
    structure = demande.structure
    objectif = Objectif.objects.create(annee=2025, departement=departement, valeur=10)
    personnes = {
        "A": charge,
        "B": fabrique.un_charge(autre),
        "responsable": fabrique.une_personne(roles.Responsable.code, operateur=operateur),
        "gestionnaire": fabrique.une_personne(roles.Gestionnaire.code, operateur=operateur),
        "c2ra": fabrique.une_personne(roles.DlaRegional.code, region=departement.region),
        "pilote": fabrique.une_personne(roles.Pilote.code, region=departement.region),
        "membre": fabrique.une_personne(roles.MembreComite.code),
        "crdla": fabrique.une_personne(roles.Crdla.code),
        "national": fabrique.une_personne(roles.National.code),
        "admin": fabrique.une_personne(roles.Administrateur.code),
    }
    objets = {
        "demande": demande,
        "dossier": diagnostic.accompagnement,
        "structure": structure,
        "contact": structure.contacts.first(),
        "annee": structure.annees.first(),
        "diagnostic": diagnostic,
        "plan": plan,
        "action": action,
        "ingenierie": ingenierie,
        "seance": passage.seance,
        "passage": passage,
        "consultation": consultation,
        "sollicitation": sollicitation,
        "prestataire": prestataire,
        "objectif": objectif,
    }
    return personnes, objets


def _candidat(charge):
    from prestataires.models import Prestataire
    from prestataires.transitions import candidater

    return candidater(Prestataire(siret="73282932000074", nom="Cabinet d'essai"), par=charge)


def _adresse(nom, cle, objets):
    if cle.startswith("?"):
        return reverse(nom) + cle
    objet, _, geste = cle.partition("+")
    arguments = [objets[objet].pk] if objet else []
    return reverse(nom, args=[*arguments, geste] if geste else arguments)


def test_chaque_role_recoit_ce_que_dit_la_table(monde, client):
    personnes, objets = monde
    ecarts = []
    for nom, (cle, ligne) in ACCES.items():
        adresse = _adresse(nom, cle, objets)
        for role, attendu in zip(ROLES, ligne.split(), strict=True):
            client.force_login(personnes[role])
            recu = client.get(adresse).status_code
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
