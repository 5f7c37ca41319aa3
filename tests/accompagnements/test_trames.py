"""The text of conventions as data of the region: fixed fields, inert values, versions kept."""

import io
from decimal import Decimal

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accompagnements import marques
from accompagnements.conventions import documents, redaction, versions
from accompagnements.conventions import transitions as conventions
from accompagnements.conventions.trame_nationale import semer
from accompagnements.conventions.trames import Trame
from accompagnements.marques import MarqueFinanceur
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle import fichiers
from dla_portal.socle.documents import STATIQUES, RessourceInterdite
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite

pytestmark = pytest.mark.django_db
SECTIONS = [{"titre": "Article unique", "texte": "Pour {structure}, {jours}."}]


def texte_du(octets):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(octets)).pages)


@pytest.fixture
def region():
    return fabrique.un_departement().region


@pytest.fixture
def c2ra(region):
    return fabrique.une_personne(roles.DlaRegional.code, region=region)


def test_la_trame_nationale_ne_cite_que_des_champs_connus():
    trame = Trame.objects.en_vigueur(None)
    assert redaction.manques_des_sections(trame.sections) == []
    semer()
    assert Trame.objects.de(None).count() == 1


def test_un_champ_inconnu_est_refuse_avec_ceux_qui_existent(region, c2ra):
    sections = [{"titre": "Article", "texte": "Le {montant_net} de {structure}"}]
    with pytest.raises(Manques) as refus:
        versions.enregistrer(region, par=c2ra, sections=sections, numero_lu=0)
    phrase = refus.value.phrases[0]
    assert "{montant_net}" in phrase
    assert all(f"{{{nom}}}" in phrase for nom in redaction.CHAMPS)


@pytest.mark.parametrize(
    "texte",
    [
        "{{ structure }}",
        "{structure.nom}",
        "{structure!r}",
        "{0}",
        "{}",
        "Une accolade { seule",
        "Une autre } seule",
        "{% load static %}",
    ],
)
def test_aucun_langage_de_gabarit_n_est_accepte(texte):
    assert redaction.manques_du_texte(texte)


def test_ce_que_valent_les_champs_reste_inerte():
    valeurs = {"structure": "{jours} <b>{{ 7|add:7 }}</b> {% now 'Y' %}", "jours": "5 jours"}
    assert redaction.remplacer("{structure}", valeurs) == valeurs["structure"]
    bloc = redaction.blocs("{structure}", {"structure": "- un\n\n- deux"})
    assert bloc == [{"genre": "paragraphe", "texte": "- un\n\n- deux"}]


def test_le_pdf_montre_les_valeurs_telles_quelles(region, c2ra):
    convention = suite.une_convention("brouillon")
    dossier = convention.ingenierie.accompagnements().get()
    dossier.structure.nom = "<i>{jours}</i> & {{ 7|add:7 }}"
    dossier.structure.save()
    versions.enregistrer(region, par=c2ra, sections=SECTIONS, numero_lu=0)
    texte = texte_du(documents.convention(convention))
    assert "<i>{jours}</i> & {{ 7|add:7 }}" in texte
    assert "5 jours" in texte


def test_une_convention_garde_sa_version(region, c2ra):
    convention = suite.une_convention("brouillon")
    premiere = versions.enregistrer(region, par=c2ra, sections=SECTIONS, numero_lu=0)
    conventions.mettre_en_signature(
        convention, par=suite.le_charge(convention), avec_document=False
    )
    autre = [{"titre": "Article unique", "texte": "Tout autre texte."}]
    seconde = versions.enregistrer(region, par=c2ra, sections=autre, numero_lu=1)
    convention.refresh_from_db()
    assert (convention.trame, seconde.numero) == (premiere, 2)
    assert "Tout autre texte" not in texte_du(documents.convention(convention))


def test_deux_personnes_n_ecrivent_pas_la_meme_version(region, c2ra):
    versions.enregistrer(region, par=c2ra, sections=SECTIONS, numero_lu=0)
    with pytest.raises(Manques, match="entre-temps"):
        versions.enregistrer(region, par=c2ra, sections=[{"titre": "B", "texte": "B"}], numero_lu=0)
    with pytest.raises(Manques, match="Rien n'a changé"):
        versions.enregistrer(region, par=c2ra, sections=SECTIONS, numero_lu=1)


def test_chaque_region_tient_la_sienne(region, c2ra, client):
    charge = fabrique.un_charge(fabrique.un_operateur())
    with pytest.raises(Refus):
        versions.enregistrer(region, par=charge, sections=SECTIONS, numero_lu=0)
    with pytest.raises(Refus):
        versions.enregistrer(None, par=c2ra, sections=SECTIONS, numero_lu=1)
    client.force_login(c2ra)
    for code in ("nationale", "99"):
        assert client.get(reverse("accompagnements:trame", args=[code])).status_code == 404
    admin = fabrique.une_personne(roles.Administrateur.code)
    client.force_login(admin)
    assert client.get(reverse("accompagnements:trame", args=["nationale"])).status_code == 200


def envoi_de(client, adresse):
    formulaire = client.get(adresse).context["formulaire"]
    return {champ.html_name: "" if champ.value() is None else champ.value() for champ in formulaire}


def test_l_ecran_de_la_trame(region, c2ra, client):
    client.force_login(c2ra)
    adresse = reverse("accompagnements:trame_modifier", args=[region.pk])
    envoi = envoi_de(client, adresse)
    envoi |= {"texte_1": "Entre {structure} et {inconnu}"}
    reponse = client.post(adresse, envoi)
    assert reponse.status_code == 422
    assert "Champ inconnu" in reponse.content.decode()
    envoi |= {"texte_1": "Entre {structure} et {operateur}", "titre_2": "", "texte_2": ""}
    envoi |= {"rang_3": "1", "rang_1": "2"}
    apercu = client.post(adresse, {**envoi, "apercu": "1"})
    assert apercu["Content-Type"] == "application/pdf"
    assert not Trame.objects.de(region).exists()
    assert client.post(adresse, envoi).status_code == 302
    trame = Trame.objects.de(region).get()
    nationale = Trame.objects.en_vigueur(None).sections
    assert [s["titre"] for s in trame.sections[:2]] == [
        nationale[2]["titre"],
        nationale[0]["titre"],
    ]
    assert len(trame.sections) == len(nationale) - 1
    assert client.post(adresse, envoi).status_code == 422  # the version read is stale


def test_l_apercu_se_fait_sur_un_dossier_que_l_on_voit(region, client):
    convention = suite.une_convention("brouillon")
    operateur = convention.ingenierie.operateur
    adresse = reverse("accompagnements:trame_apercu", args=[region.pk])
    sien = fabrique.une_personne(roles.DlaRegional.code, region=region, operateur=operateur)
    client.force_login(sien)
    vu = client.get(adresse, {"convention": convention.pk})
    assert convention.reference in texte_du(vu.content)
    client.force_login(fabrique.une_personne(roles.DlaRegional.code, region=region))
    assert client.get(adresse, {"convention": convention.pk}).status_code == 404
    assert "exemple inventé" in texte_du(client.get(adresse).content)


@pytest.mark.parametrize(
    ("annee", "programme"),
    [(2018, "Fonds social européen (FSE)"), (2026, "Union européenne (FSE+)"), (2030, None)],
)
def test_la_mention_suit_le_programme_de_l_annee(annee, programme):
    financeurs, _ = marques.pour(["Union européenne (FSE+)", "Région"], annee, europe=True)
    assert financeurs[0]["nom"] == (programme or "Union européenne")
    assert financeurs[0]["europe"]
    assert financeurs[0]["logo_url"] == f"{STATIQUES}images/europe.svg"
    assert [f["nom"] for f in financeurs[1:]] == ["Région"]
    assert bool(financeurs[0]["mention"]) is (programme is not None)


def une_image(couleur="red"):
    flux = io.BytesIO()
    Image.new("RGB", (60, 30), couleur).save(flux, "PNG")
    return flux.getvalue()


def test_un_logo_televerse_va_dans_le_document_et_rien_d_autre(monkeypatch):
    logo = fichiers.deposer(
        SimpleUploadedFile("logo.png", une_image()), fil="marque:1", categorie="logo"
    )
    MarqueFinanceur.objects.create(nom="Région Essai", de_annee=2020, logo=logo)
    financeurs, images = marques.pour(["région essai"], 2026, europe=False)
    assert images[financeurs[0]["logo_url"].removeprefix("image:")][0] == une_image()
    convention = suite.une_convention("brouillon")
    convention.financeurs = "Région Essai"
    page = pypdf.PdfReader(io.BytesIO(documents.convention(convention))).pages[0]
    assert len(page.images) == 1
    monkeypatch.setattr(
        marques, "pour", lambda *a, **k: ([{**financeurs[0], "logo_url": "file:///etc/hosts"}], {})
    )
    with pytest.raises(RessourceInterdite):
        documents.convention(convention)


def test_l_embleme_europeen_est_le_plus_grand():
    convention = suite.une_convention("brouillon")
    convention.cofinancee_fse = True
    octets = documents.convention(convention)
    assert "Cofinancé par l'Union européenne" in texte_du(octets)
    feuille = (documents.documents.settings.BASE_DIR / "static/css/pdf.css").read_text()
    assert "height: 16mm" in feuille.split(".financeur.europe img")[1].split("}")[0]
    assert "height: 11mm" in feuille.split(".financeur img")[1].split("}")[0]


def test_l_administration_verifie_le_logo_comme_une_image(client):
    admin = fabrique.une_personne(roles.Administrateur.code)
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client.force_login(admin)
    adresse = reverse("admin:accompagnements_marquefinanceur_add")
    envoi = {"nom": "Ville Essai", "de_annee": 2024}
    faux = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>")
    assert client.post(adresse, {**envoi, "nouveau_logo": faux}).status_code == 200
    assert not MarqueFinanceur.objects.filter(nom="Ville Essai").exists()
    vrai = SimpleUploadedFile("logo.png", une_image())
    assert client.post(adresse, {**envoi, "nouveau_logo": vrai}).status_code == 302
    assert MarqueFinanceur.objects.get(nom="Ville Essai").logo.intact


def test_l_europe_nommee_n_est_jamais_omise():
    """The box unticked, the document left out the Union named among the funders."""
    financeurs, _ = marques.pour(["État", "Union européenne (FSE+)"], 2026, europe=False)
    assert [f["nom"] for f in financeurs] == ["Union européenne (FSE+)", "État"]
    assert financeurs[0]["mention"] == "Cofinancé par l'Union européenne"
    financeurs, _ = marques.pour(["État", "FSE+"], 2026, europe=False)
    assert [f["europe"] for f in financeurs] == [True, False]


@pytest.mark.parametrize(("ttc", "taux"), [("1000.01", 50), ("999.99", 33), ("4800", 30)])
def test_l_acompte_et_le_solde_imprimes_font_le_total(ttc, taux):
    montants = documents.Montants(Decimal(ttc), Decimal(ttc), taux)
    acompte, solde = montants.acompte_ttc, montants.solde_ttc
    assert acompte == round(acompte, 2)
    assert solde == round(solde, 2)
    assert acompte + solde == Decimal(ttc)


def test_l_acompte_s_arrondit_au_centime_superieur():
    assert documents.Montants(Decimal(0), Decimal("1000.01"), 50).acompte_ttc == Decimal("500.01")
