"""axe finds nothing to say on the main pages, at both widths (confiance.md row 23)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accompagnements.consultations.transitions import demander_grille, preparer, publier
from accompagnements.conventions.transitions import mettre_en_signature
from accompagnements.financements.transitions import repartir
from accompagnements.parcours.reports import dernier_jour, reporter
from accompagnements.parcours.taches import taches
from accompagnements.plans.transitions import actualiser as actualiser_le_plan
from accompagnements.restitutions.transitions import recevoir_facture
from accompagnements.suites.transitions import prevoir_suivi
from dla_portal.comptes import roles
from dla_portal.socle import horloge
from pilotage.models import Objectif
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import lien_de
from tests.accompagnements.test_ingenierie import facture_de
from tests.banc.navigateur import fautes_de


@pytest.fixture
def pages(transactional_db):
    """Addresses of the main pages with a little data, and who opens each."""
    operateur = fabrique.un_operateur()
    charge = fabrique.un_charge(operateur)
    demande = fabrique.une_demande("accueillie")
    diagnostic = fabrique.un_diagnostic("en_cours")
    plan, plan_soumis = fabrique.un_plan("brouillon"), fabrique.un_plan("partage")
    collegue = fabrique.une_personne(roles.Responsable.code, operateur=operateur)
    commente = diagnostic.accompagnement
    fabrique.un_commentaire(commente, prevenir=[collegue])
    fabrique.un_commentaire(commente, portee="partage")
    ingenierie = fabrique.une_ingenierie()
    consultation = preparer(ingenierie, par=charge)
    analyse = suite.une_consultation("en_analyse")
    demander_grille(analyse, par=charge)
    dossier = analyse.ingenierie.accompagnements().get()
    analyse_vue_par = dossier.structure.courriel_principal()
    publiee = suite.une_consultation("validee")
    publier(
        publiee,
        par=charge,
        date_limite=horloge.maintenant() + timedelta(days=5),
        justification_delai="Essai",
    )
    departement = operateur.departements_couverts().get()
    annee = horloge.aujourdhui().year
    Objectif.objects.create(
        annee=annee, departement=departement, valeur=3, signe_le=horloge.aujourdhui()
    )
    a_signer = suite.une_convention("brouillon")
    mettre_en_signature(a_signer, par=charge)
    signataire = a_signer.signatures.first().structure.courriel_principal()
    c2ra = fabrique.une_personne(roles.DlaRegional.code, region=departement.region)
    pilote = fabrique.une_personne(roles.Pilote.code, region=departement.region)
    fabrique.une_demande("en_attente")
    en_ligne = fabrique.une_demande_en_ligne("a_confirmer")
    partagee = fabrique.une_demande_en_ligne("a_prendre")
    partenaire = fabrique.un_partenaire()
    restitution = suite.une_restitution()
    mission, enveloppe = restitution.mission, suite.une_enveloppe()
    a_repartir = suite.une_convention()
    repartir(mission.convention, par=charge, parts={enveloppe: mission.convention.montant_ttc})
    facture = recevoir_facture(facture_de(mission), par=charge)
    responsable = fabrique.une_personne(roles.Responsable.code, operateur=operateur)
    fabrique.une_suppleance(charge)
    en_retard, reportee = taches(charge)[:2]
    reporter(reportee, par=charge, jusquau=dernier_jour(), motif="La présidente est en congé")
    choisir = reverse("accompagnements:consultation_prestataires", args=[consultation.pk])
    return [
        (c2ra, reverse("accompagnements:grilles_types")),
        (c2ra, reverse("accompagnements:grille_type_nouvelle")),
        (charge, reverse("accueil")),
        (charge, f"{reverse('accueil')}?vue=equipe"),
        (responsable, reverse("accueil")),
        (charge, reverse("accompagnements:tache_reporter", args=[en_retard.pk, en_retard.source])),
        (charge, reverse("comptes:suppleances")),
        (responsable, reverse("comptes:suppleance_nouvelle")),
        (charge, reverse("comptes:courriels")),
        (None, reverse("accompagnements:demande_en_ligne")),
        (None, reverse("accompagnements:demande_prescripteur")),
        (None, reverse("accompagnements:demande_envoyee")),
        (None, lien_de(en_ligne.courriel)),
        (charge, partagee.get_absolute_url()),
        (charge, reverse("accompagnements:attente")),
        (charge, reverse("accompagnements:partenaires")),
        (charge, partenaire.get_absolute_url()),
        (charge, reverse("accompagnements:demande_geste", args=[demande.pk, "refuser"])),
        (charge, reverse("accompagnements:demande_geste", args=[demande.pk, "engager"])),
        (c2ra, reverse("accompagnements:eligibilite", args=[departement.region_id])),
        (charge, reverse("accompagnements:demandes")),
        (charge, f"{reverse('accompagnements:demandes')}?lot=confier&tout=1"),
        (charge, f"{reverse('accompagnements:demandes')}?enregistrer=vue"),
        (charge, f"{reverse('socle:recherche')}?q={demande.structure.nom}"),
        (charge, demande.get_absolute_url()),
        (charge, reverse("accompagnements:demande_geste", args=[demande.pk, "classer"])),
        (charge, diagnostic.accompagnement.get_absolute_url()),
        (collegue, commente.get_absolute_url()),
        (c2ra, commente.get_absolute_url()),
        (collegue, reverse("accompagnements:mentions")),
        (charge, reverse("accompagnements:mentions")),
        (charge, reverse("accompagnements:dossier_commenter", args=[commente.pk])),
        (charge, reverse("accompagnements:dossier_complet", args=[commente.pk])),
        (charge, diagnostic.get_absolute_url()),
        (charge, plan.get_absolute_url()),
        *((charge, adresse) for adresse in _plans(plan)),
        (None, lien_de(plan_soumis.accompagnement.structure.courriel_principal())),
        (charge, consultation.get_absolute_url()),
        (charge, reverse("accompagnements:cahier_modifier", args=[consultation.pk])),
        *((charge, adresse) for adresse in _structures(charge)),
        (charge, reverse("accompagnements:enveloppes")),
        (charge, enveloppe.get_absolute_url()),
        (charge, mission.convention.get_absolute_url()),
        (charge, reverse("accompagnements:convention_repartir", args=[a_repartir.pk])),
        (charge, restitution.get_absolute_url()),
        (charge, facture.get_absolute_url()),
        (charge, reverse("accompagnements:preuves_fse", args=[mission.pk])),
        (charge, reverse("prestataires:liste")),
        (charge, reverse("prestataires:nouveau")),
        (pilote, reverse("pilotage:tableau")),
        (pilote, reverse("pilotage:costrat")),
        (pilote, reverse("pilotage:operateurs")),
        (pilote, reverse("pilotage:definitions")),
        (charge, analyse.get_absolute_url()),
        (charge, reverse("accompagnements:consultation_grille", args=[analyse.pk])),
        (charge, choisir),
        (charge, f"{choisir}?q=cabinet&departement={departement.pk}"),
        (charge, f"{choisir}?q=introuvable&departement=ZZ"),
        (None, reverse("account_login")),
        (None, lien_de("cabinet0@essai.example")),
        (None, lien_de(analyse_vue_par)),
        (None, lien_de(signataire)),
        (charge, a_signer.get_absolute_url()),
        (charge, suite.un_avenant().get_absolute_url()),
        (c2ra, reverse("accompagnements:trame", args=[departement.region_id])),
        (c2ra, reverse("accompagnements:trame_modifier", args=[departement.region_id])),
    ]


def _plans(plan):
    """The parts of a plan, and two versions of another one side by side."""
    compare = fabrique.un_plan()
    charge = compare.accompagnement.charge
    actualiser_le_plan(compare, par=charge, motif="Un nouveau besoin")
    fabrique.une_action(compare, "EXP_INT", intitule="Un appui de plus")
    suivi = prevoir_suivi(compare.accompagnement.diagnostics.get())
    return [
        reverse("accompagnements:plan_contributions", args=[plan.pk]),
        reverse("accompagnements:plan_revues", args=[plan.pk]),
        reverse("accompagnements:action_modifier", args=[plan.actions.get().pk]),
        reverse("accompagnements:plan_comparer", args=[compare.pk]),
        suivi.get_absolute_url(),
        reverse("accompagnements:suivi_geste", args=[suivi.pk, "realiser"]),
    ]


def _structures(charge):
    """A record with all that it can show, its neighbours, and the two pages of a fusion."""
    structure = fabrique.une_structure(siret="73282932000074", sigle="ADL")
    doublon = fabrique.une_structure(rna="W131001234")
    fabrique.une_demande("nouvelle", structure=structure)
    structure.annees.create(annee=2020, effectif=0, budget=20_000)
    fabrique.un_signalement(structure, charge, precisions="Un financeur se retire")
    structure.contacts.create(nom="Sacha Essai", jusqu_au=horloge.aujourdhui() - timedelta(days=9))
    structure.verification, structure.verifiee_le = "divergente", horloge.maintenant()
    structure.ecarts = [{"libelle": "Nom", "annuaire": "LES ATELIERS DU LAC"}]
    structure.save()
    fusionner = reverse("accompagnements:structure_fusionner", args=[structure.pk])
    return [
        structure.get_absolute_url(),
        fusionner,
        f"{fusionner}?avec={doublon.pk}",
        reverse("accompagnements:structure_nouvelle"),
        reverse("accompagnements:piece_ajouter", args=[structure.pk]),
    ]


@pytest.mark.navigateur
@pytest.mark.une_base
@pytest.mark.parametrize("largeur", [1440, 390])
def test_axe_ne_trouve_rien(pages, page, largeur):
    fautes, ouvertes = [], {}
    for personne, adresse in pages:
        if personne not in ouvertes:
            ouvertes[personne] = page(largeur=largeur, utilisateur=personne)
        onglet = ouvertes[personne]
        assert onglet.goto(adresse).status == 200
        fautes += [f"{adresse} {faute}" for faute in fautes_de(onglet)]
    assert not fautes, "\n".join(fautes)
