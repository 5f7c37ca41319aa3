"""Signing on line or on paper, in order; refusal; the final file and its evidence."""

import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accompagnements.conventions import revisions
from accompagnements.conventions import transitions as conventions
from accompagnements.conventions.courriels import USAGE
from accompagnements.conventions.signatures import Signature
from accompagnements.parcours.taches import taches
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle import archives, horloge, jetons
from dla_portal.socle.calendrier import ajouter_jours_ouvres
from dla_portal.socle.models import Courriel, Evenement, Fichier, Jeton
from dla_portal.socle.regles import Manques
from dla_portal.socle.traces import Trace
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.liens import confirmer, lien_de
from tests.accompagnements.test_relances import PDF, relancer

pytestmark = pytest.mark.django_db
CABINET = "cabinet0@essai.example"
TRACE = Trace("192.0.2.7", "Navigateur d'essai")
NAVIGATEUR = {"HTTP_USER_AGENT": "Navigateur d'essai"}


@pytest.fixture
def responsable():
    return fabrique.une_personne(roles.Responsable.code, operateur=fabrique.un_operateur())


@pytest.fixture
def convention(responsable):
    """A convention sent today to be signed, its document frozen."""
    convention = suite.une_convention("brouillon")
    Courriel.objects.all().delete()
    return conventions.mettre_en_signature(convention, par=suite.le_charge(convention))


def signature_de(acte, partie):
    return acte.signatures.get(partie=partie)


def courriel_de(acte):
    return signature_de(acte, "structure").structure.courriel_principal()


def signer(client, chemin, destinataire, **champs):
    """Confirm the link, then send the form of signature."""
    confirmer(client, chemin, destinataire)
    envoi = {
        "action": "signer",
        "signer-signataire": "Dominique Essai",
        "signer-qualite": "Présidente",
        "signer-consentement": "on",
        **champs,
    }
    return client.post(chemin, envoi, **NAVIGATEUR)


def octets_de(reponse):
    return b"".join(reponse.streaming_content)


def signer_tout(acte, responsable):
    """The three parties sign: two by their links, the operator by its account."""
    for partie, adresse in (("structure", courriel_de(acte)), ("prestataire", CABINET)):
        signature = signature_de(acte, partie)
        jeton = Jeton.objects.filter(destinataire=adresse, usage=USAGE).latest("pk")
        conventions.signer_par_lien(
            signature,
            par="Par son lien",
            jeton=jeton,
            trace=TRACE,
            signataire=f"Signataire {partie}",
            qualite="Gérance",
            consentement=True,
        )
    acte.refresh_from_db()
    conventions.signer_par_compte(
        acte, par=responsable, trace=TRACE, qualite="Direction", consentement=True
    )
    acte.refresh_from_db()
    return acte


def etat_de(acte):
    """What a reading must not change."""
    return (
        list(acte.signatures.values_list("signee_le", "invitee_le")),
        Evenement.objects.count(),
        Courriel.objects.count(),
        Jeton.objects.count(),
        Fichier.objects.count(),
    )


def test_l_ordre_est_structure_prestataire_operateur(convention, client, responsable):
    structure = courriel_de(convention)
    assert [c.destinataire for c in Courriel.objects.all()] == [structure]
    assert signer(client, lien_de(structure), structure).status_code == 302
    assert Courriel.objects.first().destinataire == CABINET
    assert signer(client, lien_de(CABINET), CABINET).status_code == 302
    dernier = Courriel.objects.first()
    assert dernier.destinataire == responsable.email
    assert "/lien/" not in dernier.corps
    assert convention.get_absolute_url() in dernier.corps
    convention.refresh_from_db()
    assert convention.etat == "en_signature"
    client.force_login(responsable)
    adresse = reverse("accompagnements:convention_geste", args=[convention.pk, "signer-operateur"])
    page = client.get(adresse)
    envoi = {"version_lue": page.context["objet"].version, "qualite": "Direction"}
    assert client.post(adresse, envoi).status_code == 422
    assert client.post(adresse, {**envoi, "consentement": "on"}).status_code == 302
    convention.refresh_from_db()
    assert (convention.etat, convention.signee_le) == ("signee", horloge.aujourdhui())
    assert convention.ingenierie.actions.get().statut == "en_cours"


def test_ce_qui_est_garde_d_une_signature_en_ligne(convention, client):
    adresse = courriel_de(convention)
    with horloge.voyage(horloge.maintenant() + timedelta(minutes=1)) as instant:
        signer(client, lien_de(adresse), adresse)
    signature = signature_de(convention, "structure")
    assert (signature.signataire, signature.qualite) == ("Dominique Essai", "Présidente")
    assert signature.signee_a == instant
    assert (signature.adresse_ip, signature.navigateur) == ("127.0.0.1", "Navigateur d'essai")
    assert signature.empreinte == hashlib.sha256(convention.document.lire()).hexdigest()
    assert signature.jeton.destinataire == adresse
    assert signature.code_confirme_le == instant
    assert convention.document.sha256 in signature.consentement
    assert signature.structure.nom in signature.consentement


def test_le_document_se_lit_par_le_lien_et_ne_change_jamais(convention, client):
    chemin = lien_de(courriel_de(convention))
    lu = client.get(f"{chemin}?document=a-signer")
    assert lu.content == convention.document.lire()
    assert client.get(f"{chemin}?document=signe").status_code == 404
    convention.objet = "Tout autre chose"
    convention.save()
    assert client.get(f"{chemin}?document=a-signer").content == lu.content


def test_avant_le_code_rien_ne_se_signe_et_la_saisie_reste(convention, client):
    chemin = lien_de(courriel_de(convention))
    envoi = {"action": "signer", "signer-signataire": "Dominique", "signer-consentement": "on"}
    reponse = client.post(chemin, envoi)
    assert reponse.status_code == 422
    assert "Dominique" in reponse.content.decode()
    assert signature_de(convention, "structure").signee_le is None


def test_cinq_codes_faux_ne_signent_rien(convention, client):
    adresse = courriel_de(convention)
    chemin = lien_de(adresse)
    client.post(chemin, {"action": "recevoir-code"})
    for _ in range(5):
        client.post(chemin, {"action": "confirmer-code", "code": "abc"})
    contenu = client.get(chemin).content.decode()
    assert "ce code est annulé" in contenu
    client.post(chemin, {"action": "signer", "signer-signataire": "X", "signer-qualite": "Y"})
    assert signature_de(convention, "structure").signee_le is None


def test_sans_cocher_la_phrase_rien_n_est_signe(convention, client):
    adresse = courriel_de(convention)
    reponse = signer(client, lien_de(adresse), adresse, **{"signer-consentement": ""})
    assert reponse.status_code == 422
    assert "Cochez la phrase" in reponse.content.decode()
    assert signature_de(convention, "structure").signee_le is None


@pytest.mark.parametrize("comment", ["inconnu", "expire", "revoque", "autre_usage"])
def test_un_lien_qui_ne_vaut_rien_donne_404_avec_une_page_utile(convention, client, comment):
    chemin = lien_de(courriel_de(convention))
    jeton = Jeton.objects.get(usage=USAGE)
    if comment == "inconnu":
        chemin = "/lien/" + "x" * 32 + "/"
    elif comment == "expire":
        Jeton.objects.update(expire_le=horloge.maintenant())
    elif comment == "revoque":
        jetons.revoquer(jeton.objet, USAGE)
    else:
        Jeton.objects.update(usage="usage-inconnu")
    for reponse in (client.get(chemin), client.post(chemin, {"action": "signer"})):
        assert reponse.status_code == 404
        assert "plus valable" in reponse.content.decode()


def test_le_lien_d_une_partie_ne_signe_pas_pour_une_autre(convention, client):
    adresse = courriel_de(convention)
    signature = signature_de(convention, "prestataire")
    brut = jetons.creer(USAGE, signature, CABINET, 10)
    chemin = f"/lien/{brut}/"
    assert signer(client, chemin, CABINET).status_code == 422
    assert signature_de(convention, "prestataire").signee_le is None
    with pytest.raises(Manques, match="n'est pas celui"):
        conventions.signer_par_lien(
            signature_de(convention, "structure"),
            par="Par son lien",
            jeton=Jeton.objects.get(destinataire=CABINET, objet_id=signature.pk),
            trace=TRACE,
            signataire="X",
            qualite="Y",
            consentement=True,
        )
    # The browser confirmed for one link is not confirmed for another.
    reponse = client.post(lien_de(adresse), {"action": "signer", "signer-signataire": "X"})
    assert reponse.status_code == 422
    assert signature_de(convention, "structure").signee_le is None


def test_vingt_lectures_par_un_analyseur_de_courriels_ne_changent_rien(convention, client):
    chemin = lien_de(courriel_de(convention))
    avant = etat_de(convention)
    for _ in range(20):
        assert client.get(chemin).status_code == 200
        assert client.head(chemin).status_code == 200
        assert client.get(f"{chemin}?document=a-signer").status_code == 200
    assert etat_de(convention) == avant


def test_deux_envois_font_une_signature_et_un_courriel(convention, client):
    adresse = courriel_de(convention)
    chemin = lien_de(adresse)
    assert signer(client, chemin, adresse).status_code == 302
    avant = etat_de(convention)
    envoi = {"action": "signer", "signer-signataire": "Autre", "signer-consentement": "on"}
    assert client.post(chemin, envoi).status_code == 302
    assert etat_de(convention) == avant
    assert Courriel.objects.filter(destinataire=CABINET).count() == 1
    with pytest.raises(Manques, match="a déjà signé"):
        conventions.signer_par_lien(
            signature_de(convention, "structure"),
            par="Par son lien",
            jeton=Jeton.objects.filter(destinataire=adresse).first(),
            trace=TRACE,
            signataire="Autre",
            qualite="Autre",
            consentement=True,
        )


def test_un_document_altere_ne_se_signe_pas(convention, client):
    adresse = courriel_de(convention)
    chemin = lien_de(adresse)
    fichier = convention.document
    octets = bytearray(fichier.lire())
    octets[200] ^= 1
    Path(fichier.contenu.path).write_bytes(octets)
    assert not fichier.intact
    assert "Prévenez l" in client.get(chemin).content.decode()
    reponse = signer(client, chemin, adresse)
    assert reponse.status_code == 422
    assert "Prévenez l" in reponse.content.decode()
    assert signature_de(convention, "structure").signee_le is None


def test_un_refus_est_dit_a_tous_et_rend_la_convention_au_charge(convention, client, responsable):
    structure = courriel_de(convention)
    signer(client, lien_de(structure), structure)
    chemin = lien_de(CABINET)
    confirmer(client, chemin, CABINET)
    Courriel.objects.all().delete()
    assert client.post(chemin, {"action": "refuser", "refuser-motif": ""}).status_code == 422
    motif = "Le calendrier ne convient plus."
    assert client.post(chemin, {"action": "refuser", "refuser-motif": motif}).status_code == 302
    charge = suite.le_charge(convention)
    recus = {c.destinataire: c.corps for c in Courriel.objects.all()}
    assert set(recus) == {structure, CABINET, responsable.email, charge.email}
    assert all(motif in corps for corps in recus.values())
    convention.refresh_from_db()
    assert (convention.etat, convention.document, convention.envoyee_le) == (
        "brouillon",
        None,
        None,
    )
    assert not convention.signatures.filter(signee_le__isnull=False).exists()
    refusee = signature_de(convention, "prestataire")
    assert (refusee.refus_motif, refusee.refusee_le is not None) == (motif, True)
    # What had been given stays in the history, and no link opens anything any more.
    ancienne = signature_de(convention, "structure")
    assert ancienne.history.filter(signataire="Dominique Essai").exists()
    assert client.get(chemin).status_code == 404
    client.force_login(charge)
    assert motif in client.get(convention.get_absolute_url()).content.decode()
    conventions.mettre_en_signature(convention, par=charge)
    assert Courriel.objects.first().destinataire == structure
    assert signature_de(convention, "prestataire").refusee_le is None


def test_apres_une_correction_tout_recommence_sur_un_autre_document(convention, client):
    adresse = courriel_de(convention)
    chemin = lien_de(adresse)
    signer(client, chemin, adresse)
    premier = convention.document
    convention.refresh_from_db()
    charge = suite.le_charge(convention)
    conventions.corriger(convention, par=charge, motif="Une date fausse")
    assert client.get(chemin).status_code == 404
    assert Courriel.objects.filter(sujet__startswith="Signature suspendue").count() == 3
    convention.objet = "Objet corrigé"
    convention.save()
    conventions.mettre_en_signature(convention, par=charge)
    assert convention.document_id != premier.pk
    assert Fichier.objects.get(pk=premier.pk).intact
    assert convention.attendues().count() == 3


def test_un_abandon_se_dit_aux_parties_invitees_et_sur_leur_lien(convention, client):
    """Nobody told them: the structure kept a link to a page « introuvable »."""
    adresse = courriel_de(convention)
    chemin, charge = lien_de(adresse), suite.le_charge(convention)
    signer(client, chemin, adresse)  # the prestataire is invited in turn, the operator is not
    convention.refresh_from_db()
    Courriel.objects.all().delete()
    motif = "La structure change de projet"
    conventions.abandonner(convention, par=charge, motif=motif)
    assert {c.destinataire for c in Courriel.objects.all()} == {adresse, CABINET}
    assert all(motif in c.corps and "abandonne" in c.corps for c in Courriel.objects.all())
    page = client.get(chemin)
    assert page.status_code == 200
    contenu = page.content.decode()
    assert motif in contenu
    assert "plus rien à signer" in contenu


def test_une_resiliation_se_dit_a_toutes_les_parties(responsable):
    convention = suite.une_convention()
    Courriel.objects.all().delete()
    conventions.resilier(convention, par=responsable, motif="Défection du prestataire")
    corps = {c.destinataire: c.corps for c in Courriel.objects.all()}
    assert {courriel_de(convention), CABINET} < set(corps)
    assert all(
        "Défection du prestataire" in texte and "résilie" in texte for texte in corps.values()
    )


def test_l_abandon_d_un_avenant_se_dit_aussi():
    avenant = suite.un_avenant(etat="a_signer")
    charge = suite.le_charge(avenant)
    Courriel.objects.all().delete()
    revisions.abandonner(avenant, par=charge, motif="Le budget manque")
    (courriel,) = Courriel.objects.all()
    assert courriel.destinataire == courriel_de(avenant)
    assert "Le budget manque" in courriel.corps


def papier(convention, partie, par=None, **champs):
    habilite = suite.le_responsable if partie == "operateur" else suite.le_charge
    return conventions.signer(
        convention,
        par=par or habilite(convention),
        signature=signature_de(convention, partie),
        signataire="Camille Papier",
        qualite="Gérance",
        signee_le=horloge.aujourdhui(),
        **champs,
    )


def test_une_signature_sur_papier_demande_son_exemplaire_numerise(convention):
    with pytest.raises(Manques, match="numérisé"):
        papier(convention, "prestataire")
    papier(convention, "prestataire", scan=SimpleUploadedFile("signe.pdf", PDF))
    signature = signature_de(convention, "prestataire")
    assert (signature.canal, signature.scan.lire()) == ("papier", PDF)
    # Out of its turn: the link of the structure stays the only one sent.
    assert [c.destinataire for c in Courriel.objects.all()] == [courriel_de(convention)]


def test_une_signature_sur_papier_passe_la_main_au_suivant(convention, client):
    chemin = lien_de(courriel_de(convention))
    papier(convention, "structure", scan=SimpleUploadedFile("signe.pdf", PDF))
    assert Courriel.objects.first().destinataire == CABINET
    assert "Votre signature est enregistrée" in client.get(chemin).content.decode()


def test_le_scan_se_joint_a_l_ecran(convention, client):
    client.force_login(suite.le_charge(convention))
    adresse = reverse("accompagnements:convention_geste", args=[convention.pk, "signer"])
    envoi = {
        "version_lue": convention.version,
        "signature": signature_de(convention, "structure").pk,
        "signataire": "Camille Papier",
        "qualite": "Présidence",
        "signee_le": horloge.aujourdhui().isoformat(),
    }
    assert client.post(adresse, envoi).status_code == 422
    faux = SimpleUploadedFile("signe.pdf", b"pas un PDF")
    assert client.post(adresse, {**envoi, "scan": faux}).status_code == 422
    vrai = SimpleUploadedFile("signe.pdf", PDF)
    assert client.post(adresse, {**envoi, "scan": vrai}).status_code == 302
    scan = signature_de(convention, "structure").scan
    telecharger = reverse("socle:telecharger", args=[scan.pk])
    assert octets_de(client.get(telecharger)) == PDF
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    client.force_login(fabrique.un_charge(autre))
    assert client.get(telecharger).status_code == 404


def test_seul_le_responsable_signe_pour_l_operateur(convention):
    for role in (roles.ChargeMission, roles.Gestionnaire):
        personne = fabrique.une_personne(role.code, operateur=fabrique.un_operateur())
        with pytest.raises(Refus):
            conventions.signer_par_compte(
                convention, par=personne, trace=TRACE, qualite="X", consentement=True
            )


def test_le_papier_de_l_operateur_revient_au_responsable(convention, responsable, client):
    scan = SimpleUploadedFile("signe.pdf", PDF)
    with pytest.raises(Refus, match="responsable"):
        papier(convention, "operateur", par=suite.le_charge(convention), scan=scan)
    envoi = {
        "version_lue": convention.version,
        "signature": signature_de(convention, "operateur").pk,
        "signataire": "Camille Papier",
        "qualite": "Direction",
        "signee_le": horloge.aujourdhui().isoformat(),
    }

    def poster(geste, personne):
        client.force_login(personne)
        adresse = reverse("accompagnements:convention_geste", args=[convention.pk, geste])
        return client.post(adresse, {**envoi, "scan": SimpleUploadedFile("signe.pdf", PDF)})

    charge = suite.le_charge(convention)
    assert poster("signer", charge).status_code == 422
    assert poster("signer-operateur-papier", charge).status_code == 403
    assert signature_de(convention, "operateur").signee_le is None
    page = client.get(reverse("accompagnements:convention_geste", args=[convention.pk, "signer"]))
    assert "revient à son responsable" in page.content.decode()
    assert (
        "Enregistrer la signature de l&#x27;opérateur"
        not in client.get(convention.get_absolute_url()).content.decode()
    )
    assert poster("signer-operateur-papier", responsable).status_code == 302
    assert signature_de(convention, "operateur").canal == "papier"


def test_le_papier_d_un_avenant_aussi(responsable):
    avenant = suite.un_avenant(etat="a_signer")
    operateur = avenant.signatures.get(partie="operateur")
    reste = {"signataire": "X", "qualite": "Y", "signee_le": horloge.aujourdhui()}
    with pytest.raises(Refus, match="responsable"):
        conventions.signer(avenant, par=suite.le_charge(avenant), signature=operateur, **reste)
    conventions.signer(avenant, par=responsable, signature=operateur, **reste)


def test_l_operateur_attend_son_tour(convention, responsable, client):
    with pytest.raises(Manques, match="d'abord à une autre partie"):
        conventions.signer_par_compte(
            convention, par=responsable, trace=TRACE, qualite="X", consentement=True
        )
    client.force_login(responsable)
    contenu = client.get(convention.get_absolute_url()).content.decode()
    assert "la structure Les Ateliers" in contenu
    assert "d&#x27;abord à une autre partie" in contenu


def test_l_exemplaire_final_porte_les_pages_signees_et_les_preuves(convention, responsable):
    signer_tout(convention, responsable)
    octets = convention.preuve.lire()
    jointes = archives.pieces_jointes(octets)
    assert jointes[convention.document.nom] == convention.document.lire()
    recueil = json.loads(jointes["preuves.json"])
    assert recueil["document"]["sha256"] == convention.document.sha256
    assert [e["moyen"] for e in recueil["signatures"]] == [
        "En ligne, par un lien personnel et un code",
        "En ligne, par un lien personnel et un code",
        "En ligne, par son compte",
    ]
    assert all(
        e["empreinte_du_document"] == convention.document.sha256 for e in recueil["signatures"]
    )
    assert all(e["adresse_ip"] == TRACE.adresse_ip for e in recueil["signatures"])
    assert recueil["signatures"][0]["heure"][-6:] in ("+01:00", "+02:00")
    assert recueil["signatures"][2]["signataire"] == str(responsable)


def test_l_exemplaire_final_est_une_archive_balisee(convention, responsable):
    """What PDF/A-3a and PDF/UA-1 ask of the structure."""
    signer_tout(convention, responsable)
    with (
        pikepdf.open(io.BytesIO(convention.preuve.lire())) as final,
        pikepdf.open(io.BytesIO(convention.document.lire())) as document,
    ):
        metadonnees = final.open_metadata()
        assert metadonnees["pdfaid:part"] == "3"
        assert metadonnees["pdfaid:conformance"] == "A"
        assert metadonnees["pdfuaid:part"] == "1"
        assert final.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert final.Root.MarkInfo.Marked
        assert str(final.Root.Lang) == "fr"
        assert len(final.pages) > len(document.pages)
        verifier_les_balises(final)
        for page, originale in zip(final.pages, document.pages, strict=False):
            assert page.Contents.read_bytes() == originale.Contents.read_bytes()
        relations = {str(piece.UF): piece.AFRelationship for piece in final.Root.AF}
        assert relations["preuves.json"] == "/Data"
        assert relations[convention.document.nom] == "/Source"


def verifier_les_balises(pdf):
    """Each page finds its elements in the parent tree, and each element leads to the document."""
    nombres = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    arbre = {int(cle): valeur for cle, valeur in zip(nombres[::2], nombres[1::2], strict=True)}
    assert len(arbre) == len(nombres) // 2
    documents = {document.objgen for document in pdf.Root.StructTreeRoot.K}
    pages = [int(page.obj.StructParents) for page in pdf.pages]
    assert len(set(pages)) == len(pages)
    for page in pdf.pages:
        for element in arbre[int(page.obj.StructParents)]:
            assert element.Pg.objgen == page.obj.objgen
            while element.S != "/Document":
                element = element.P
            assert element.objgen in documents


def test_l_exemplaire_final_se_lit_par_l_equipe_et_par_chaque_lien(convention, responsable, client):
    signer_tout(convention, responsable)
    for adresse in (courriel_de(convention), CABINET):
        dernier = Courriel.objects.filter(destinataire=adresse).first()
        assert dernier.sujet.startswith("Signé par toutes les parties")
        reponse = client.get(f"{lien_de(adresse)}?document=signe")
        assert reponse.content == convention.preuve.lire()
    adresse = reverse("socle:telecharger", args=[convention.preuve_id])
    assert client.get(adresse).status_code == 302
    client.force_login(responsable)
    assert adresse in client.get(convention.get_absolute_url()).content.decode()
    assert octets_de(client.get(adresse)) == convention.preuve.lire()
    autre = fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
    client.force_login(fabrique.un_charge(autre))
    assert client.get(adresse).status_code == 404


def test_le_scan_est_joint_a_l_exemplaire_final(convention, responsable):
    for partie in ("structure", "prestataire", "operateur"):
        papier(convention, partie, scan=SimpleUploadedFile("signe.pdf", PDF))
    convention.refresh_from_db()
    jointes = archives.pieces_jointes(convention.preuve.lire())
    assert {n for n in jointes if n.startswith("scan")} == {
        "scan-1.pdf",
        "scan-2.pdf",
        "scan-3.pdf",
    }
    assert jointes["scan-1.pdf"] == PDF
    entree = json.loads(jointes["preuves.json"])["signatures"][0]
    assert entree["scan"]["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert "adresse_ip" not in entree


def test_une_convention_signee_ne_se_signe_ni_ne_se_refuse_plus(convention, responsable, client):
    signer_tout(convention, responsable)
    fichiers = Fichier.objects.count()
    chemin = lien_de(CABINET)
    confirmer(client, chemin, CABINET)
    client.post(chemin, {"action": "refuser", "refuser-motif": "Trop tard"})
    convention.refresh_from_db()
    assert (convention.etat, Fichier.objects.count()) == ("signee", fichiers)
    with pytest.raises(Manques):
        conventions.refuser(signature_de(convention, "structure"), par="Lien", motif="Non")


def test_le_rappel_va_a_celui_dont_c_est_le_tour_puis_s_arrete(convention, client, responsable):
    nom = "Signatures rappelées"
    le = ajouter_jours_ouvres(horloge.aujourdhui(), 5)
    Courriel.objects.all().delete()
    assert relancer(le - timedelta(days=1))[nom] == "0"
    assert relancer(le)[nom] == "1"
    rappel = Courriel.objects.get()
    assert rappel.destinataire == courriel_de(convention)
    assert client.get(lien_de(rappel.destinataire)).status_code == 200
    assert relancer(le)[nom] == "0"
    dixieme = ajouter_jours_ouvres(horloge.aujourdhui(), 10)
    assert relancer(dixieme)[nom] == "1"
    assert relancer(dixieme + timedelta(days=60))[nom] == "0"
    signer_tout(convention, responsable)
    assert relancer(dixieme + timedelta(days=90))[nom] == "0"


def test_un_refus_arrete_les_rappels(convention):
    conventions.refuser(signature_de(convention, "structure"), par="Par son lien", motif="Non")
    le = ajouter_jours_ouvres(horloge.aujourdhui(), 30)
    assert relancer(le)["Signatures rappelées"] == "0"


def test_renvoyer_le_lien_ferme_le_precedent(convention, client):
    adresse = courriel_de(convention)
    ancien = lien_de(adresse)
    conventions.renvoyer_le_lien(convention, par=suite.le_charge(convention))
    assert client.get(ancien).status_code == 404
    assert client.get(lien_de(adresse)).status_code == 200


def test_un_lien_ne_signe_plus_ce_qui_est_abandonne(convention, client):
    adresse = courriel_de(convention)
    chemin = lien_de(adresse)
    conventions.abandonner(convention, par=suite.le_charge(convention), motif="Retrait")
    signer(client, chemin, adresse)
    assert signature_de(convention, "structure").signee_le is None


@pytest.mark.parametrize(
    ("contrainte", "champs"),
    [
        ("signature_en_ligne_prouvee", {"canal": "lien", "signataire": "X"}),
        ("signature_refus_motive", {"refusee_le": "2026-01-05T10:00Z"}),
        ("signature_d_un_seul_acte", {"convention": None}),
    ],
)
def test_la_base_refuse_une_signature_sans_preuve(convention, contrainte, champs):
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        Signature.objects.filter(convention=convention, partie="prestataire").update(**champs)


def test_ce_qu_ecrit_un_signataire_reste_inerte(convention, client):
    adresse = courriel_de(convention)
    marque = "<script>alert(1)</script>"
    signer(client, lien_de(adresse), adresse, **{"signer-signataire": marque})
    client.force_login(suite.le_charge(convention))
    contenu = client.get(convention.get_absolute_url()).content.decode()
    assert marque not in contenu
    assert "&lt;script&gt;" in contenu


def test_la_tache_du_responsable_vient_a_son_tour(convention, responsable):
    def libelles():
        return [t.libelle for t in taches(responsable)]

    assert "Signer la convention" not in libelles()
    for partie in ("structure", "prestataire"):
        papier(convention, partie, scan=SimpleUploadedFile("signe.pdf", PDF))
    assert "Signer la convention" in libelles()


def test_une_partie_sans_adresse_se_dit_sur_la_page(client):
    convention = suite.une_convention("brouillon")
    structure = signature_de(convention, "structure").structure
    structure.contacts.update(email="")
    structure.email = ""
    structure.save()
    charge = suite.le_charge(convention)
    conventions.mettre_en_signature(convention, par=charge)
    client.force_login(charge)
    assert "Aucune adresse" in client.get(convention.get_absolute_url()).content.decode()
    with pytest.raises(Manques, match="Aucune adresse"):
        conventions.renvoyer_le_lien(convention, par=charge)


def test_la_page_de_signature_montre_ce_qui_engage(convention, client):
    """Whoever signed on line had no amount nor date before the eyes."""
    page = client.get(lien_de(courriel_de(convention))).content.decode()
    page = page.replace("\u202f", " ").replace("\xa0", " ")
    for attendu in ("4 800,00 €", "5 jours", "30 %, soit 1 440,00 €", "Fin de la mission"):
        assert attendu in page


def test_qui_suit_le_dossier_sait_que_tout_est_signe(convention, responsable):
    signer_tout(convention, responsable)
    charge = suite.le_charge(convention)
    dernier = Courriel.objects.get(destinataire=charge.email, sujet__startswith="Signé par toutes")
    assert convention.get_absolute_url() in dernier.corps
