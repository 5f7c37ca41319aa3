"""The dossier page: its timeline and filters, everything in one zip, the printed summary."""

import csv
import hashlib
import io
import subprocess
import zipfile

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accompagnements.demandes import commenter
from accompagnements.parcours import archive
from accompagnements.restitutions.transitions import recevoir_facture
from dla_portal.comptes import roles
from dla_portal.socle import fichiers, horloge
from dla_portal.socle.courriels import ESSAIS_MAX, Courriel, deposer
from dla_portal.socle.etats import Evenement
from dla_portal.socle.fichiers import Fichier
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique import un_commentaire
from tests.accompagnements.test_ingenierie import facture_de
from tests.accompagnements.test_relances import PDF

pytestmark = pytest.mark.django_db
SECRET, PARTAGE = "ZZSECRETZZ", "ZZPARTAGEZZ"
PIECES_ATTENDUES = {
    "Diagnostic partagé",
    "Plan d'accompagnement",
    "Cahier des charges",
    "Comparaison des propositions",
    "Procès-verbal d'ouverture",
    "Procès-verbal de choix",
    "Compte rendu de lancement",
    "Compte rendu de restitution",
}


@pytest.fixture
def entier(operateur):
    """A dossier up to its invoice, with comments of both kinds."""
    restitution = suite.une_restitution(avec_compte_rendu=True)
    mission = restitution.mission
    recevoir_facture(facture_de(mission), par=suite.le_charge(mission.convention))
    dossier = mission.convention.ingenierie.accompagnements().get()
    un_commentaire(dossier, texte=SECRET)
    un_commentaire(dossier, texte=PARTAGE, portee="partage")
    return dossier


def une_piece(fil, nom="piece.pdf", categorie="autre", par=None):
    return fichiers.enregistrer(nom, PDF, "application/pdf", fil=fil, categorie=categorie, par=par)


def ouvrir(client, lecteur, dossier, **question):
    client.force_login(lecteur)
    return client.get(dossier.get_absolute_url(), question)


def le_zip(client, personne, dossier, **champs):
    client.force_login(personne)
    reponse = client.post(reverse("accompagnements:dossier_zip", args=[dossier.pk]), champs)
    assert reponse.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(reponse.streaming_content)))


def l_index(paquet):
    brut = paquet.read(archive.INDEX_CSV)
    assert brut.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(brut.decode("utf-8-sig")), delimiter=";"))


def les_pieces(paquet):
    """The names of the pieces: what is neither an index nor comments."""
    return [nom for nom in paquet.namelist() if "/" in nom]


# Timeline


def test_les_genres_se_comptent_et_se_filtrent(client, entier):
    tout = ouvrir(client, entier.charge, entier).context["chronologie"]
    comptes = {onglet["libelle"]: onglet["compte"] for onglet in tout.onglets}
    assert comptes["Tout"] == sum(n for nom, n in comptes.items() if nom != "Tout")
    assert comptes["Commentaires"] == 2
    for genre, libelle in (
        ("etat", "États et gestes"),
        ("courriel", "Courriels"),
        ("piece", "Pièces"),
    ):
        filtree = ouvrir(client, entier.charge, entier, genre=genre).context["chronologie"]
        assert {ligne.genre for ligne in filtree.gardees} == {genre}
        assert len(filtree.gardees) == comptes[libelle] > 0


def test_les_filtres_se_combinent_dans_l_adresse(client, entier):
    page = ouvrir(client, entier.charge, entier, etape="restitution", genre="etat")
    gardees = page.context["chronologie"].gardees
    assert gardees
    assert all(ligne.etape == "restitution" and ligne.genre == "etat" for ligne in gardees)
    texte = ouvrir(client, entier.charge, entier, q="RAPPORT Énregistrer").context["chronologie"]
    assert texte.gardees
    assert all("rapport" in x.texte and "enregistrer" in x.texte for x in texte.gardees)
    auteur = str(entier.charge)
    par = ouvrir(client, entier.charge, entier, personne=auteur).context["chronologie"]
    assert {ligne.auteur for ligne in par.gardees} == {auteur}
    # A tab keeps the other filters, and counts among them.
    (commentaires,) = [o for o in par.onglets if o["libelle"] == "Commentaires"]
    assert "personne=" in commentaires["url"]
    assert commentaires["compte"] == 2


@pytest.mark.parametrize(
    "question",
    [
        {"genre": "inconnu"},
        {"etape": "<script>"},
        {"page": "douze"},
        {"page": "999"},
        {"personne": "Quelqu'un d'ailleurs"},
        {"q": "x" * 300},
    ],
)
def test_un_filtre_inconnu_ne_casse_rien(client, question):
    dossier = fabrique.un_accompagnement()
    assert ouvrir(client, dossier.charge, dossier, **question).status_code == 200


def test_un_filtre_sans_reponse_le_dit(client, entier):
    page = ouvrir(client, entier.charge, entier, q="introuvable").content.decode()
    assert "Aucune ligne ne répond à ces filtres." in page
    assert "Tout afficher" in page


def test_une_longue_chronologie_se_lit_par_pages(client):
    dossier = fabrique.un_accompagnement()
    for rang in range(60):
        un_commentaire(dossier, texte=f"Mot {rang}")
    vus = []
    for numero in (1, 2, 3):
        page = ouvrir(client, dossier.charge, dossier, genre="commentaire", page=numero)
        vus += [ligne.commentaire.texte for ligne in page.context["chronologie"].page]
    assert vus == [f"Mot {rang}" for rang in reversed(range(60))]
    premier = dossier.commentaires.earliest("cree_le")
    vers = client.get(premier.get_absolute_url())["Location"]
    assert "page=3" in vers
    assert f'id="commentaire-{premier.pk}"' in client.get(vers).content.decode()


def test_chaque_courriel_dit_ce_qu_il_est_devenu(client):
    dossier = fabrique.un_accompagnement()
    Courriel.objects.all().delete()
    for sujet in ("Parti", "Attend", "Réessaie", "Abandonné"):
        deposer(
            "a@essai.example",
            sujet,
            "accompagnements/demandes/courriels/orientation",
            {"demande": dossier.demande},
            fil=dossier.fil,
        )
    Courriel.objects.filter(sujet="Parti").update(envoye_le=horloge.maintenant())
    Courriel.objects.filter(sujet="Réessaie").update(essais=2)
    Courriel.objects.filter(sujet="Abandonné").update(essais=ESSAIS_MAX)
    page = ouvrir(client, dossier.charge, dossier, genre="courriel")
    etats = {x.titre: (x.etat, x.ton) for x in page.context["chronologie"].gardees}
    assert etats["Courriel : Parti"][0].startswith("Envoyé le ")
    assert etats["Courriel : Attend"] == ("En attente", "attente")
    assert etats["Courriel : Réessaie"] == (f"À réessayer, 2 essais sur {ESSAIS_MAX}", "attente")
    assert etats["Courriel : Abandonné"][1] == "alerte"
    assert "Abandonné" in page.content.decode()


def test_tous_les_courriels_du_dossier_sont_dans_la_chronologie(client, entier):
    page = ouvrir(client, entier.charge, entier, genre="courriel")
    fils = page.context["dossier"].fils
    attendus = Courriel.objects.filter(fil__in=fils).count()
    assert len(page.context["chronologie"].gardees) == attendus > 0


def test_hors_de_l_equipe_la_chronologie_n_a_que_les_commentaires_partages(client, entier, c2ra):
    page = ouvrir(client, c2ra, entier)
    lignes = page.context["chronologie"].lignes
    assert [ligne.commentaire.texte for ligne in lignes] == [PARTAGE]
    assert page.context["pieces"] == []
    assert SECRET not in page.content.decode()


def test_la_page_garde_son_nombre_de_requetes(client, entier):
    def combien():
        ouvrir(client, entier.charge, entier)
        with CaptureQueriesContext(connection) as requetes:
            ouvrir(client, entier.charge, entier)
        return len(requetes)

    une_piece(entier.fil)  # the right is asked once a thread which has files
    un = combien()
    for rang in range(20):
        une_piece(entier.fil, f"{rang}.pdf", par=entier.charge)
        deposer(
            "a@essai.example",
            "Bonjour",
            "accompagnements/demandes/courriels/orientation",
            {"demande": entier.demande},
            fil=entier.fil,
        )
        un_commentaire(entier)
    assert combien() == un


# The zip


def test_le_zip_a_autant_de_pieces_que_la_chronologie(client, entier):
    une_piece(entier.fil)
    une_piece(entier.demande.fil, "charte.pdf", "charte")
    page = ouvrir(client, entier.charge, entier, genre="piece")
    lignes = page.context["chronologie"].gardees
    paquet = le_zip(client, entier.charge, entier)
    assert len(les_pieces(paquet)) == len(lignes) == len(page.context["pieces"]) > 8
    stockes = Fichier.objects.filter(fil__in=page.context["dossier"].fils, scelle=False).count()
    index = [ligne for ligne in l_index(paquet) if "/" in ligne["Fichier"]]
    assert sum(ligne["Origine"] == "déposé" for ligne in index) == stockes


def test_chaque_fichier_est_dans_l_index_avec_son_empreinte(client, entier):
    paquet = le_zip(client, entier.charge, entier)
    assert paquet.testzip() is None
    index = {ligne["Fichier"]: ligne for ligne in l_index(paquet) if ligne["Fichier"]}
    assert set(index) == set(paquet.namelist()) - {archive.INDEX_CSV, archive.INDEX_HTML}
    page = paquet.read(archive.INDEX_HTML).decode()
    for nom, ligne in index.items():
        octets = paquet.read(nom)
        assert ligne["SHA-256"] == hashlib.sha256(octets).hexdigest()
        assert ligne["Octets"] == str(len(octets))
        assert ligne["Date"]
        assert ligne["SHA-256"] in page
    assert {ligne["Document"] for ligne in index.values()} >= PIECES_ATTENDUES
    for nom in les_pieces(paquet):
        if "établi" in index[nom]["Origine"]:
            assert paquet.read(nom).startswith(b"%PDF")


def test_les_noms_disent_l_etape(client, entier):
    noms = les_pieces(le_zip(client, entier.charge, entier))
    assert any(nom.startswith("2 - Diagnostic partagé/01 - Diagnostic partagé.pdf") for nom in noms)
    assert any(nom.startswith("5 - Consultation/") for nom in noms)
    assert any(nom.startswith("8 - Restitution et factures/") for nom in noms)
    assert len(noms) == len(set(noms))


def test_un_nom_hostile_reste_inerte(client):
    dossier = fabrique.un_accompagnement()
    hostiles = [
        "../../etc/passwd",
        "=cmd|' /C calc'!A0.pdf",
        "a\u202efdp.exe",
        "CON.pdf",
        "x" * 170,
    ]
    for nom in hostiles:
        une_piece(dossier.fil, nom)
    une_piece(dossier.fil, '"><script>alert(1)</script>.pdf')
    paquet = le_zip(client, dossier.charge, dossier)
    noms = les_pieces(paquet)
    assert len(noms) == len(hostiles) + 1
    for nom in noms:
        assert nom.count("/") == 1
        assert ".." not in nom.split("/")
        assert nom.isprintable()
        assert not set('\\:*?"<>|') & set(nom)
        assert len(nom) < 160
    for ligne in l_index(paquet):
        assert not any(cellule.startswith(("=", "+", "-", "@")) for cellule in ligne.values())
    assert "<script>" not in paquet.read(archive.INDEX_HTML).decode()


def test_rien_de_scelle_ne_sort(client):
    consultation = suite.une_consultation("publiee")
    for sollicitation in consultation.sollicitations.all():
        fichiers.enregistrer(
            "offre.pdf",
            PDF + b"ZZSCELLEZZ",
            "application/pdf",
            fil=sollicitation.fil,
            categorie="proposition",
            scelle=True,
        )
    dossier = consultation.ingenierie.accompagnements().get()
    paquet = le_zip(client, dossier.charge, dossier)
    assert not any("offre" in nom for nom in paquet.namelist())
    assert not any(b"ZZSCELLEZZ" in paquet.read(nom) for nom in paquet.namelist())
    titres = {ligne["Document"] for ligne in l_index(paquet) if ligne["Fichier"]}
    assert "Cahier des charges" in titres
    assert not titres & {"Proposition", "Comparaison des propositions", "Procès-verbal d'ouverture"}


def test_un_cahier_en_redaction_ne_sort_pas(client, gestionnaire):
    consultation = suite.une_consultation("brouillon")
    dossier = consultation.ingenierie.accompagnements().get()
    assert not [n for n in le_zip(client, gestionnaire, dossier).namelist() if "Cahier" in n]


def test_la_gestion_n_emporte_pas_le_diagnostic(client, entier, gestionnaire):
    paquet = le_zip(client, gestionnaire, entier)
    (ligne,) = [x for x in l_index(paquet) if x["Document"] == "Diagnostic partagé"]
    assert ligne["Fichier"] == ""
    assert ligne["État"] == "réservé à l'équipe d'accompagnement"
    assert not any("Diagnostic" in nom for nom in paquet.namelist())
    page = ouvrir(client, gestionnaire, entier, genre="piece")
    assert len(les_pieces(paquet)) == len(page.context["chronologie"].gardees)


def test_seule_l_equipe_emporte_le_dossier(client, entier, c2ra, autre_charge):
    admin = fabrique.une_personne(roles.Administrateur.code)
    for personne, attendu in ((c2ra, 403), (admin, 403), (autre_charge, 404)):
        client.force_login(personne)
        for nom, methode in (("dossier_complet", client.get), ("dossier_zip", client.post)):
            adresse = reverse(f"accompagnements:{nom}", args=[entier.pk])
            assert methode(adresse).status_code == attendu
    assert not Evenement.objects.filter(transition="telechargement").exists()


def test_les_commentaires_internes_ne_sortent_que_sur_demande_dans_un_fichier_a_part(
    client, entier
):
    paquet = le_zip(client, entier.charge, entier)
    assert not any(SECRET.encode() in paquet.read(nom) for nom in paquet.namelist())
    assert PARTAGE in paquet.read(archive.PARTAGES).decode("utf-8-sig")
    paquet = le_zip(client, entier.charge, entier, internes="oui")
    portent = [nom for nom in paquet.namelist() if SECRET.encode() in paquet.read(nom)]
    assert portent == [archive.INTERNES]
    assert "INTERNE" in archive.INTERNES
    assert PARTAGE not in paquet.read(archive.INTERNES).decode("utf-8-sig")
    assert "commentaires internes" in paquet.read(archive.INDEX_HTML).decode()


def test_un_commentaire_retire_ne_sort_pas(client):
    dossier = fabrique.un_accompagnement()
    commenter.retirer(un_commentaire(dossier, texte=SECRET), par=dossier.charge)
    paquet = le_zip(client, dossier.charge, dossier, internes="oui")
    assert not any(SECRET.encode() in paquet.read(nom) for nom in paquet.namelist())
    assert archive.INTERNES not in paquet.namelist()


def test_le_telechargement_s_inscrit_au_journal(client, entier):
    le_zip(client, entier.charge, entier, internes="oui")
    evenement = Evenement.objects.get(transition="telechargement")
    assert evenement.auteur == entier.charge
    assert evenement.libelle.startswith("Dossier complet téléchargé : ")
    assert evenement.libelle.endswith("avec les commentaires internes")
    assert "Dossier complet téléchargé" in ouvrir(client, entier.charge, entier).content.decode()
    client.force_login(entier.charge)
    adresse = reverse("accompagnements:dossier_zip", args=[entier.pk])
    assert client.get(adresse).status_code == 405  # what writes is not a link


def test_ce_qui_manque_est_dit_a_l_ecran_et_dans_l_index(client):
    dossier = fabrique.un_diagnostic("en_cours").accompagnement
    client.force_login(dossier.charge)
    page = client.get(reverse("accompagnements:dossier_complet", args=[dossier.pk]))
    a_l_ecran = {entree.titre for entree in page.context["manquantes"]}
    assert a_l_ecran == {"Charte d'engagement signée"}
    index = {x["Document"]: x["État"] for x in l_index(le_zip(client, dossier.charge, dossier))}
    assert index == {
        "Charte d'engagement signée": "manque",
        "Diagnostic partagé": "étape à venir",
        "Plan d'accompagnement": "étape à venir",
    }


def test_une_piece_disparue_du_stockage_est_dite(client):
    dossier = fabrique.un_accompagnement()
    perdue, gardee = une_piece(dossier.fil, "perdue.pdf"), une_piece(dossier.fil, "gardee.pdf")
    perdue.contenu.storage.delete(perdue.contenu.name)
    paquet = le_zip(client, dossier.charge, dossier)
    index = {ligne["Fichier"]: ligne for ligne in l_index(paquet)}
    (absente,) = [ligne for nom, ligne in index.items() if "perdue" in nom]
    assert absente["État"] == archive.ABSENT
    assert absente["SHA-256"] == perdue.sha256
    assert [nom.rsplit(" - ", 1)[-1] for nom in les_pieces(paquet)] == [gardee.nom]


def test_une_piece_alteree_est_dite(client):
    dossier = fabrique.un_accompagnement()
    piece = une_piece(dossier.fil)
    with open(piece.contenu.path, "wb") as flux:
        flux.write(PDF + b"autre chose")
    (ligne,) = [x for x in l_index(le_zip(client, dossier.charge, dossier)) if x["Fichier"]]
    assert ligne["État"].startswith("altéré")
    assert ligne["SHA-256"] != piece.sha256


def test_un_dossier_trop_lourd_se_dit_avant(client, monkeypatch):
    dossier = fabrique.un_accompagnement()
    une_piece(dossier.fil)
    monkeypatch.setattr(archive, "TAILLE_MAX", 10)
    client.force_login(dossier.charge)
    page = client.get(reverse("accompagnements:dossier_complet", args=[dossier.pk]))
    assert "une à une" in page.content.decode()
    adresse = reverse("accompagnements:dossier_zip", args=[dossier.pk])
    assert client.post(adresse).status_code == 409


# The printed summary


def la_synthese(client, personne, dossier, tmp_path):
    client.force_login(personne)
    reponse = client.get(reverse("accompagnements:dossier_synthese", args=[dossier.pk]))
    assert reponse.status_code == 200
    chemin = tmp_path / "synthese.pdf"
    chemin.write_bytes(reponse.content)
    texte = subprocess.run(
        ["pdftotext", "-layout", chemin, "-"], capture_output=True, check=True
    ).stdout.decode()
    with pikepdf.open(chemin) as pdf:
        return len(pdf.pages), " ".join(texte.split())


def test_la_synthese_dit_tout_en_deux_pages(client, entier, tmp_path):
    pages, texte = la_synthese(client, entier.charge, entier, tmp_path)
    assert pages <= 2
    for mots in (
        entier.structure.nom,
        entier.reference,
        "Dominique Essai",
        "À faire maintenant",
        "Diagnostic partagé",
        "validé le",
        "Ingénieries et argent",
        "€",
        "Document de travail de l'équipe de Fabrique Treize",
    ):
        assert mots in texte.replace("\u2019", "'"), mots
    for secret in (SECRET, PARTAGE, fabrique.RUBRIQUES["faiblesses"]):
        assert secret not in texte


def test_la_synthese_d_un_lecteur_exterieur_n_a_que_l_avancement(client, entier, c2ra, tmp_path):
    pages, texte = la_synthese(client, c2ra, entier, tmp_path)
    assert pages == 1
    assert entier.structure.nom in texte
    for mots in ("Dominique Essai", "Ingénieries et argent", "Contacts", "À faire", SECRET):
        assert mots not in texte, mots


def test_la_gestion_ne_lit_pas_la_classe_du_diagnostic(client, entier, gestionnaire, tmp_path):
    _, texte = la_synthese(client, gestionnaire, entier, tmp_path)
    assert "Ingénieries et argent" in texte
    assert "non reproduit ici" not in texte
