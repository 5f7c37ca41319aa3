"""What the prestataires answer and how: papers beside deposits on line, refusals, receipts."""

from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accompagnements.consultations import courriels
from accompagnements.consultations import transitions as consultations
from accompagnements.consultations.documents import pv_d_ouverture
from accompagnements.consultations.models import Depot, Sollicitation
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel, Evenement
from dla_portal.socle.regles import Manques
from tests.accompagnements.fabrique_ingenierie import (
    DEPOT,
    le_charge,
    une_consultation,
)
from tests.accompagnements.liens import confirmer, lien_de
from tests.accompagnements.test_analyse import lire
from tests.accompagnements.test_relances import PDF

pytestmark = pytest.mark.django_db
LIEN, PREMIER = "Par son lien", "cabinet0@essai.example"
HEURE = timedelta(hours=1)


@pytest.fixture
def publiee():
    """A consultation sent to two prestataires, its deadline in ten days."""
    consultation = une_consultation("validee")
    limite = horloge.maintenant() + timedelta(days=10)
    return consultations.publier(
        consultation, par=le_charge(consultation), date_limite=limite, justification_delai="Essai"
    )


def page_de(client, adresse):
    return unescape(client.get(adresse).content.decode())


def dernier_courriel(destinataire=PREMIER):
    return Courriel.objects.filter(destinataire=destinataire).first()


# --- An answer by post beside a deposit on line ---------------------------------------------------


def courrier(arrivee, **plus):
    moment = horloge.timezone.localtime(arrivee).strftime("%Y-%m-%dT%H:%M")
    return {
        "arrivee_le": moment,
        "montant_ht": "4000",
        "tva": "800",
        "jours": "5",
        "intervenants": "Deux personnes",
        "methode": "Trois ateliers",
        "fichier": SimpleUploadedFile("numerisation.pdf", PDF),
        **plus,
    }


@pytest.mark.parametrize(
    ("decalage", "compte", "phrase"),
    [
        (HEURE, "courrier", "le courrier compte, et le dépôt en ligne ne sera jamais ouvert"),
        (-HEURE, "en ligne", "son dépôt en ligne compte, le courrier est gardé scellé"),
    ],
    ids=["courrier arrivé après", "courrier arrivé avant"],
)
def test_un_courrier_a_cote_d_un_depot_en_ligne_se_confirme(
    publiee, client, decalage, compte, phrase
):
    sollicitation = publiee.sollicitations.first()
    depot_le = publiee.publiee_le + timedelta(days=2)
    with horloge.voyage(depot_le):
        en_ligne = consultations.deposer(sollicitation, par=LIEN, **DEPOT)
    client.force_login(le_charge(publiee))
    adresse = reverse("accompagnements:sollicitation_depot", args=[sollicitation.pk])
    with horloge.voyage(depot_le + 3 * HEURE):
        assert "a déjà déposé en ligne" in page_de(client, adresse)
        refus = client.post(adresse, courrier(depot_le + decalage))
        assert refus.status_code == 422
        assert phrase in refus.context["formulaire"].errors["malgre_le_lien"][0]
        assert "Joignez de nouveau" in refus.context["formulaire"].errors["fichier"][0]
        assert Depot.objects.get() == en_ligne
        for _ in range(2):  # twice by an impatient hand: one paper, one receipt
            envoi = courrier(depot_le + decalage, malgre_le_lien="on")
            assert client.post(adresse, envoi).status_code == 302
    papier = Depot.objects.get(recu_par_courrier=True)
    valable = Depot.objects.get(remplace_le=None)
    assert valable == (papier if compte == "courrier" else en_ligne)
    recepisse = Courriel.objects.filter(destinataire=PREMIER, sujet__contains="écépissé").first()
    assert "Vous aviez aussi déposé en ligne" in recepisse.corps
    assert (
        f"c'est {'le courrier' if compte == 'courrier' else 'votre dépôt en ligne'} qui compte"
        in (unescape(recepisse.corps))
    )
    with horloge.voyage(publiee.date_limite):
        consultations.ouvrir(publiee, par=le_charge(publiee), avec_pv=False)
    assert publiee.propositions.count() == 1
    pv = lire(pv_d_ouverture(publiee))[1]
    assert ("avant le dépôt en ligne qui compte" in pv) == (compte == "en ligne")
    assert "jamais ouvert" in pv


def test_sans_confirmation_le_geste_lui_meme_refuse(publiee):
    sollicitation = publiee.sollicitations.first()
    consultations.deposer(sollicitation, par=LIEN, **DEPOT)
    with pytest.raises(Manques, match="Confirmez-le"):
        consultations.deposer(
            sollicitation, par=le_charge(publiee), arrivee_le=horloge.maintenant(), **DEPOT
        )
    assert Depot.objects.get().remplace_le is None


def test_le_recepisse_d_un_courrier_dit_son_arrivee_et_son_enregistrement(publiee, client):
    sollicitation = publiee.sollicitations.first()
    arrivee = publiee.publiee_le.replace(second=0, microsecond=0) + timedelta(days=1)
    client.force_login(le_charge(publiee))
    adresse = reverse("accompagnements:sollicitation_depot", args=[sollicitation.pk])
    with horloge.voyage(arrivee + timedelta(days=2, minutes=7)):
        assert "déjà déposé en ligne" not in page_de(client, adresse)
        assert client.post(adresse, courrier(arrivee)).status_code == 302
    corps = dernier_courriel().corps
    local = horloge.timezone.localtime(arrivee)
    assert f"Arrivée : le {courriels.moment(arrivee)}" in corps
    enregistree = arrivee + timedelta(days=2, minutes=7)
    assert f"scellée par nous : le {courriels.moment(enregistree)}" in corps
    assert f"{local.hour} h {local:%M}" in corps
    detail = Evenement.objects.filter(transition="deposer").latest("pk").motif
    assert "Reçue par courrier" in detail


# --- A refusal told to the chargé ------------------------------------------------------------------


def test_un_refus_par_telephone_se_note_et_se_lit_partout(publiee, client):
    sollicitation = publiee.sollicitations.first()
    charge = le_charge(publiee)
    client.force_login(charge)
    adresse = reverse("accompagnements:sollicitation_geste", args=[sollicitation.pk, "noter-refus"])
    assert adresse in page_de(client, publiee.get_absolute_url())
    version = client.get(adresse).context["objet"].version
    envoi = {
        "version_lue": version,
        "moyen": "telephone",
        "recu_le": horloge.aujourdhui().isoformat(),
        "motif": "",
    }
    assert client.post(adresse, envoi).status_code == 302
    sollicitation.refresh_from_db()
    assert (sollicitation.etat, sollicitation.declin_moyen) == ("declinee", "telephone")
    jour = f"{horloge.aujourdhui():%d/%m/%Y}"
    page = page_de(client, publiee.get_absolute_url())
    assert f"refus reçu par téléphone le {jour}" in page
    evenement = Evenement.objects.get(transition="noter_refus")
    assert evenement.auteur == charge
    assert evenement.motif.startswith("Reçu par téléphone le")
    assert evenement.motif in page  # the timeline
    courriel = dernier_courriel()
    assert (courriel.destinataire, "refus est noté" in courriel.sujet) == (PREMIER, True)
    assert f"refus reçu par téléphone le {jour}" in courriel.corps
    assert client.post(adresse, envoi).status_code == 409  # noted once


def test_un_refus_ne_se_note_plus_apres_la_limite(publiee):
    with horloge.voyage(publiee.date_limite), pytest.raises(Manques, match="est passée"):
        consultations.noter_refus(
            publiee.sollicitations.first(),
            par=le_charge(publiee),
            moyen="lettre",
            recu_le=horloge.aujourdhui(),
        )


def test_le_charge_revient_sur_un_refus_avec_un_motif(publiee, client):
    sollicitation, charge = publiee.sollicitations.first(), le_charge(publiee)
    consultations.noter_refus(
        sollicitation, par=charge, moyen="lettre", recu_le=horloge.aujourdhui(), motif="Congés"
    )
    with pytest.raises(Manques, match="motif"):
        consultations.revenir_sur_refus(sollicitation, par=charge)
    consultations.revenir_sur_refus(sollicitation, par=charge, motif="Mauvais cabinet")
    sollicitation.refresh_from_db()
    assert (sollicitation.etat, sollicitation.refus_en_mots) == ("sollicitee", "")
    assert "de nouveau répondre" in dernier_courriel().sujet
    confirmer(client, lien_de(PREMIER), PREMIER)
    assert "Comptez-vous répondre" in page_de(client, lien_de(PREMIER))


def test_un_refus_note_sans_date_est_refuse_par_la_base(publiee):
    with (
        pytest.raises(IntegrityError, match="sollicitation_refus_note_date"),
        transaction.atomic(),
    ):
        Sollicitation.objects.update(declin_moyen="telephone")


# --- Declining by the link -------------------------------------------------------------------------


def test_decliner_par_le_lien_se_fait_en_deux_fois_et_se_reprend(publiee, client):
    sollicitation = publiee.sollicitations.get(prestataire__email=PREMIER)
    lien = lien_de(PREMIER)
    confirmer(client, lien, PREMIER)
    refus = {"action": "decliner", "declin-motif": "Plan de charge complet"}
    premier = client.post(lien, refus)
    page = unescape(premier.content.decode())
    assert premier.status_code == 200
    assert "Confirmez-vous que vous ne répondez pas" in page
    assert 'name="declin-motif" value="Plan de charge complet"' in page
    assert "Déposer ma proposition" not in page  # one thing at a time
    sollicitation.refresh_from_db()
    assert sollicitation.etat == "sollicitee"
    assert client.post(lien, {**refus, "declin-confirme": "on"}).status_code == 302
    sollicitation.refresh_from_db()
    assert (sollicitation.etat, sollicitation.motif_declin) == ("declinee", refus["declin-motif"])
    assert "Revenir sur mon refus" in page_de(client, lien)
    with horloge.voyage(publiee.date_limite):
        assert "Revenir sur mon refus" not in page_de(client, lien)
    avant = Courriel.objects.count()
    assert client.post(lien, {"action": "revenir"}).status_code == 302
    sollicitation.refresh_from_db()
    assert (sollicitation.etat, sollicitation.motif_declin) == ("sollicitee", "")
    assert Courriel.objects.count() == avant
    assert "Déposer ma proposition" in page_de(client, lien)
    assert client.post(lien, {"action": "revenir"}).status_code == 422  # nothing to take back


def test_sans_code_un_refus_ne_se_reprend_pas(publiee, client):
    sollicitation = publiee.sollicitations.get(prestataire__email=PREMIER)
    consultations.decliner(sollicitation, par=LIEN, motif="Plan de charge")
    page = page_de(client, lien_de(PREMIER))
    assert "Revenir sur mon refus" not in page
    assert "Revenir sur un refus engage votre cabinet" in page
    assert client.post(lien_de(PREMIER), {"action": "revenir"}).status_code == 422
    with horloge.voyage(publiee.date_limite), pytest.raises(Manques, match="est passée"):
        consultations.revenir_sur_refus(sollicitation, par=LIEN)


# --- The receipt of a deposit ----------------------------------------------------------------------


def test_le_recepisse_nomme_les_fichiers_une_fois_et_nulle_part_ailleurs(publiee, client, tmp_path):
    lien = lien_de(PREMIER)
    confirmer(client, lien, PREMIER)
    saisie = courrier(horloge.maintenant(), action="deposer", version_lue="1")
    del saisie["arrivee_le"]
    saisie["fichier"] = SimpleUploadedFile("offre-NOMSECRET.pdf", PDF)
    saisie["cv"] = SimpleUploadedFile("cv-NOMSECRET.pdf", PDF)
    quand = publiee.publiee_le.replace(microsecond=0) + timedelta(hours=2, seconds=9)
    with horloge.voyage(quand):
        reponse = client.post(lien, saisie)
    page = unescape(reponse.content.decode())
    depot = Depot.objects.get()
    assert reponse.status_code == 200
    for dit in (
        "offre-NOMSECRET.pdf",
        "cv-NOMSECRET.pdf",
        depot.empreinte,
        depot.fichier.sha256,
        courriels.seconde(quand),
        courriels.moment(publiee.date_limite),
        "data-imprimer",
    ):
        assert dit in page, dit
    assert "octets" in page  # the sizes
    assert "no-store" in reponse["Cache-Control"]
    relue = page_de(client, lien)
    assert depot.fichier.sha256 in relue
    assert courriels.seconde(quand) in relue
    assert "NOMSECRET" not in relue
    call_command("dumpdata", output=str(tmp_path / "base.json"))  # sessions and outbox included
    assert "NOMSECRET" not in (tmp_path / "base.json").read_text()


def test_le_journal_nomme_le_depot_en_ligne_que_le_courrier_remplace(publiee):
    sollicitation = publiee.sollicitations.first()
    depot_le = publiee.publiee_le + timedelta(days=2)
    with horloge.voyage(depot_le):
        consultations.deposer(sollicitation, par=LIEN, **DEPOT)
    with horloge.voyage(depot_le + 3 * HEURE):
        consultations.deposer(
            sollicitation,
            par=le_charge(publiee),
            arrivee_le=depot_le + HEURE,
            malgre_le_lien=True,
            **{**DEPOT, "montant_ht": 3000},
        )
    motif = Evenement.objects.filter(transition="deposer").first().motif
    assert f"remplace le dépôt en ligne du {courriels.moment(depot_le)}" in motif
    assert "ne sera pas ouvert" in motif


def test_la_confirmation_vaut_pour_le_depot_lu_pas_pour_le_suivant(publiee, client):
    """Between the page and the click, the prestataire deposits again: asked again, with its date."""
    sollicitation = publiee.sollicitations.first()
    depot_le = publiee.publiee_le + timedelta(days=2)
    with horloge.voyage(depot_le):
        lu = consultations.deposer(sollicitation, par=LIEN, **DEPOT)
    client.force_login(le_charge(publiee))
    adresse = reverse("accompagnements:sollicitation_depot", args=[sollicitation.pk])
    with horloge.voyage(depot_le + HEURE):
        page = client.get(adresse)
        libelle = page.context["formulaire"].fields["malgre_le_lien"].label
        assert courriels.moment(depot_le) in libelle
        assert page.context["formulaire"]["depot_lu"].value() == lu.pk
        autre = consultations.deposer(sollicitation, par=LIEN, **{**DEPOT, "montant_ht": 3000})
    with horloge.voyage(depot_le + 3 * HEURE):
        envoi = courrier(depot_le + 2 * HEURE, malgre_le_lien="on", depot_lu=lu.pk)
        refus = client.post(adresse, envoi)
        assert refus.status_code == 422
        formulaire = refus.context["formulaire"]
        quand = courriels.moment(depot_le + HEURE)
        assert quand in formulaire.errors["malgre_le_lien"][0]
        assert str(formulaire["depot_lu"].value()) == str(autre.pk)
        assert not formulaire["malgre_le_lien"].value()
        assert not Depot.objects.filter(recu_par_courrier=True).exists()
        with pytest.raises(Manques, match="a déposé en ligne"):
            consultations.deposer(
                sollicitation,
                par=le_charge(publiee),
                arrivee_le=depot_le + 2 * HEURE,
                malgre_le_lien=True,
                depot_lu=lu.pk,
                **DEPOT,
            )
        envoi = courrier(depot_le + 2 * HEURE, malgre_le_lien="on", depot_lu=autre.pk)
        assert client.post(adresse, envoi).status_code == 302
    assert Depot.objects.get(remplace_le=None).recu_par_courrier


def test_annoncer_regarde_la_consultation_du_moment_pas_celle_de_la_page(publiee):
    """The link read it open; it was classed meanwhile: no answer is taken any more."""
    sollicitation = Sollicitation.objects.select_related("consultation__cahier").get(
        pk=publiee.sollicitations.first().pk
    )
    assert sollicitation.consultation.etat == "publiee"
    consultations.abandonner(publiee, par=le_charge(publiee), motif="Reporté")
    Sollicitation.objects.filter(pk=sollicitation.pk).update(version=sollicitation.version)
    with pytest.raises(Manques, match="n'attend plus de réponse"):
        consultations.annoncer(sollicitation, par=LIEN)
