"""The public page: two minutes, one mail, nothing to an operator before the confirmation."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accompagnements.demandes import reception, regles
from accompagnements.demandes.forms_en_ligne import PIEGE, SECONDES_MIN
from accompagnements.models import Contact, Demande, DemandeEnLigne, Structure
from accompagnements.parcours.taches import taches
from dla_portal.socle import horloge
from dla_portal.socle.jetons import Jeton
from dla_portal.socle.models import Courriel, Evenement
from dla_portal.socle.verrou import VersionPerimee
from dla_portal.territoires.models import OperateurDLA
from tests.accompagnements import fabrique
from tests.accompagnements.liens import lien_de

pytestmark = pytest.mark.django_db
STRUCTURE, PRESCRIPTEUR = "accompagnements:demande_en_ligne", "accompagnements:demande_prescripteur"
MAIL = "presidence@essai.example"
SIRET = "73282932000074"


@pytest.fixture
def aubagne(operateur):
    return fabrique.une_commune()


def saisie(page, **champs):
    """What a person sends from a page shown a minute ago."""
    formulaire = page.context["formulaire"]
    cachees = {"cle_envoi": formulaire["cle_envoi"].value(), "ouvert_a": _ouvert_a(page)}
    return {
        **cachees,
        "structure_nom": "Les Jardins d'Aubagne",
        "commune": "Aubagne",
        "objet": "Nos ventes ne couvrent plus les salaires.",
        "nom": "Claude Essai",
        "courriel": MAIL,
        **champs,
    }


def _ouvert_a(page):
    return re.search(r'name="ouvert_a" value="([^"]+)"', page.content.decode())[1]


def ouvrir(client, nom=STRUCTURE, secondes=60):
    """The page as shown some seconds ago."""
    with horloge.voyage(horloge.maintenant() - timedelta(seconds=secondes)):
        return client.get(reverse(nom))


def envoyer(client, nom=STRUCTURE, **champs):
    return client.post(reverse(nom), saisie(ouvrir(client, nom), **champs))


def confirmer(client, mail=MAIL):
    return client.post(lien_de(mail), {"action": "confirmer"})


def test_de_la_page_a_l_operateur(client, aubagne, operateur, charge):
    reponse = envoyer(client, siret="732 829 320 00074", telephone="04 00 00 00 00")
    assert reponse["Location"] == reverse("accompagnements:demande_envoyee")
    assert client.get(reponse["Location"]).status_code == 200
    en_ligne = DemandeEnLigne.objects.get()
    assert (en_ligne.etat, en_ligne.siret, en_ligne.commune) == ("a_confirmer", SIRET, aubagne)
    assert not Demande.objects.exists()
    assert not Structure.objects.exists()
    assert Courriel.objects.count() == 1
    assert taches(charge) == []

    lien = lien_de(MAIL)
    page = client.get(lien)
    assert "Les Jardins d&#x27;Aubagne" in page.content.decode()
    assert not Demande.objects.exists(), "lire le lien n'envoie rien"
    confirmer(client)
    demande = Demande.objects.get()
    assert (demande.operateur, demande.canal, demande.etat) == (operateur, "formulaire", "nouvelle")
    assert (demande.recue_le, demande.charge) == (horloge.aujourdhui(), None)
    assert demande.exprimee_par == "Claude Essai"
    structure = demande.structure
    assert (structure.siret, structure.commune) == (SIRET, aubagne)
    assert structure.verification == "a_verifier"
    assert Contact.objects.get().email == MAIL
    assert demande.reference in client.get(lien).content.decode()
    accuse = Courriel.objects.filter(fil=demande.fil).get()
    assert accuse.destinataire == MAIL
    assert demande.reference in accuse.corps
    assert operateur.nom in accuse.corps
    assert [tache.libelle for tache in taches(charge)] == ["Accueillir"]
    client.force_login(charge)
    fiche = client.get(demande.get_absolute_url()).content.decode()
    assert MAIL in fiche
    assert "vérifiez-la et complétez-la" in fiche


def test_la_page_n_est_jamais_indexee_ni_gardee(client, aubagne):
    for nom in (STRUCTURE, PRESCRIPTEUR, "accompagnements:demande_envoyee"):
        page = client.get(reverse(nom))
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in page["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in page.content.decode()


def test_seul_l_indispensable_est_obligatoire(client, aubagne):
    """No more than Annex A.2 asks: who, where, what, said by whom, a mail to answer to."""
    obligatoires = {
        nom for nom, champ in ouvrir(client).context["formulaire"].fields.items() if champ.required
    }
    assert obligatoires == {"structure_nom", "commune", "objet", "nom", "courriel", "cle_envoi"}


def test_un_siret_faux_est_dit_et_rien_n_est_perdu(client, aubagne):
    reponse = envoyer(client, siret="73282932000073")
    assert reponse.status_code == 422
    texte = reponse.content.decode()
    assert "erreur de saisie" in texte
    assert "Nos ventes ne couvrent plus" in texte
    assert not DemandeEnLigne.objects.exists()


def test_deux_envois_et_deux_clics_font_une_demande_et_un_courriel(client, aubagne):
    envoi = saisie(ouvrir(client))
    for _ in range(3):
        assert client.post(reverse(STRUCTURE), envoi).status_code == 302
    assert DemandeEnLigne.objects.count() == Courriel.objects.count() == 1
    lien = lien_de(MAIL)
    for _ in range(3):
        assert client.post(lien, {"action": "confirmer"}).status_code == 302
    assert Demande.objects.count() == Structure.objects.count() == 1
    assert Courriel.objects.count() == 2


def test_recommencer_corrige_ce_qui_attend_sans_second_courriel(client, aubagne):
    envoyer(client)
    envoyer(client, structure_nom="les jardins d’Aubagne", objet="Plutôt notre gouvernance.")
    en_ligne = DemandeEnLigne.objects.get()
    assert en_ligne.objet == "Plutôt notre gouvernance."
    assert Courriel.objects.count() == 1
    confirmer(client)
    assert Demande.objects.get().objet == "Plutôt notre gouvernance."


def test_rien_ne_dit_qu_une_structure_est_connue(client, aubagne):
    connue = fabrique.une_structure(siret=SIRET)
    inconnue = envoyer(client, siret="40483304800022", courriel="a@essai.example")
    reponse = envoyer(client, siret=SIRET, courriel="b@essai.example")
    assert (reponse.status_code, reponse["Location"]) == (302, inconnue["Location"])
    pages = []
    for mail in ("a@essai.example", "b@essai.example"):
        confirmer(client, mail)
        pages.append(client.get(lien_de(mail)).content.decode())
    sans_reference = [re.sub(r"DLA-13-\d+-\d+|/lien/[\w-]+|value=\"\w+\"", "", p) for p in pages]
    assert sans_reference[0] == sans_reference[1]
    reprise = Demande.objects.get(structure=connue)
    connue.refresh_from_db()
    assert connue.nom != "Les Jardins d'Aubagne"
    assert connue.verification == ""
    assert connue.contacts.count() == 1, "la fiche connue reste telle quelle"
    assert reprise.en_ligne.courriel == "b@essai.example"


def test_une_commune_ambigue_se_choisit_dans_une_liste(client, aubagne, departement):
    autre = fabrique.une_commune("Aubagne", "83999", "83400", fabrique.un_departement("83", "Var"))
    reponse = envoyer(client)
    assert reponse.status_code == 422
    formulaire = reponse.context["formulaire"]
    choix = [code for code, _ in formulaire.fields["commune_choisie"].choices]
    assert set(choix) == {aubagne.pk, autre.pk}
    assert "Choisissez votre commune" in str(formulaire.errors)
    assert envoyer(client, commune_choisie=autre.pk).status_code == 302
    assert DemandeEnLigne.objects.get().departement_id == "83"


def test_le_departement_leve_l_ambiguite(client, aubagne):
    fabrique.une_commune("Aubagne", "83999", "83400", fabrique.un_departement("83", "Var"))
    assert envoyer(client, departement="13").status_code == 302
    assert DemandeEnLigne.objects.get().commune == aubagne


def test_une_commune_approchee_est_proposee_une_inconnue_est_dite(client, aubagne):
    reponse = envoyer(client, commune="Aubag")
    assert "commune_choisie" in reponse.context["formulaire"].errors
    assert envoyer(client, commune="Aubag", commune_choisie=aubagne.pk).status_code == 302
    assert "Aucune commune" in envoyer(client, commune="Xyz").content.decode()
    assert envoyer(client, commune="13400", courriel="c@essai.example").status_code == 302


def test_une_commune_hors_de_la_liste_ne_se_glisse_pas(client, aubagne):
    ailleurs = fabrique.une_commune("Nice", "06088", "06000", fabrique.un_departement("06", "Am"))
    assert envoyer(client, commune="Aubag", commune_choisie=ailleurs.pk).status_code == 422
    assert not DemandeEnLigne.objects.exists()


def test_les_robots_sont_refuses_sans_rien_perdre(client, aubagne):
    piege = envoyer(client, **{PIEGE: "http://spam.example"})
    assert piege.status_code == 422
    page = ouvrir(client, secondes=SECONDES_MIN - 2)
    envoi = saisie(page)
    rapide = client.post(reverse(STRUCTURE), envoi)
    assert rapide.status_code == 422
    assert "Nos ventes ne couvrent plus" in rapide.content.decode()
    forge = client.post(reverse(STRUCTURE), {**envoi, "ouvert_a": "demain"})
    assert forge.status_code == 422
    assert not DemandeEnLigne.objects.exists()
    with horloge.voyage(horloge.maintenant() + timedelta(seconds=SECONDES_MIN)):
        assert client.post(reverse(STRUCTURE), envoi).status_code == 302


def test_une_page_restee_ouverte_se_renvoie(client, aubagne):
    reponse = client.post(reverse(STRUCTURE), saisie(ouvrir(client, secondes=13 * 3600)))
    assert reponse.status_code == 422
    with horloge.voyage(horloge.maintenant() + timedelta(seconds=30)):
        assert client.post(reverse(STRUCTURE), saisie(reponse)).status_code == 302


def test_la_cadence_par_courriel_et_par_adresse(client, aubagne):
    for rang in range(regles.PAR_COURRIEL):
        assert envoyer(client, structure_nom=f"Structure {rang}").status_code == 302
    de_trop = envoyer(client, structure_nom="Une de plus", courriel=MAIL.upper())
    assert de_trop.status_code == 429
    assert "Une de plus" in de_trop.content.decode()
    assert Courriel.objects.filter(destinataire=MAIL).count() == regles.PAR_COURRIEL
    for rang in range(regles.PAR_ADRESSE - regles.PAR_COURRIEL):
        assert envoyer(client, courriel=f"m{rang}@essai.example").status_code == 302
    assert envoyer(client, courriel="n@essai.example").status_code == 429
    ailleurs = Client(REMOTE_ADDR="192.0.2.7")
    assert envoyer(ailleurs, courriel="n@essai.example").status_code == 302
    with horloge.voyage(horloge.maintenant() + regles.PENDANT_ADRESSE):
        assert envoyer(client, courriel="o@essai.example").status_code == 302
    assert "127.0.0.1" not in str(list(DemandeEnLigne.objects.values()))


def test_une_demande_non_confirmee_expire_et_s_efface(client, aubagne):
    envoyer(client)
    lien = lien_de(MAIL)
    en_ligne = DemandeEnLigne.objects.get()
    apres = en_ligne.expire_le + timedelta(minutes=1)
    call_command("relances", verbosity=0)
    assert DemandeEnLigne.objects.exists()
    with horloge.voyage(apres):
        assert client.post(lien, {"action": "confirmer"}).status_code == 404
        call_command("relances", verbosity=0)
    assert not DemandeEnLigne.objects.exists()
    assert not Jeton.objects.exists()
    assert not Courriel.objects.filter(destinataire=MAIL).exists()
    assert "Claude" not in str(list(Evenement.objects.values()))
    assert not Demande.objects.exists()


def test_qui_n_a_rien_demande_efface(client, aubagne):
    envoyer(client)
    lien = lien_de(MAIL)
    assert client.post(lien, {"action": "effacer"}).status_code == 200
    assert not DemandeEnLigne.objects.exists()
    assert client.get(lien).status_code == 404


def test_un_prescripteur_ecrit_avec_l_accord_de_la_structure(client, aubagne, operateur):
    champs = {"organisation": "Réseau d'essai", "contact_courriel": "asso@essai.example"}
    champs["contact_nom"] = "Camille Autre"
    refus = envoyer(client, PRESCRIPTEUR, **champs)
    assert refus.status_code == 422
    assert "Demandez d&#x27;abord son accord" in refus.content.decode()
    assert envoyer(client, PRESCRIPTEUR, accord_structure="on", **champs).status_code == 302
    confirmer(client)
    demande = Demande.objects.get()
    assert demande.exprimee_par == "Claude Essai, Réseau d'essai"
    assert demande.structure.courriel_principal() == "asso@essai.example"
    assert set(Courriel.objects.values_list("destinataire", flat=True)) == {MAIL}


def test_un_territoire_partage_va_dans_la_file_de_chacun(client, aubagne, operateur, charge):
    autre = fabrique.un_operateur("Partage Treize", aubagne.departement)
    de_l_autre, ailleurs = (
        fabrique.un_charge(autre),
        fabrique.un_charge(
            fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))
        ),
    )
    envoyer(client)
    confirmer(client)
    assert not Demande.objects.exists()
    en_ligne = DemandeEnLigne.objects.get()
    for personne in (charge, de_l_autre):
        assert [t.url for t in taches(personne)] == [en_ligne.get_absolute_url()]
    assert taches(ailleurs) == []
    client.force_login(ailleurs)
    geste = reverse("accompagnements:en_ligne_geste", args=[en_ligne.pk, "prendre"])
    assert client.get(en_ligne.get_absolute_url()).status_code == 404
    assert client.post(geste, {"version_lue": en_ligne.version}).status_code == 404
    client.force_login(de_l_autre)
    reponse = client.post(geste, {"version_lue": en_ligne.version})
    demande = Demande.objects.get()
    assert reponse["Location"] == demande.get_absolute_url()
    assert (demande.operateur, demande.charge) == (autre, de_l_autre)
    assert autre.nom in Courriel.objects.filter(fil=demande.fil).get().corps
    client.force_login(charge)
    assert client.post(geste, {"version_lue": en_ligne.version}).status_code == 409
    assert Demande.objects.count() == 1
    page = client.get(en_ligne.get_absolute_url()).content.decode()
    assert f"Prise en charge par {autre}" in page
    assert demande.get_absolute_url() not in page


def test_sans_operateur_la_demande_va_au_dla_regional(client, departement):
    regional = OperateurDLA.objects.create(
        nom="DLA régional", region=departement.region, niveau=OperateurDLA.Niveau.REGIONAL
    )
    fabrique.une_commune()
    envoyer(client)
    confirmer(client)
    assert Demande.objects.get().operateur == regional


def test_deux_confirmations_en_meme_temps_n_en_font_qu_une(client, aubagne):
    envoyer(client)
    lues = [DemandeEnLigne.objects.get() for _ in range(2)]
    reception.confirmer(lues[0])
    with pytest.raises(VersionPerimee):
        reception.confirmer(lues[1])
    assert Demande.objects.count() == Structure.objects.count() == 1


def test_le_siret_d_un_voisin_n_ouvre_pas_sa_fiche(client, aubagne, charge):
    """Who types in public the number of a structure elsewhere is not given its record."""
    voisine = fabrique.une_structure(siret=SIRET)
    var = fabrique.un_departement("83", "Var")
    Structure.objects.filter(pk=voisine.pk).update(departement=var, commune=None)
    envoyer(client, siret=SIRET)
    confirmer(client)
    nouvelle = Demande.objects.get().structure
    assert nouvelle != voisine
    assert (nouvelle.siret, SIRET in nouvelle.siret_absent) == (None, True)
    assert not Structure.objects.visibles_par(charge).filter(pk=voisine.pk).exists()


def test_ce_qui_fut_reecrit_depuis_la_lecture_ne_se_confirme_pas(client, aubagne):
    envoyer(client)
    lue = DemandeEnLigne.objects.get().version
    envoyer(client, objet="Un autre texte, écrit par on ne sait qui.")
    client.post(lien_de(MAIL), {"action": "confirmer", "version_lue": lue})
    assert not Demande.objects.exists()
    client.post(lien_de(MAIL), {"action": "confirmer", "version_lue": lue + 1})
    assert Demande.objects.get().objet.startswith("Un autre texte")
