"""The register of structures: SIRET, communes, scope, yearly figures, nobody overwrites anybody."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from accompagnements.structures import fusions, regles, series
from accompagnements.structures.models import Structure
from dla_portal.socle import horloge
from tests.accompagnements import fabrique

SIRET = "73282932000074"
pytestmark = pytest.mark.django_db


def adresse(nom, *args):
    return reverse(f"accompagnements:{nom}", args=args)


def saisie(**champs):
    """A complete entry of a structure."""
    return {
        "cle_envoi": str(uuid.uuid4()),
        "nom": "La Fabrique des Alpilles",
        "siret": "732 829 320 00074",
        "famille": "association",
        "secteur": fabrique.un_terme("secteur").pk,
        "commune": "13400 Aubagne",
        **champs,
    }


@pytest.fixture
def communes(departement):
    fabrique.une_commune()
    fabrique.une_commune("Aix-en-Provence", "13001", "13080|13090|13100|13540|13290")
    fabrique.une_commune("Marseille", "13055", "13001|13002|13003")
    fabrique.une_commune("Saint-Rémy-de-Provence", "13100", "13210")
    fabrique.une_commune("Sainte-Croix", "13999", "13998")
    var = fabrique.un_departement("83", "Var")
    fabrique.une_commune("Aubagne-sur-Mer", "83900", "83990", var)
    fabrique.une_commune("Sainte-Croix", "83901", "83991", var)


@pytest.mark.parametrize(
    ("texte", "code"),
    [
        ("Aubagne", "13005"),
        ("AUBAGNE", "13005"),
        ("13400", "13005"),
        ("13400 Aubagne", "13005"),
        ("Aubagne (13)", "13005"),
        ("saint remy de provence", "13100"),
        ("13055", "13055"),  # INSEE code, when it is no postal code
        ("13001", "13055"),  # postal code of Marseille, not the INSEE code of Aix
        ("13001 Marseille", "13055"),
        ("Sainte-Croix (83)", "83901"),
    ],
)
def test_une_commune_se_reconnait_a_son_nom_ou_a_son_code(communes, texte, code):
    assert regles.trouver_commune(texte, {"13"}).code == code


def test_une_commune_ambigue_cite_les_candidates(communes):
    with pytest.raises(ValidationError, match=r"Plusieurs.*13998 Sainte-Croix \(13\).*\(83\)"):
        regles.trouver_commune("Sainte-Croix", set())


@pytest.mark.parametrize("texte", ["Nulle-Part", "99999", "…", "(13)"])
def test_une_commune_inconnue_est_refusee(communes, texte):
    with pytest.raises(ValidationError, match="Aucune commune"):
        regles.trouver_commune(texte, {"13"})


def test_creer_une_structure(client, charge, communes):
    client.force_login(charge)
    assert client.get(adresse("structure_nouvelle")).status_code == 200
    reponse = client.post(adresse("structure_nouvelle"), saisie())
    structure = Structure.objects.get()
    assert reponse.url == structure.get_absolute_url()
    assert (structure.siret, structure.siret_lisible) == (SIRET, "732 829 320 00074")
    assert (structure.commune_id, structure.departement_id) == ("13005", "13")
    assert (structure.code_postal, structure.ville) == ("13400", "Aubagne")


def test_envoyer_deux_fois_cree_une_structure(client, charge, communes):
    client.force_login(charge)
    donnees = saisie()
    reponses = [client.post(adresse("structure_nouvelle"), donnees) for _ in range(3)]
    assert Structure.objects.count() == 1
    assert {reponse.url for reponse in reponses} == {Structure.objects.get().get_absolute_url()}


def test_creer_pour_une_demande_revient_a_la_demande(client, charge, communes):
    client.force_login(charge)
    reponse = client.post(f"{adresse('structure_nouvelle')}?pour=demande", saisie())
    attendu = f"{adresse('demande_nouvelle')}?structure={Structure.objects.get().pk}"
    assert reponse.url == attendu
    assert client.get(attendu).status_code == 200


@pytest.mark.parametrize(
    ("champs", "champ", "extrait"),
    [
        ({"siret": "123"}, "siret", "14 chiffres"),
        ({"siret": "73282932000075"}, "siret", "NIC"),
        ({"siret": ""}, "siret", "ou pourquoi"),
        ({"nom": ""}, "nom", "obligatoire"),
        ({"commune": "Nulle-Part"}, "commune", "Aucune commune"),
        ({"commune": "Aubagne-sur-Mer"}, "commune", "hors de votre territoire"),
        ({"famille": ""}, "famille", "obligatoire"),
        ({"email": "pas un courriel"}, "email", "valide"),
    ],
)
def test_une_saisie_fausse_est_dite_au_bon_champ(client, charge, communes, champs, champ, extrait):
    client.force_login(charge)
    reponse = client.post(adresse("structure_nouvelle"), saisie(**champs))
    assert reponse.status_code == 422
    assert extrait in str(reponse.context["formulaire"].errors[champ])
    assert not Structure.objects.exists()


def test_sans_siret_la_raison_suffit(client, charge, communes):
    client.force_login(charge)
    client.post(adresse("structure_nouvelle"), saisie(siret="", siret_absent="Immatriculation"))
    assert Structure.objects.get().siret is None


def test_un_siret_connu_renvoie_a_la_fiche(client, charge, communes):
    existante = fabrique.une_structure(siret=SIRET, nom="L'Escale <b>")
    client.force_login(charge)
    reponse = client.post(adresse("structure_nouvelle"), saisie())
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert f'<a href="{existante.get_absolute_url()}">L&#x27;Escale &lt;b&gt;</a>' in page


def test_un_siret_connu_ailleurs_ne_dit_rien_de_la_fiche(client, autre_charge, communes):
    fabrique.une_structure(siret=SIRET, nom="Nom réservé")
    client.force_login(autre_charge)
    reponse = client.post(adresse("structure_nouvelle"), saisie(commune="Aubagne-sur-Mer"))
    page = reponse.content.decode()
    assert "autre territoire" in page
    assert "Nom réservé" not in page


@pytest.mark.parametrize("q", ["atelier remi", "ateliers", "7328 2932 000", SIRET, "AR13"])
def test_la_liste_se_cherche_par_mots_sigle_ou_siret(client, charge, departement, q):
    fabrique.une_structure(nom="Les Ateliers Rémi", sigle="AR13", siret=SIRET)
    fabrique.une_structure(nom="La Ressourcerie")
    client.force_login(charge)
    reponse = client.get(adresse("structures"), {"q": q})
    assert [s.nom for s in reponse.context["liste"].page] == ["Les Ateliers Rémi"]


def test_la_liste_se_filtre_et_s_exporte_a_l_identique(client, charge, departement):
    for rang in range(3):
        fabrique.une_structure(famille="association" if rang else "cooperative")
    client.force_login(charge)
    filtre = {"famille": "association", "departement": "13"}
    liste = client.get(adresse("structures"), filtre).context["liste"]
    export = client.get(adresse("structures"), {**filtre, "export": "csv"})
    lignes = b"".join(export.streaming_content).decode().strip().splitlines()
    assert len(liste.page.object_list) == len(lignes) - 1 == 2


def test_la_liste_montre_ce_qui_est_a_verifier(client, charge, departement):
    fabrique.une_structure()
    douteuse = fabrique.une_structure(verification="a_verifier")
    client.force_login(charge)
    page = client.get(adresse("structures"), {"verification": "a_verifier"})
    assert [s.pk for s in page.context["liste"].page] == [douteuse.pk]


def test_le_siret_d_une_fiche_absorbee_mene_a_celle_qui_reste(client, charge, departement):
    gardee = fabrique.une_structure()
    absorbees = [fabrique.une_structure(siret=SIRET), fabrique.une_structure()]
    for absorbee in absorbees:
        fusions.fusionner(gardee, absorbee, par=charge, repris=[])
    structure = Structure.objects.get()
    assert structure.siret == SIRET  # a blank is filled
    autre = fabrique.une_structure(siret="35600000000048")
    fusions.fusionner(structure, autre, par=charge)
    client.force_login(charge)
    for siret in (SIRET, "356 000 000 00048"):
        page = client.get(adresse("structures"), {"q": siret})
        assert [s.pk for s in page.context["liste"].page] == [gardee.pk]


def test_la_liste_a_le_meme_nombre_de_requetes(
    client, charge, departement, django_assert_num_queries
):
    client.force_login(charge)
    fabrique.une_structure()
    client.get(adresse("structures"))
    with CaptureQueriesContext(connection) as une:
        client.get(adresse("structures"))
    for _ in range(20):
        fabrique.une_structure()
    with django_assert_num_queries(len(une)):
        client.get(adresse("structures"))


def test_la_fiche_montre_les_accompagnements_sans_leur_contenu(client, c2ra, departement):
    dossier = fabrique.un_diagnostic().accompagnement
    client.force_login(c2ra)
    page = client.get(dossier.structure.get_absolute_url()).content.decode()
    assert dossier.reference in page
    assert dossier.get_absolute_url() not in page
    assert fabrique.RUBRIQUES["problematique"] not in page


@pytest.mark.parametrize("nom", ["structure", "structure_modifier", "contact_ajouter"])
def test_hors_de_son_territoire_rien_n_existe(client, autre_charge, structure, nom):
    client.force_login(autre_charge)
    assert client.get(adresse(nom, structure.pk)).status_code == 404


def test_les_lignes_d_une_structure_suivent_sa_portee(client, autre_charge, structure):
    client.force_login(autre_charge)
    contact, annee = structure.contacts.get(), structure.annees.get()
    assert client.get(adresse("contact_modifier", contact.pk)).status_code == 404
    assert client.post(adresse("annee_modifier", annee.pk), {}).status_code == 404


def test_la_gestion_lit_sans_modifier(client, gestionnaire, structure):
    client.force_login(gestionnaire)
    assert client.get(structure.get_absolute_url()).status_code == 200
    assert client.get(adresse("structure_modifier", structure.pk)).status_code == 403
    assert client.post(adresse("structure_nouvelle"), saisie()).status_code == 403


@pytest.mark.parametrize("qui", ["pilote", "membre"])
def test_qui_n_accompagne_pas_ne_voit_aucune_structure(client, request, structure, qui):
    client.force_login(request.getfixturevalue(qui))
    assert client.get(structure.get_absolute_url()).status_code == 404


def test_une_version_perimee_n_ecrase_rien(client, charge, structure):
    client.force_login(charge)
    envoi = saisie(nom="Nom du second", siret="", siret_absent="En cours")
    envoi |= {"version": structure.version, "commune": "Aubagne"}
    structure.nom = "Nom du premier"
    structure.save()
    reponse = client.post(adresse("structure_modifier", structure.pk), envoi)
    page = reponse.content.decode()
    structure.refresh_from_db()
    assert reponse.status_code == 409
    assert "Nom du premier" in page
    assert "Nom du second" in page
    assert structure.nom == "Nom du premier"
    envoi["version"] = structure.version
    assert client.post(adresse("structure_modifier", structure.pk), envoi).status_code == 302
    structure.refresh_from_db()
    assert structure.nom == "Nom du second"


def test_un_contact_se_modifie_sous_la_version_de_sa_structure(client, charge, structure):
    client.force_login(charge)
    contact = structure.contacts.get()
    perimee = contact.version
    structure.save()
    envoi = {"nom": "Autre", "telephone": "04 00 00 00 00", "version": perimee}
    reponse = client.post(adresse("contact_modifier", contact.pk), envoi)
    assert reponse.status_code == 409
    contact.refresh_from_db()
    assert contact.nom == "Dominique Essai"
    envoi["version"] = structure.version
    assert client.post(adresse("contact_modifier", contact.pk), envoi).status_code == 302
    contact.refresh_from_db()
    assert contact.nom == "Autre"


def test_un_contact_se_joint_par_un_moyen_au_moins(client, charge, structure):
    client.force_login(charge)
    envoi = {"cle_envoi": str(uuid.uuid4()), "nom": "Sacha"}
    reponse = client.post(adresse("contact_ajouter", structure.pk), envoi)
    assert "courriel ou un téléphone" in str(reponse.context["formulaire"].errors["email"])
    envoi["email"] = "sacha@essai.example"
    client.post(adresse("contact_ajouter", structure.pk), envoi)
    assert structure.contacts.count() == 2


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"annee": "1815"}, "annee"),
        ({"annee": "2999"}, "annee"),
        ({"annee": ""}, "annee"),
        ({"effectif": "3", "cdi": "4"}, "cdi"),
        ({"effectif": "-1"}, "effectif"),
        ({"etp": "beaucoup"}, "etp"),
        ({"budget": "-5"}, "budget"),
    ],
)
def test_des_chiffres_impossibles_sont_refuses(client, charge, structure, champs, champ):
    client.force_login(charge)
    envoi = {"cle_envoi": str(uuid.uuid4()), "annee": "2020", **champs}
    reponse = client.post(adresse("annee_ajouter", structure.pk), envoi)
    assert reponse.status_code == 422
    assert champ in reponse.context["formulaire"].errors
    assert structure.annees.count() == 1


def test_les_chiffres_d_une_annee_se_saisissent_une_fois(client, charge, structure):
    client.force_login(charge)
    envoi = {"cle_envoi": str(uuid.uuid4()), "annee": "2020", "budget": "1 234,50 €"}
    client.post(adresse("annee_ajouter", structure.pk), envoi)
    assert structure.annees.get(annee=2020).budget == 1234.5
    envoi["cle_envoi"] = str(uuid.uuid4())
    reponse = client.post(adresse("annee_ajouter", structure.pk), envoi)
    assert "déjà saisis" in str(reponse.context["formulaire"].errors["annee"])


def test_choisir_la_structure_d_une_demande(client, charge, structure):
    client.force_login(charge)
    page = client.get(adresse("demande_nouvelle"), {"q": structure.nom}).content.decode()
    assert f"?structure={structure.pk}" in page
    assert "?pour=demande" in page
    assert client.get(adresse("demande_nouvelle")).status_code == 200


def test_choisir_une_structure_ne_montre_que_les_siennes(client, autre_charge, structure):
    client.force_login(autre_charge)
    page = client.get(adresse("demande_nouvelle"), {"q": structure.nom})
    assert page.context["structures"] == []


def test_une_structure_de_rang_eleve_mene_a_sa_demande(client, charge, departement):
    """An identifier of five digits in an address carries no thousands separator."""
    structure = fabrique.une_structure(pk=12_411, nom="La Douze Mille")
    client.force_login(charge)
    nouvelle = adresse("demande_nouvelle")
    page = client.get(nouvelle, {"q": "Douze Mille"}).content.decode()
    assert f"{nouvelle}?structure={structure.pk}" in page
    assert "objet" in client.get(nouvelle, {"structure": structure.pk}).context["form"].fields


def test_une_piece_se_depose_se_perime_et_ne_se_lit_que_par_l_equipe(
    client, charge, gestionnaire, c2ra, autre_charge, structure
):
    fabrique.une_demande("nouvelle", structure=structure)
    client.force_login(charge)
    hier = horloge.aujourdhui() - timedelta(days=1)
    envoi = {
        "cle_envoi": str(uuid.uuid4()),
        "nature": "statuts",
        "expire_le": hier.isoformat(),
        "contenu": SimpleUploadedFile("statuts.png", _image()),
    }
    assert client.post(adresse("piece_ajouter", structure.pk), envoi).status_code == 302
    piece = structure.pieces.get()
    page = client.get(structure.get_absolute_url()).content.decode()
    assert "Périmée" in page
    assert page.count("Attendue") == 4  # the other required ones
    lien = reverse("socle:telecharger", args=[piece.fichier_id])
    for personne, statut in ((charge, 200), (gestionnaire, 200), (c2ra, 404), (autre_charge, 404)):
        client.force_login(personne)
        reponse = client.get(lien)
        assert reponse.status_code == statut
        if reponse.streaming:
            assert b"".join(reponse.streaming_content) == _image()
    client.force_login(c2ra)
    assert lien not in client.get(structure.get_absolute_url()).content.decode()


def test_un_fichier_hostile_n_entre_pas_dans_les_pieces(client, charge, structure):
    client.force_login(charge)
    envoi = {
        "cle_envoi": str(uuid.uuid4()),
        "nature": "statuts",
        "contenu": SimpleUploadedFile("statuts.pdf", b"MZ pas un PDF"),
    }
    reponse = client.post(adresse("piece_ajouter", structure.pk), envoi)
    assert reponse.status_code == 422
    assert "contenu" in reponse.context["formulaire"].errors
    assert not structure.pieces.exists()


def test_une_difficulte_se_signale_sous_son_auteur_et_se_leve(client, charge, structure):
    client.force_login(charge)
    jour = horloge.aujourdhui()
    envoi = {
        "cle_envoi": str(uuid.uuid4()),
        "nature": "tresorerie",
        "constate_le": jour.isoformat(),
    }
    demain = {**envoi, "constate_le": (jour + timedelta(days=1)).isoformat()}
    assert client.post(adresse("signalement_ajouter", structure.pk), demain).status_code == 422
    assert client.post(adresse("signalement_ajouter", structure.pk), envoi).status_code == 302
    signalement = structure.signalements.get()
    assert signalement.auteur == charge
    suivi = {**envoi, "version": signalement.version, "leve_le": jour.isoformat()}
    url = adresse("signalement_modifier", signalement.pk)
    avant = {**suivi, "leve_le": (jour - timedelta(days=9)).isoformat()}
    assert "leve_le" in client.post(url, avant).context["formulaire"].errors
    assert client.post(url, suivi).status_code == 302
    signalement.refresh_from_db()
    assert (signalement.leve_le, signalement.auteur) == (jour, charge)


def test_une_difficulte_ne_se_lit_que_par_l_equipe_qui_suit(
    client, charge, c2ra, structure, departement
):
    signalement = fabrique.un_signalement(structure, charge, precisions="Trois salaires en retard")
    voisin = fabrique.un_charge(fabrique.un_operateur("Autre du Treize", departement))
    lue = {}
    for personne in (charge, voisin, c2ra):
        client.force_login(personne)
        page = client.get(structure.get_absolute_url())
        assert page.status_code == 200
        lue[personne] = "Trois salaires en retard" in page.content.decode()
    assert lue == {charge: True, voisin: False, c2ra: False}
    client.force_login(voisin)
    assert client.get(adresse("signalement_modifier", signalement.pk)).status_code == 404
    fabrique.une_demande(
        "nouvelle",
        operateur=voisin.rattachements.get().operateur,
        charge=voisin,
        structure=structure,
    )
    assert "Trois salaires" in client.get(structure.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("effectifs", "declare", "attendu"),
    [
        ({2023: 0, 2024: 1}, None, True),
        ({2023: 2, 2024: 3}, None, False),
        ({2023: 0, 2024: 0}, None, False),
        ({2024: 1}, None, None),
        ({2023: 2, 2024: 3}, True, True),
        ({2023: 0, 2024: 1}, False, False),
    ],
)
def test_le_premier_emploi_se_declare_ou_se_lit_dans_les_effectifs(
    structure, effectifs, declare, attendu
):
    structure.annees.all().delete()
    for annee, effectif in effectifs.items():
        structure.annees.create(annee=annee, effectif=effectif)
    structure.primo_employeur = declare
    assert structure.premier_emploi is attendu


def test_un_contact_parti_ne_recoit_plus_rien(client, charge, structure):
    hier = horloge.aujourdhui() - timedelta(days=1)
    structure.contacts.update(email="ancien@essai.example", jusqu_au=hier)
    structure.contacts.create(nom="Sacha Essai", email="nouveau@essai.example", depuis_le=hier)
    assert structure.courriel_principal() == "nouveau@essai.example"
    client.force_login(charge)
    page = client.get(structure.get_absolute_url())
    assert [c.email for c in page.context["contacts"]] == ["nouveau@essai.example"]
    assert [c.email for c in page.context["anciens"]] == ["ancien@essai.example"]


def test_la_courbe_se_coupe_ou_une_annee_manque(structure):
    structure.annees.all().delete()
    for annee, effectif in ((2019, 0), (2020, 4), (2022, 8), (2023, 2)):
        structure.annees.create(annee=annee, effectif=effectif)
    (courbe,) = series.courbes(structure.annees.all())
    assert [len(trace.split()) for trace in courbe.traces] == [2, 2]
    assert courbe.points[0] == ("3.0", "29.0")  # zero is on the base line
    assert courbe.points[2][1] == "3.0"  # the highest value is at the top
    assert (courbe.derniere, courbe.periode) == (2, "de 2019 à 2023")


def _image():
    octets = io.BytesIO()
    Image.new("RGB", (2, 2)).save(octets, "PNG")
    return octets.getvalue()
