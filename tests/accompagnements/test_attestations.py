"""The attestations de vigilance: documents kept by the register, and proofs of the payments."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accompagnements.restitutions import transitions as restitutions
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.fichiers import Fichier
from dla_portal.socle.models import Evenement
from dla_portal.socle.regles import Manques
from dla_portal.socle.verrou import VersionPerimee
from prestataires import transitions
from prestataires.models import AttestationVigilance, Prestataire
from tests.accompagnements.fabrique_ingenierie import le_charge, un_prestataire
from tests.accompagnements.test_ingenierie import facture_de
from tests.accompagnements.test_preuves_fse import le_controle, un_pdf
from tests.accompagnements.test_vigilance import une_mission_a_vigilance

pytestmark = pytest.mark.django_db


def dans(jours):
    return horloge.aujourdhui() + timedelta(days=jours)


def deposer(prestataire, par, debut=-10, fin=150, nom="urssaf.pdf"):
    prestataire = Prestataire.objects.get(pk=prestataire.pk)
    return transitions.deposer_attestation(
        prestataire,
        par=par,
        fichier=un_pdf(nom),
        delivree_le=dans(debut),
        valable_jusquau=dans(fin),
    )


def test_chaque_attestation_reste_et_la_date_suit_la_derniere(c2ra):
    prestataire = un_prestataire(1)
    deposer(prestataire, c2ra, -200, -20, "ancienne.pdf")
    deposer(prestataire, c2ra, -10, 150)
    deposer(prestataire, c2ra, -400, -220, "plus-ancienne.pdf")  # late, for a past payment
    prestataire.refresh_from_db()
    assert prestataire.vigilance_jusquau == dans(150)
    noms = [a.fichier.nom for a in prestataire.attestations.all()]
    assert noms == ["urssaf.pdf", "ancienne.pdf", "plus-ancienne.pdf"]
    assert prestataire.attestations.valable_le(dans(-30)).fichier.nom == "ancienne.pdf"
    assert prestataire.attestations.valable_le(dans(-15)) is None
    assert Evenement.objects.filter(transition="deposer_attestation").count() == 3


@pytest.mark.parametrize(
    ("debut", "fin", "phrase"),
    [(1, 30, "futur"), (-10, -11, "finir avant"), (-10, 175, "vaut six mois")],
)
def test_les_dates_d_une_attestation_se_tiennent(c2ra, debut, fin, phrase):
    with pytest.raises(Manques, match=phrase):
        deposer(un_prestataire(1), c2ra, debut, fin)
    assert not AttestationVigilance.objects.exists()
    assert not Fichier.objects.filter(categorie="attestation_vigilance").exists()


def test_qui_tient_la_date_tient_le_document(c2ra, charge, gestionnaire):
    reference = un_prestataire(1)
    for personne in (charge, gestionnaire):
        with pytest.raises(Refus):
            deposer(reference, personne)
    candidat = Prestataire(siret="40483304800022", nom="Cabinet d'essai")
    transitions.candidater(candidat, par=charge)
    deposer(candidat, charge)  # as he may type its date until it is referenced


def test_deux_depots_a_la_fois_n_en_font_qu_un(c2ra):
    prestataire = un_prestataire(1)
    lus = [Prestataire.objects.get(pk=prestataire.pk) for _ in range(2)]
    dates = {"delivree_le": dans(-1), "valable_jusquau": dans(100)}
    transitions.deposer_attestation(lus[0], par=c2ra, fichier=un_pdf(), **dates)
    with pytest.raises(VersionPerimee):
        transitions.deposer_attestation(lus[1], par=c2ra, fichier=un_pdf(), **dates)


def test_la_fiche_montre_les_documents_a_qui_lit_le_registre(client, c2ra, charge, pilote):
    prestataire = un_prestataire(1)
    Prestataire.objects.filter(pk=prestataire.pk).update(vigilance_jusquau=dans(40))
    client.force_login(charge)
    assert "saisie sans le document" in client.get(prestataire.get_absolute_url()).content.decode()
    client.force_login(c2ra)
    adresse = reverse("prestataires:geste", args=[prestataire.pk, "deposer-attestation"])
    prestataire.refresh_from_db()
    envoi = {
        "version_lue": prestataire.version,
        "fichier": un_pdf("urssaf.pdf"),
        "delivree_le": dans(-2).isoformat(),
        "valable_jusquau": dans(300).isoformat(),
    }
    reponse = client.post(adresse, envoi)
    assert reponse.status_code == 422
    assert "vaut six mois" in reponse.content.decode()
    envoi |= {"valable_jusquau": dans(150).isoformat(), "fichier": un_pdf("urssaf.pdf")}
    assert client.post(adresse, envoi).status_code == 302
    telecharger = reverse("socle:telecharger", args=[Fichier.objects.latest("pk").pk])
    client.force_login(charge)
    page = client.get(prestataire.get_absolute_url()).content.decode()
    assert telecharger in page
    assert "saisie sans le document" not in page
    reponse = client.get(telecharger)
    assert reponse["Content-Disposition"].startswith("attachment")
    assert b"".join(reponse.streaming_content).startswith(b"%PDF")
    client.force_login(pilote)
    assert client.get(telecharger).status_code == 404


def test_la_base_refuse_une_attestation_qui_finit_avant(c2ra):
    deposer(un_prestataire(1), c2ra)
    with pytest.raises(IntegrityError, match="finit_apres"), transaction.atomic():
        AttestationVigilance.objects.update(valable_jusquau=dans(-11))


def _points(client, mission):
    points, archive = le_controle(client, mission)
    siens = {nom: point for nom, point in points.items() if "Attestation de vigilance" in nom}
    return siens, [nom for nom in archive.namelist() if "Attestation de vigilance" in nom]


def test_le_dossier_porte_l_attestation_en_vigueur_au_paiement(client, c2ra, gestionnaire):
    mission = une_mission_a_vigilance(60)
    prestataire = mission.convention.prestataire
    facture = facture_de(mission, "1200", solde=False)
    restitutions.recevoir_facture(facture, par=le_charge(mission.convention))
    restitutions.certifier(facture, par=gestionnaire, motif="Feuilles vues")
    restitutions.payer(
        facture, par=gestionnaire, payee_le=horloge.aujourdhui(), paiement_reference="VIR"
    )
    points, noms = _points(client, mission)
    assert [point[0] for point in points.values()] == ["non", "non"]  # typed dates prove nothing
    assert noms == []
    deposer(prestataire, c2ra, nom="au-paiement.pdf")
    deposer(prestataire, c2ra, -5, -1, nom="finie.pdf")
    points, noms = _points(client, mission)
    (signature, paiement) = points.values()
    assert signature[0] == "non"
    assert "aucun document" in signature[1]
    assert paiement[0] == "oui"
    assert [paiement[2]] == noms
    assert noms[0].endswith("au-paiement.pdf")


def test_le_dossier_porte_l_attestation_en_vigueur_a_la_signature(client, c2ra):
    mission = une_mission_a_vigilance(60)
    debut = (mission.convention.signee_le - horloge.aujourdhui()).days
    deposer(mission.convention.prestataire, c2ra, debut - 3, debut + 100, "signature.pdf")
    points, noms = _points(client, mission)
    ((libelle, point),) = points.items()
    assert "à la signature" in libelle
    assert point[0] == "oui"
    assert [point[2]] == noms


def test_en_dessous_du_seuil_rien_n_est_exige(client, c2ra):
    mission = une_mission_a_vigilance(60, montant="4999.99")
    mission.convention.montant_ht = Decimal("4999.99")
    deposer(mission.convention.prestataire, c2ra)
    points, noms = _points(client, mission)
    assert [point[:2] for point in points.values()] == [("oui", "non exigée pour cette mission")]
    assert noms == []
