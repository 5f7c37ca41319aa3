"""What closes a mission: the balance is the last thing paid, and no avenant comes after it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from accompagnements.conventions import revisions
from accompagnements.conventions.avenants import Avenant
from accompagnements.financements import transitions as financements
from accompagnements.financements.controle import _convention
from accompagnements.restitutions import transitions as restitutions
from accompagnements.restitutions.models import Facture
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques
from tests.accompagnements.fabrique_ingenierie import (
    le_charge,
    un_avenant,
    une_convention,
    une_enveloppe,
    une_journee,
    une_mission,
    une_restitution,
)
from tests.accompagnements.test_argent import facture_de, payer

pytestmark = pytest.mark.django_db


def les_deux_factures(charge):
    """A restitution held, an acompte and a balance received."""
    restitution = une_restitution()
    acompte = restitutions.recevoir_facture(
        facture_de(restitution.mission, "ACOMPTE", "1440"), par=charge
    )
    solde = restitutions.recevoir_facture(
        facture_de(restitution.mission, "SOLDE", "3360", solde=True), par=charge
    )
    return restitution, acompte, solde


def relire(facture):
    return Facture.objects.get(pk=facture.pk)


def test_le_solde_attend_les_autres_factures(charge, gestionnaire):
    """A restitution was « Soldée » with an invoice still waiting for its service fait."""
    restitution, acompte, solde = les_deux_factures(charge)
    with pytest.raises(Manques, match="ACOMPTE est encore « reçue » : payez-la ou rejetez-la"):
        payer(solde, gestionnaire)
    restitutions.certifier(relire(acompte), par=gestionnaire, motif="Vu")
    paiement = {"payee_le": horloge.aujourdhui(), "paiement_reference": "VIR"}
    with pytest.raises(Manques, match="ACOMPTE est encore « service fait certifié »"):
        restitutions.payer(relire(solde), par=gestionnaire, **paiement)
    restitutions.payer(relire(acompte), par=gestionnaire, **paiement)
    restitutions.payer(relire(solde), par=gestionnaire, **paiement)
    restitution.refresh_from_db()
    assert restitution.etat == "soldee"


@pytest.mark.parametrize("etat", ["en_preparation", "a_signer"])
def test_le_solde_attend_l_avenant_en_cours(charge, gestionnaire, etat):
    restitution, acompte, solde = les_deux_factures(charge)
    avenant = un_avenant(restitution.mission.convention, etat)
    payer(acompte, gestionnaire)
    with pytest.raises(Manques, match="faites-le signer ou abandonnez-le avant de payer le solde"):
        payer(solde, gestionnaire)
    revisions.abandonner(avenant, par=charge, motif="Inutile")
    restitutions.payer(
        relire(solde), par=gestionnaire, payee_le=horloge.aujourdhui(), paiement_reference="VIR"
    )


def test_aucun_avenant_une_fois_la_mission_soldee(client, charge, gestionnaire):
    """Signed after the balance, it raised a convention already paid off."""
    restitution, acompte, solde = les_deux_factures(charge)
    payer(acompte, gestionnaire)
    payer(solde, gestionnaire)
    convention = restitution.mission.convention
    with pytest.raises(Manques, match="La mission est soldée"):
        un_avenant(convention)
    ancien = Avenant.objects.create(convention=convention, numero=1, motif="X", jours=9)
    with pytest.raises(Manques, match="La mission est soldée"):
        revisions.mettre_en_signature(ancien, par=charge, avec_document=False)
    client.force_login(charge)
    page = client.get(convention.get_absolute_url()).content.decode()
    assert "Préparer un avenant" not in page


def test_une_mission_ne_s_acheve_pas_sous_un_avenant_en_cours(charge):
    mission = une_mission()
    avenant = un_avenant(mission.convention)
    with pytest.raises(Manques, match="abandonnez-le avant d'enregistrer le rapport"):
        restitutions.recevoir_rapport(mission, par=charge, rapport_recu_le=horloge.aujourdhui())
    revisions.abandonner(avenant, par=charge, motif="Inutile")
    restitutions.recevoir_rapport(mission, par=charge, rapport_recu_le=horloge.aujourdhui())


def test_la_restitution_ne_se_tient_pas_sous_un_avenant_en_cours():
    restitution = une_restitution(tenue=False)
    un_avenant(restitution.mission.convention)
    with pytest.raises(Manques, match="abandonnez-le avant de terminer la mission"):
        restitutions.tenir(
            restitution,
            par=le_charge(restitution.mission.convention),
            tenue_le=horloge.aujourdhui(),
            lieu="Ici",
            presents="Tous",
        )


def test_qui_certifie_voit_les_faits(client, charge, gestionnaire):
    """The service fait was certified blind: nothing beside the button."""
    mission = une_mission()
    une_journee(mission)
    facture = restitutions.recevoir_facture(
        facture_de(mission, "A", Decimal(900), jours=1), par=charge
    )
    client.force_login(gestionnaire)
    adresse = reverse("accompagnements:facture_geste", args=[facture.pk, "certifier"])
    faits = dict(client.get(adresse).context["faits"])
    assert faits["Jours facturés"] == "1 jour, pour 1 jour au journal et 5 jours convenus"
    assert faits["Feuilles d'émargement signées"] == "0 sur 1"
    assert faits["Note à mi-parcours"] == "aucune reçue"
    assert faits["Rapport final"] == "non reçu"
    assert faits["Restitution"] == "non tenue"
    assert "900" in faits["Facturé à ce jour"]
    assert "4\u202f800" in faits["Facturé à ce jour"]
    assert "Feuilles d&#x27;émargement signées" in client.get(adresse).content.decode()


def test_une_part_europeenne_manque_a_une_convention_fse(client, charge):
    """« Cofinancée par le FSE+ » with nothing on its money, and the control said « oui »."""
    convention = une_convention()
    type(convention).objects.filter(pk=convention.pk).update(cofinancee_fse=True)
    convention.refresh_from_db()
    etat = une_enveloppe()
    financements.repartir(convention, par=charge, parts={etat: Decimal(4800)})
    convention = type(convention).objects.get(pk=convention.pk)
    client.force_login(charge)
    page = client.get(convention.get_absolute_url()).content.decode()
    assert "aucune part n&#x27;est sur une enveloppe européenne" in page
    adresse = reverse("accompagnements:convention_repartir", args=[convention.pk])
    assert "une part est attendue" in client.get(adresse).content.decode()
    (point,) = [p for p in _convention(convention, {}) if p.libelle.startswith("Coût réparti")]
    assert (point.present, "enveloppe européenne" in point.detail) == (False, True)
    parts = {etat: Decimal(2800), une_enveloppe("fse"): Decimal(2000)}
    financements.repartir(convention, par=charge, parts=parts)
    convention = type(convention).objects.get(pk=convention.pk)
    (point,) = [p for p in _convention(convention, {}) if p.libelle.startswith("Coût réparti")]
    assert point.present


def la_saisie(mission, **champs):
    return {
        "cle_envoi": str(uuid4()),
        "numero": "F1",
        "datee_du": horloge.aujourdhui().isoformat(),
        "montant_ht": "100",
        "montant_ttc": "120",
        "jours": "0",
        **champs,
    }


def test_le_ttc_tient_entre_le_ht_et_la_tva(client, charge):
    """100 € HT with 1 771,20 € TTC was accepted."""
    mission = une_mission()
    client.force_login(charge)
    adresse = reverse("accompagnements:facture_ajouter", args=[mission.pk])
    for ttc, phrase in (("1771,20", "TVA à 20"), ("120,02", "TVA à 20"), ("99", "inférieur")):
        refus = client.post(adresse, la_saisie(mission, montant_ttc=ttc))
        assert phrase in refus.context["formulaire"].errors["montant_ttc"][0]
    assert client.post(adresse, la_saisie(mission, montant_ttc="120,01")).status_code == 302
    double = client.post(adresse, la_saisie(mission, numero="f1"))
    phrases = double.context["formulaire"].errors["numero"]
    assert phrases == ["La facture f1 de ce prestataire est déjà enregistrée."]


def test_qui_a_saisi_une_facture_la_corrige_tant_qu_elle_est_recue(client, charge, gestionnaire):
    facture = restitutions.recevoir_facture(facture_de(une_mission(), "A", "900"), par=charge)
    client.force_login(charge)
    adresse = reverse("accompagnements:facture_modifier", args=[facture.pk])
    assert adresse in client.get(facture.get_absolute_url()).content.decode()
    envoi = la_saisie(facture.mission, numero="A-bis", version=relire(facture).version)
    assert client.post(adresse, envoi).status_code == 302
    assert (relire(facture).numero, relire(facture).montant_ttc) == ("A-bis", Decimal(120))
    assert client.post(adresse, envoi).status_code == 409
    assert relire(facture).journal().filter(transition="corriger").count() == 1
    client.force_login(gestionnaire)
    assert client.get(adresse).status_code == 403
    restitutions.certifier(relire(facture), par=gestionnaire)
    client.force_login(charge)
    assert client.get(adresse).status_code == 409
    assert adresse not in client.get(facture.get_absolute_url()).content.decode()


def test_chaque_page_nomme_la_structure_et_met_le_pas_suivant_dans_son_cadre(client, charge):
    mission = une_mission()
    convention = mission.convention
    structure = convention.ingenierie.accompagnements().get().structure.nom
    client.force_login(charge)
    page = client.get(mission.get_absolute_url())
    assert page.context["a_faire"]["principal"]["libelle"] == "Enregistrer le rapport final"
    restitution = une_restitution()
    page = client.get(restitution.get_absolute_url())
    assert page.context["a_faire"]["principal"]["libelle"] == "Envoyer l'enquête de satisfaction"
    signee = une_convention()
    page = client.get(signee.get_absolute_url())
    assert page.context["a_faire"]["principal"]["libelle"] == "Enregistrer le lancement"
    assert "Acompte à la signature" in page.content.decode()
    facture = restitutions.recevoir_facture(facture_de(mission, "A", "900"), par=charge)
    for objet in (convention, mission, facture):
        page = client.get(objet.get_absolute_url()).content.decode()
        assert f"<title>{structure} — " in page
