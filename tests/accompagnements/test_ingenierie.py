"""From the sealed consultation to the survey: seals, clock, rules of money, links."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accompagnements.consultations import ouverture
from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.models import Proposition
from accompagnements.conventions import transitions as conventions
from accompagnements.conventions.regles import manques_pour_signature
from accompagnements.conventions.transitions import figer_document
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import Facture
from accompagnements.suites import transitions as suites
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique_ingenierie import (
    DEPOT,
    le_charge,
    un_prestataire,
    une_consultation,
    une_convention,
    une_enquete,
    une_mission,
    une_restitution,
)
from tests.accompagnements.liens import lien_de
from tests.accompagnements.test_relances import relancer

pytestmark = pytest.mark.django_db
SECONDE = timedelta(seconds=1)


@pytest.fixture
def publiee():
    return une_consultation("publiee")


def deposer_a(consultation, instant, **changements):
    with horloge.voyage(instant):
        return consultations.deposer(
            consultation.sollicitations.first(), par="Par son lien", **{**DEPOT, **changements}
        )


def test_un_depot_remplace_n_est_jamais_ouvert(publiee):
    deposer_a(publiee, publiee.date_limite - 2 * SECONDE)
    deposer_a(publiee, publiee.date_limite - SECONDE, montant_ht=Decimal(3900))
    consultations.ouvrir(publiee, par=le_charge(publiee))
    assert [p.montant_ht for p in publiee.propositions.all()] == [Decimal(3900)]


def test_l_ouverture_attend_la_limite(publiee):
    instant = publiee.date_limite - SECONDE
    deposer_a(publiee, instant)
    with horloge.voyage(instant), pytest.raises(Manques, match="n'est pas passée"):
        consultations.ouvrir(publiee, par=le_charge(publiee))


def test_un_seul_prestataire_demande_une_justification():
    consultation = une_consultation("validee", prestataires=1)
    limite = horloge.maintenant() + timedelta(days=5)
    with pytest.raises(Manques, match="écrivez pourquoi"):
        consultations.publier(
            consultation,
            par=le_charge(consultation),
            date_limite=limite,
            justification_delai="Essai",
        )


def test_un_prestataire_incomplet_ne_peut_etre_sollicite():
    consultation = une_consultation("brouillon")
    prestataire = un_prestataire(3)
    prestataire.adresse = ""
    prestataire.save()
    with pytest.raises(Manques, match="adresse"):
        consultations.pressentir(consultation, prestataire, par=le_charge(consultation))


def test_un_choix_contre_le_classement_se_motive():
    consultation = une_consultation("en_analyse")
    charge = le_charge(consultation)
    propositions = list(consultation.propositions.all())
    notes = {
        (p.pk, c.pk): Decimal(c.points) - rang
        for rang, p in enumerate(propositions)
        for c in consultation.criteres.all()
    }
    consultations.noter(consultation, par=charge, notes=notes)
    with pytest.raises(Manques, match="s'écarte du classement"):
        consultations.attribuer(
            consultation,
            par=charge,
            proposition=propositions[1],
            presents="Tous",
            malgre_les_pieces=True,
        )
    consultations.attribuer(
        consultation,
        par=charge,
        proposition=propositions[1],
        presents="Tous",
        motif="Proximité",
        malgre_les_pieces=True,
    )
    sujets = Courriel.objects.filter(sujet__startswith="Résultat").count()
    assert sujets == 2


def test_une_seule_proposition_retenue_par_la_base():
    consultation = une_consultation("attribuee")
    autre = consultation.propositions.exclude(etat="retenue").first()
    with pytest.raises(IntegrityError, match="proposition"), transaction.atomic():
        Proposition.objects.filter(pk=autre.pk).update(etat="retenue")


def test_les_points_restent_dans_le_critere():
    consultation = une_consultation("en_analyse")
    critere, proposition = consultation.criteres.first(), consultation.propositions.first()
    with pytest.raises(Manques, match="entre 0 et 20"):
        consultations.noter(
            consultation,
            par=le_charge(consultation),
            notes={(proposition.pk, critere.pk): Decimal(21)},
        )


@pytest.mark.parametrize("role", [roles.Gestionnaire, roles.Pilote, roles.DlaRegional])
def test_les_autres_roles_n_ouvrent_pas(publiee, role):
    operateur = publiee.ingenierie.operateur
    portee = {"operateur": operateur, "region": operateur.region}
    personne = (
        fabrique.une_personne(role.code, **portee)
        if role.code == "gestionnaire"
        else (fabrique.une_personne(role.code, region=operateur.region))
    )
    with pytest.raises(Refus):
        ouverture.ouvrir(publiee, par=personne)


def test_d20_une_fiche_incomplete_bloque_la_signature():
    convention = une_convention("brouillon")
    convention.prestataire.adresse = ""
    assert any("adresse" in phrase for phrase in manques_pour_signature(convention))
    convention.prestataire.siret = "1"
    assert any("SIRET" in phrase for phrase in manques_pour_signature(convention))


@pytest.mark.parametrize(("montant", "manque"), [("4999.99", False), ("5000", True)])
def test_la_vigilance_est_due_a_partir_de_5000_euros(montant, manque):
    convention = une_convention("brouillon")
    convention.montant_ht = Decimal(montant)
    phrases = " ".join(manques_pour_signature(convention))
    assert ("vigilance" in phrases) is manque


def test_la_derniere_signature_date_la_convention():
    convention = une_convention("signee")
    assert convention.signee_le == max(s.signee_le for s in convention.signatures.all())
    assert convention.ingenierie.actions.get().statut == "en_cours"


def test_une_signature_ne_precede_pas_l_envoi():
    convention = une_convention("en_signature")
    with pytest.raises(Manques, match="ne peut précéder"):
        conventions.signer(
            convention,
            par=le_charge(convention),
            signature=convention.signatures.first(),
            signataire="X",
            qualite="Y",
            signee_le=convention.envoyee_le - timedelta(days=1),
        )


def test_le_document_signe_n_est_fait_qu_une_fois(client):
    convention = une_convention("signee")
    figer_document(convention, par=le_charge(convention))
    client.force_login(le_charge(convention))
    adresse = reverse("accompagnements:convention_pdf", args=[convention.pk])
    premier, second = client.get(adresse).content, client.get(adresse).content
    assert premier == second
    assert premier.startswith(b"%PDF")


def facture_de(mission, ttc="4800", solde=True):
    ttc = Decimal(ttc)
    return Facture(
        mission=mission,
        numero=f"F{ttc}",
        datee_du=horloge.aujourdhui(),
        montant_ht=ttc / Decimal("1.2"),
        montant_ttc=ttc,
        jours=mission.convention.jours if solde else Decimal(1),
        solde=solde,
    )


def test_une_facture_ne_depasse_pas_la_convention():
    mission = une_mission()
    with pytest.raises(Manques, match="dépasserait"):
        restitutions.recevoir_facture(
            facture_de(mission, "4801"), par=le_charge(mission.convention)
        )


def test_d21_le_solde_attend_rapport_et_restitution():
    restitution = une_restitution(tenue=False)
    mission = restitution.mission
    charge = le_charge(mission.convention)
    gestion = fabrique.une_personne(
        "gestionnaire", operateur=mission.convention.ingenierie.operateur
    )
    facture = restitutions.recevoir_facture(facture_de(mission), par=charge)
    restitutions.certifier(facture, par=gestion, motif="Feuilles vues")
    paiement = {"payee_le": horloge.aujourdhui(), "paiement_reference": "VIR"}
    with pytest.raises(Manques, match="restitution n'est pas tenue"):
        restitutions.payer(facture, par=gestion, **paiement)
    restitutions.tenir(
        restitution, par=charge, tenue_le=horloge.aujourdhui(), lieu="Ici", presents="Tous"
    )
    restitutions.payer(facture, par=gestion, **paiement)
    restitution.refresh_from_db()
    assert restitution.etat == "soldee"


def test_qui_saisit_ne_certifie_pas():
    mission = une_mission()
    responsable = fabrique.une_personne(
        "responsable", operateur=mission.convention.ingenierie.operateur
    )
    facture = restitutions.recevoir_facture(
        facture_de(mission, "960", solde=False), par=responsable
    )
    with pytest.raises(Manques, match="autre personne"):
        restitutions.certifier(facture, par=responsable)


def test_l_enquete_se_repond_une_fois_par_son_lien(client):
    enquete = une_enquete()
    adresse = lien_de(enquete.destinataire)
    assert client.post(adresse, {"globale": ""}).status_code == 422
    assert client.post(adresse, {"globale": "4", "commentaire": "Bien"}).status_code == 302
    assert client.post(adresse, {"globale": "1"}).status_code == 200
    enquete.refresh_from_db()
    assert (enquete.etat, enquete.globale) == ("repondue", 4)


@pytest.mark.parametrize(("jours", "rappels"), [(14, 0), (15, 1), (30, 1), (60, 1)])
def test_l_enquete_se_rappelle_une_fois_par_jour_dit(jours, rappels):
    enquete = une_enquete()
    le = enquete.envoyee_le + timedelta(days=jours)
    assert relancer(le)["Enquêtes de satisfaction rappelées"] == str(rappels)


def test_une_enquete_repondue_ne_se_rappelle_plus():
    enquete = une_enquete()
    suites.repondre(enquete, par="Par son lien", globale=3)
    le = enquete.envoyee_le + timedelta(days=40)
    assert relancer(le)["Enquêtes de satisfaction rappelées"] == "0"


@pytest.mark.parametrize("nom", ["consultation", "convention", "mission", "restitution"])
def test_les_pages_s_ouvrent_a_l_equipe_et_a_elle_seule(client, nom):
    objet = {
        "consultation": lambda: une_consultation("attribuee"),
        "convention": une_convention,
        "mission": une_mission,
        "restitution": une_restitution,
    }[nom]()
    convention = getattr(getattr(objet, "mission", objet), "convention", objet)
    charge = le_charge(convention)
    client.force_login(charge)
    assert client.get(objet.get_absolute_url()).status_code == 200
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    client.force_login(fabrique.un_charge(autre))
    assert client.get(objet.get_absolute_url()).status_code == 404
    region = fabrique.un_departement().region
    client.force_login(fabrique.une_personne("pilote", region=region))
    assert client.get(objet.get_absolute_url()).status_code == 404
