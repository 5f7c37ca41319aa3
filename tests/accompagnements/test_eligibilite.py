"""Eligibility criteria: data of a region, versions, answers kept with the wording of the day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accompagnements.demandes import eligibilite, regles, transitions
from accompagnements.demandes.eligibilite import NATIONAUX, GrilleEligibilite
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db
REGIONAUX = [
    {"code": "existe", "libelle": "la structure a plus d'un an"},
    {"code": "ancrage", "libelle": "elle agit dans la région"},
]


@pytest.fixture
def region(departement):
    return departement.region


def ecrire(region, c2ra, criteres=REGIONAUX, numero_lu=0, dans=0):
    jour = horloge.aujourdhui() + timedelta(days=dans)
    return eligibilite.enregistrer(
        region, par=c2ra, criteres=criteres, applicable_le=jour, numero_lu=numero_lu
    )


def test_par_defaut_les_quatre_criteres_nationaux(region):
    attendus = [{"code": code, "libelle": libelle} for code, libelle in NATIONAUX]
    assert eligibilite.a_examiner(region) == attendus
    GrilleEligibilite.objects.all().delete()
    assert eligibilite.a_examiner(region) == attendus, "même si personne ne les a semés"


def test_une_region_a_les_siens_des_leur_date(region, c2ra):
    ecrire(region, c2ra, dans=3)
    assert len(eligibilite.a_examiner(region)) == 4
    dans_trois_jours = horloge.aujourdhui() + timedelta(days=3)
    assert eligibilite.a_examiner(region, dans_trois_jours) == REGIONAUX


def test_une_demande_garde_les_mots_de_son_jour(region, c2ra, charge):
    avant = fabrique.une_demande("accueillie", jours=20)
    ecrire(region, c2ra)
    apres = fabrique.une_demande("nouvelle", jours=2)
    transitions.accueillir(
        apres,
        par=charge,
        accueil_le=horloge.aujourdhui(),
        critere_existe=True,
        critere_ancrage=False,
        critere_emploi=True,
    )
    assert apres.criteres == [
        ("la structure a plus d'un an", True),
        ("elle agit dans la région", False),
    ]
    avant.refresh_from_db()
    assert [libelle for libelle, _ in avant.criteres] == [libelle for _, libelle in NATIONAUX]
    assert regles.manques_pour_ouvrir(avant) == []
    (manque,) = regles.manques_pour_ouvrir(apres)
    assert "elle agit dans la région" in manque


def test_une_derogation_garde_son_motif_son_auteur_et_son_jour(client, charge, responsable):
    demande = fabrique.une_demande("nouvelle", jours=5)
    client.force_login(charge)
    geste = reverse("accompagnements:demande_geste", args=[demande.pk, "accueillir"])
    envoi = {
        "version_lue": demande.version,
        "accueil_le": horloge.aujourdhui().isoformat(),
        **{f"critere_{code}": "true" for code, _ in NATIONAUX},
        "critere_emploi": "false",
    }
    assert client.post(geste, envoi).status_code == 302
    demande.refresh_from_db()
    assert (demande.derogation_par, demande.derogation_le) == (None, None)
    assert regles.manques_pour_ouvrir(demande)
    client.force_login(responsable)
    adresse = reverse("accompagnements:demande_modifier", args=[demande.pk])
    page = client.get(adresse)
    formulaire = page.context["formulaire"]
    assert formulaire["critere_emploi"].value() is False
    valeurs = {nom: formulaire[nom].value() for nom in formulaire.fields}
    valeurs = {nom: "" if valeur is None else valeur for nom, valeur in valeurs.items()}
    valeurs["derogation"] = "Premier emploi en cours"
    assert client.post(adresse, valeurs).status_code == 302
    demande.refresh_from_db()
    assert (demande.derogation_par, demande.derogation_le) == (responsable, horloge.aujourdhui())
    assert dict(demande.criteres)["elle emploie au moins une personne"] is False
    assert regles.manques_pour_ouvrir(demande) == []
    assert str(responsable) in client.get(demande.get_absolute_url()).content.decode()


def test_sans_reponse_rien_ne_s_ouvre(charge):
    demande = fabrique.une_demande("nouvelle", jours=5)
    transitions.accueillir(demande, par=charge, accueil_le=horloge.aujourdhui())
    assert "pas tous examinés" in regles.manques_pour_ouvrir(demande)[0]
    demande.eligibilite = []
    assert "pas tous examinés" in regles.manques_pour_ouvrir(demande)[0]


def test_les_versions_se_suivent_et_personne_n_ecrase_personne(region, c2ra, charge):
    ecrire(region, c2ra)
    with pytest.raises(Manques, match="entre-temps"):
        ecrire(region, c2ra)
    assert ecrire(region, c2ra, numero_lu=1).numero == 2
    with pytest.raises(Manques, match="au moins un"):
        ecrire(region, c2ra, criteres=[], numero_lu=2)
    with pytest.raises(Manques, match="aujourd'hui"):
        ecrire(region, c2ra, numero_lu=2, dans=-1)
    for personne, de in ((charge, region), (c2ra, None)):
        with pytest.raises(Refus):
            ecrire(de, personne, numero_lu=1)


def test_la_page_de_la_region(client, region, c2ra):
    client.force_login(c2ra)
    adresse = reverse("accompagnements:eligibilite", args=[region.pk])
    assert client.get(reverse("accompagnements:eligibilites"))["Location"] == adresse
    formulaire = client.get(adresse).context["formulaire"]
    valeurs = {nom: formulaire[nom].value() for nom in formulaire.fields}
    valeurs |= {"critere_2": "", "critere_5": "elle agit dans la région"}
    assert client.post(adresse, valeurs).status_code == 302
    codes = [critere["code"] for critere in eligibilite.a_examiner(region)]
    assert codes[:3] == ["existe", "emploi", "volonte"]
    assert len(codes) == 4
    en_double = {**valeurs, "numero": 1, "critere_1": "Elle agit dans la région"}
    reponse = client.post(adresse, en_double)
    assert reponse.status_code == 422
    assert "Deux critères disent la même chose" in reponse.content.decode()
    assert client.get(reverse("accompagnements:eligibilite", args=["nationale"])).status_code == 404


def test_une_saisie_perimee_n_ecrase_pas_les_criteres_d_un_collegue(client, charge):
    """What the late one has not touched follows what is stored; what she has, both are shown."""
    demande = fabrique.une_demande("accueillie")
    adresse = reverse("accompagnements:demande_modifier", args=[demande.pk])
    client.force_login(charge)
    lu = client.get(adresse).context["formulaire"]
    saisie = {nom: lu[nom].value() for nom in lu.fields}
    saisie = {nom: "" if valeur is None else valeur for nom, valeur in saisie.items()}
    collegue = client.get(adresse).context["formulaire"]
    sienne = saisie | {"version": collegue["version"].value(), "critere_volonte": "false"}
    assert client.post(adresse, sienne | {"derogation": "Projet en cours"}).status_code == 302
    saisie |= {"objet": "Autre demande", "critere_emploi": "false"}
    conflit = client.post(adresse, saisie)
    assert conflit.status_code == 409
    libelles = {ligne["libelle"]: ligne["enregistre"] for ligne in conflit.context["conflit"]}
    assert libelles == {
        lu["objet"].label: demande.objet,
        lu["critere_emploi"].label: "Oui",
    }
    rendu = conflit.context["formulaire"]
    renvoi = {nom: rendu[nom].value() for nom in rendu.fields}
    renvoi = {nom: "" if valeur is None else valeur for nom, valeur in renvoi.items()}
    assert client.post(adresse, renvoi).status_code == 302
    demande.refresh_from_db()
    reponses = {critere["code"]: critere["reponse"] for critere in demande.eligibilite}
    assert (reponses["volonte"], reponses["emploi"]) == (False, False)
    assert (demande.objet, demande.derogation) == ("Autre demande", "Projet en cours")
