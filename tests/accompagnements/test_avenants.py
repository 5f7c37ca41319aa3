"""Avenants: prepared on a signed convention, signed by the same parties, in force once signed."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from accompagnements.conventions import documents, revisions
from accompagnements.conventions import transitions as conventions
from accompagnements.conventions.avenants import Avenant
from accompagnements.financements import transitions as financements
from accompagnements.missions.models import NoteMiParcours
from accompagnements.missions.regles import manques_de_la_note
from accompagnements.restitutions import transitions as restitutions
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import lien_de
from tests.accompagnements.test_ingenierie import facture_de
from tests.accompagnements.test_relances import relancer
from tests.accompagnements.test_signature import CABINET, courriel_de, signer, signer_tout

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission():
    return suite.une_mission()


@pytest.fixture
def convention(mission):
    return mission.convention


def preparer(convention, par=None, **changements):
    avenant = Avenant(convention=convention, motif="La mission s'étend", **changements)
    return revisions.preparer(avenant, par=par or suite.le_charge(convention))


def test_un_avenant_se_prepare_sur_une_convention_signee():
    with pytest.raises(Manques, match="convention signée"):
        preparer(suite.une_convention("brouillon"), jours=6)


def test_un_avenant_qui_ne_change_rien_est_refuse(convention):
    with pytest.raises(Manques, match="ne change rien"):
        preparer(convention)


def test_un_seul_avenant_a_la_fois(convention):
    premier = suite.un_avenant(convention)
    with pytest.raises(Manques, match="est déjà en cours"):
        preparer(convention, jours=7)
    with (
        pytest.raises(IntegrityError, match="un_seul_en_cours|convention_id"),
        transaction.atomic(),
    ):
        Avenant.objects.create(convention=convention, numero=9, motif="X", jours=7)
    revisions.abandonner(premier, par=suite.le_charge(convention), motif="Inutile")
    assert preparer(convention, jours=7).numero == 2


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"montant_ttc": Decimal(5000)}, "hors taxes et toutes taxes"),
        ({"montant_ht": Decimal(5000), "montant_ttc": Decimal(4000)}, "inférieur au montant HT"),
        ({"fin": "avant"}, "précède son début"),
    ],
)
def test_un_avenant_incoherent_est_dit(convention, champs, phrase):
    if "fin" in champs:
        champs = {"fin": convention.debut - timedelta(days=1)}
    with pytest.raises(Manques, match=phrase):
        preparer(convention, **champs)


def test_le_montant_ne_descend_pas_sous_le_facture(mission, convention):
    restitutions.recevoir_facture(
        facture_de(mission, "2400", solde=False), par=suite.le_charge(convention)
    )
    with pytest.raises(Manques, match="déjà facturé"):
        preparer(convention, montant_ht=Decimal(1000), montant_ttc=Decimal(1200))


MOINDRE = {"montant_ht": Decimal(2000), "montant_ttc": Decimal(2400), "jours": Decimal(3)}


@pytest.mark.parametrize("etat", ["a_signer", "signe"])
def test_un_avenant_en_signature_plafonne_deja_les_factures(mission, convention, etat):
    """Else it would take effect below what was invoiced while the parties were signing."""
    charge = suite.le_charge(convention)
    suite.un_avenant(convention, etat, **MOINDRE)
    trop = facture_de(mission, "2401", solde=False)
    with pytest.raises(Manques, match="dépasserait la convention"):
        restitutions.recevoir_facture(trop, par=charge)
    restitutions.recevoir_facture(facture_de(mission, "2399", solde=False), par=charge)


def test_la_derniere_signature_reverifie_ce_qui_est_facture(mission, convention):
    """An invoice recorded another way (import, admin site) does not escape the rule."""
    avenant = suite.un_avenant(convention, "a_signer", **MOINDRE)
    facture = facture_de(mission, "2401", solde=False)
    facture.save()
    with pytest.raises(Manques, match="déjà facturé"):
        suite.signer_sur_papier(avenant)
    avenant.refresh_from_db()
    assert avenant.etat == "a_signer"


def test_les_jours_ne_descendent_pas_sous_le_journal_ni_le_facture(mission, convention):
    for _ in range(2):
        suite.une_journee(mission)
    with pytest.raises(Manques, match="journal de la mission"):
        preparer(convention, jours=Decimal("1.5"))
    facture = facture_de(mission, "2400", solde=False)
    facture.jours = Decimal(3)
    restitutions.recevoir_facture(facture, par=suite.le_charge(convention))
    with pytest.raises(Manques, match="déjà facturés"):
        preparer(convention, jours=Decimal(2))


def test_le_journal_ecrit_pendant_les_signatures_arrete_la_derniere(mission, convention):
    avenant = suite.un_avenant(convention, "a_signer", jours=Decimal("1.5"))
    for _ in range(2):
        suite.une_journee(mission)
    with pytest.raises(Manques, match="journal de la mission"):
        suite.signer_sur_papier(avenant)


def test_d20_la_vigilance_vaut_aussi_pour_le_nouveau_montant(convention):
    avenant = preparer(
        convention, montant_ht=Decimal(5000), montant_ttc=Decimal(6000), justification="Utile"
    )
    with pytest.raises(Manques, match="vigilance"):
        revisions.mettre_en_signature(avenant, par=suite.le_charge(convention))


def test_seule_l_equipe_d_accompagnement_prepare(convention):
    for role in (roles.Gestionnaire.code,):
        personne = fabrique.une_personne(role, operateur=fabrique.un_operateur())
        with pytest.raises(Refus):
            preparer(convention, par=personne, jours=6)
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    with pytest.raises(Refus):
        preparer(convention, par=fabrique.un_charge(autre), jours=6)


def test_rien_ne_change_avant_la_derniere_signature(mission, convention):
    fin = convention.fin + timedelta(days=60)
    avenant = suite.un_avenant(convention, "a_signer", jours=Decimal(8), fin=fin)
    assert (convention.jours_effectifs, convention.fin_effective) == (
        convention.jours,
        convention.fin,
    )
    suite.signer_sur_papier(avenant)
    convention = type(convention).objects.get(pk=convention.pk)
    assert (convention.jours_effectifs, convention.fin_effective) == (Decimal(8), fin)
    assert convention.jours != Decimal(8)  # the convention signed stays as it was signed


def test_le_dernier_avenant_signe_l_emporte_champ_par_champ(convention):
    suite.un_avenant(convention, "signe", jours=Decimal(7))
    suite.un_avenant(
        type(convention).objects.get(pk=convention.pk),
        "signe",
        montant_ht=Decimal(4500),
        montant_ttc=Decimal(5400),
    )
    convention = type(convention).objects.get(pk=convention.pk)
    assert convention.jours_effectifs == Decimal(7)
    assert convention.montant_ttc_effectif == Decimal(5400)
    assert convention.debut_effectif == convention.debut
    assert convention.avenants.get(numero=2).avant["jours"] == Decimal(7)


def test_les_etapes_suivantes_lisent_l_avenant(mission, convention):
    fin = convention.fin + timedelta(days=100)
    avant = mission.mi_parcours_le
    charge = suite.le_charge(convention)
    note = NoteMiParcours(mission=mission, jours_realises=Decimal("5.5"), travaux="Faits")
    assert any("dépassent" in phrase for phrase in manques_de_la_note(note))
    with pytest.raises(Manques, match="dépasserait"):
        restitutions.recevoir_facture(facture_de(mission, "5400"), par=charge)
    suite.un_avenant(
        convention,
        "signe",
        jours=Decimal(6),
        montant_ht=Decimal(4500),
        montant_ttc=Decimal(5400),
        fin=fin,
    )
    mission = type(mission).objects.get(pk=mission.pk)
    assert mission.mi_parcours_le == avant + timedelta(days=50)
    note.mission = mission
    assert not any("dépassent" in phrase for phrase in manques_de_la_note(note))
    assert restitutions.recevoir_facture(facture_de(mission, "5400"), par=charge).pk


def test_la_liste_des_missions_montre_la_fin_de_l_avenant(mission, convention, client):
    fin = convention.fin + timedelta(days=100)
    suite.un_avenant(convention, "signe", fin=fin)
    client.force_login(suite.le_charge(convention))
    contenu = client.get(reverse("accompagnements:missions")).content.decode()
    assert fin.strftime("%d/%m/%Y") in contenu


def test_un_avenant_se_signe_en_ligne_comme_la_convention(convention, client):
    charge = suite.le_charge(convention)
    avenant = preparer(convention, jours=Decimal(6))
    Courriel.objects.all().delete()
    revisions.mettre_en_signature(avenant, par=charge)
    structure = courriel_de(avenant)
    page = client.get(lien_de(structure)).content.decode()
    assert "6 jours" in page
    assert "au lieu de 5 jours" in page
    assert signer(client, lien_de(structure), structure).status_code == 302
    signature = avenant.signatures.get(partie="structure")
    assert "l'avenant n° 1 à la convention" in signature.consentement
    assert Courriel.objects.first().destinataire == CABINET
    le = horloge.aujourdhui() + timedelta(days=10)
    assert relancer(le)["Signatures rappelées"] == "1"
    conventions.refuser(
        avenant.signatures.get(partie="prestataire"), par="Par son lien", motif="Trop de jours"
    )
    avenant.refresh_from_db()
    assert avenant.etat == "en_preparation"
    convention.refresh_from_db()
    assert convention.etat == "signee"


def test_l_avenant_signe_en_ligne_a_son_exemplaire_final(convention):
    responsable = fabrique.une_personne(
        roles.Responsable.code, operateur=convention.ingenierie.operateur
    )
    avenant = preparer(convention, jours=Decimal(6))
    revisions.mettre_en_signature(avenant, par=suite.le_charge(convention))
    signer_tout(avenant, responsable)
    assert (avenant.etat, avenant.preuve.nom) == ("signe", f"{avenant.reference}-signe.pdf")


def test_les_ecrans_d_un_avenant(convention, client):
    client.force_login(suite.le_charge(convention))
    adresse = reverse("accompagnements:avenant_preparer", args=[convention.pk])
    page = client.get(adresse)
    envoi = {"cle_envoi": page.context["formulaire"]["cle_envoi"].value(), "motif": "Pour voir"}
    reponse = client.post(adresse, envoi)
    assert reponse.status_code == 422
    assert "ne change rien" in reponse.content.decode()
    reponses = [client.post(adresse, {**envoi, "jours": "6,5"}) for _ in range(2)]
    assert [r.status_code for r in reponses] == [302, 302]
    avenant = Avenant.objects.get()
    assert avenant.jours == Decimal("6.5")
    contenu = client.get(avenant.get_absolute_url()).content.decode()
    assert "6,5 jours" in contenu
    assert (
        client.get(reverse("accompagnements:avenant_pdf", args=[avenant.pk])).content[:4] == b"%PDF"
    )
    modifier = reverse("accompagnements:avenant_modifier", args=[avenant.pk])
    changement = {"version": avenant.version, "motif": "Pour de bon", "jours": "7"}
    assert client.post(modifier, changement).status_code == 302
    assert client.post(modifier, changement).status_code == 409
    geste = reverse("accompagnements:avenant_geste", args=[avenant.pk, "mettre-en-signature"])
    avenant.refresh_from_db()
    assert client.post(geste, {"version_lue": avenant.version}).status_code == 302
    assert client.get(modifier).status_code == 409
    assert avenant.get_absolute_url() in client.get(convention.get_absolute_url()).content.decode()


def test_une_convention_ne_se_resilie_pas_sous_un_avenant_en_cours():
    convention = suite.une_convention()
    responsable = fabrique.une_personne(
        roles.Responsable.code, operateur=convention.ingenierie.operateur
    )
    suite.un_avenant(convention)
    with pytest.raises(Manques, match="abandonnez-le d'abord"):
        conventions.resilier(convention, par=responsable, motif="Procédure collective")


def test_loin_au_dessus_de_l_initial_l_avenant_se_justifie(convention, client):
    """An avenant multiplied a convention by ten without a word; avenants add up."""
    suite.un_avenant(
        convention, "signe", montant_ht=Decimal(4500), montant_ttc=Decimal(5400)
    )  # +12,5 %
    convention = type(convention).objects.get(pk=convention.pk)
    encore = {"montant_ht": Decimal(5000), "montant_ttc": Decimal(6000)}
    with pytest.raises(Manques, match="plus de 20 %.*justifiez ce dépassement"):
        preparer(convention, **encore)
    client.force_login(suite.le_charge(convention))
    adresse = reverse("accompagnements:avenant_preparer", args=[convention.pk])
    formulaire = client.get(adresse).context["formulaire"]
    assert "5\u202f400,00" in formulaire.fields["montant_ttc"].help_text
    envoi = {
        "cle_envoi": formulaire.initial["cle_envoi"],
        "motif": "Plus loin",
        "montant_ht": "5000",
        "montant_ttc": "6000",
    }
    refus = client.post(adresse, envoi)
    assert refus.status_code == 422
    assert "justifiez" in refus.context["formulaire"].errors["justification"][0]
    assert client.post(adresse, {**envoi, "justification": "Deux sites"}).status_code == 302
    avenant = convention.avenants.get(justification="Deux sites")
    octets = documents.avenant(avenant)
    texte = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages)
    assert "Deux sites" in texte


def test_l_avenant_dit_ce_que_les_enveloppes_ne_portent_pas(convention, client):
    charge, enveloppe = suite.le_charge(convention), suite.une_enveloppe(vote="5000")
    financements.repartir(convention, par=charge, parts={enveloppe: Decimal(4800)})
    avenant = preparer(convention, montant_ht=Decimal(4500), montant_ttc=Decimal(5400))
    client.force_login(charge)
    page = client.get(avenant.get_absolute_url())
    (phrase,) = page.context["avertissements"]
    assert "trouvez le financement" in phrase
    assert "trouvez le financement" in page.content.decode()
