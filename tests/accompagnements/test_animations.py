"""The register of animation: who keeps it and reads it, what it counts, what it never counts in."""

import io
from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from accompagnements.activites import comptes, transitions
from accompagnements.activites.models import Activite, Temps
from accompagnements.demonstration import animation
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle import horloge
from dla_portal.socle.demonstration import Scene
from dla_portal.socle.fichiers import Fichier
from dla_portal.socle.regles import Manques
from pilotage.indicateurs import perimetres
from pilotage.indicateurs.registre import REGISTRE
from tests.accompagnements import fabrique
from tests.accompagnements import fabrique_ingenierie as suite
from tests.accompagnements.fabrique_activites import terme, un_temps, une_activite

pytestmark = pytest.mark.django_db


def une_image(nom):
    flux = io.BytesIO()
    Image.new("RGB", (1, 1)).save(flux, "PNG")
    return SimpleUploadedFile(nom, flux.getvalue())


def envoi(client, adresse, **champs):
    formulaire = client.get(adresse).context["formulaire"]
    lus = {
        "cle_envoi": formulaire["cle_envoi"].value(),
        "nature": terme("animation", "webinaire").pk,
        "titre": "Webinaire sur la gouvernance",
        "le": horloge.aujourdhui().isoformat(),
        "format": "visio",
        "porteur": formulaire["porteur"].value(),
    }
    return lus | champs


def test_une_animation_s_inscrit_avec_tout_ce_qui_la_dit(client, charge, departement):
    fabrique.une_commune()
    client.force_login(charge)
    adresse = reverse("accompagnements:activite_nouvelle")
    donnees = envoi(
        client,
        adresse,
        heure_debut="14:30",
        heure_fin="16:00",
        commune="13400 Aubagne",
        departements=[departement.pk],
        cofinanceurs=[terme("financeur", "region").pk],
        partenaires="Un réseau",
        inscrits="1 250",
        presents="40",
        structures="12",
    )
    reponses = [client.post(adresse, donnees) for _ in range(2)]
    activite = Activite.objects.get()  # sent twice, entered once
    assert {reponse["Location"] for reponse in reponses} == {activite.get_absolute_url()}
    assert activite.reference == f"ANIM-93-{horloge.aujourdhui().year}-0001"
    assert (activite.operateur, activite.region_id) == (charge.rattachement.operateur, "93")
    assert (activite.inscrits, activite.presents, activite.commune.nom) == (1250, 40, "Aubagne")
    assert list(activite.departements.all()) == [departement]
    assert [str(terme) for terme in activite.cofinanceurs.all()] == ["Conseil régional"]
    page = client.get(activite.get_absolute_url()).content.decode()
    assert "de 14:30 à 16:00" in page
    assert "vérifiez les deux nombres" not in page


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"heure_debut": "14:30"}, "heure_fin"),
        ({"heure_fin": "14:30"}, "heure_debut"),
        ({"heure_debut": "14:30", "heure_fin": "14:30"}, "heure_fin"),
        ({"heure_debut": "midi", "heure_fin": "14:30"}, "heure_debut"),
        ({"fin_le": "2001-01-01"}, "fin_le"),
        ({"commune": "Nulle-Part-sur-Rien"}, "commune"),
        ({"presents": "-1"}, "presents"),
        ({"titre": ""}, "titre"),
    ],
)
def test_une_mauvaise_saisie_est_dite_a_son_champ(client, charge, champs, champ):
    client.force_login(charge)
    adresse = reverse("accompagnements:activite_nouvelle")
    reponse = client.post(adresse, envoi(client, adresse, **champs))
    assert reponse.status_code == 422
    assert set(reponse.context["formulaire"].errors) == {champ}
    assert not Activite.objects.exists()


def test_plus_de_presents_que_d_inscrits_avertit_sans_refuser(client, charge):
    activite = une_activite(charge, inscrits=10, presents=12)
    client.force_login(charge)
    assert "vérifiez les deux nombres" in client.get(activite.get_absolute_url()).content.decode()
    assert not une_activite(charge, presents=12).trop_de_presents


def test_l_operateur_et_le_dla_regional_la_lisent_chacun_tient_la_sienne(
    charge, responsable, gestionnaire, autre_charge, c2ra, pilote, departement
):
    de_l_operateur = une_activite(charge)
    regionale = une_activite(c2ra, nature="cafe", titre="Café des prestataires")
    assert regionale.operateur is None
    lues = {
        qui: set(Activite.objects.visibles_par(qui))
        for qui in (charge, responsable, gestionnaire, autre_charge, c2ra, pilote)
    }
    assert all(lues[qui] == {de_l_operateur} for qui in (charge, responsable, gestionnaire))
    assert lues[autre_charge] == lues[pilote] == set()
    assert lues[c2ra] == {de_l_operateur, regionale}
    with pytest.raises(Refus, match="autre équipe"):
        transitions.annuler(de_l_operateur, par=c2ra, motif="Non")
    with pytest.raises(Refus, match="autre équipe"):
        transitions.annuler(regionale, par=charge, motif="Non")
    ailleurs = fabrique.un_departement().region.__class__.objects.create(code="84", nom="Ailleurs")
    voisin = fabrique.une_personne(roles.DlaRegional.code, region=ailleurs)
    assert not Activite.objects.visibles_par(voisin).exists()
    with pytest.raises(Refus):
        transitions.annuler(regionale, par=voisin, motif="Non")


def test_une_animation_annulee_reste_avec_son_motif(client, charge):
    activite = une_activite(charge)
    client.force_login(charge)
    adresse = reverse("accompagnements:activite_geste", args=[activite.pk, "annuler"])
    assert client.post(adresse, {"version_lue": activite.version}).status_code == 422
    reponse = client.post(adresse, {"version_lue": activite.version, "motif": "Salle fermée"})
    assert reponse.status_code == 302
    page = client.get(activite.get_absolute_url()).content.decode()
    assert "Salle fermée" in page
    assert "Annulée" in page
    modifier = reverse("accompagnements:activite_modifier", args=[activite.pk])
    assert client.get(modifier).status_code == 409
    with pytest.raises(Manques, match="annulée"):
        transitions.joindre(activite, une_image("a.png"), par=charge, nature="autre")


def test_une_correction_perimee_est_refusee_et_gardee(client, charge):
    activite = une_activite(charge)
    client.force_login(charge)
    adresse = reverse("accompagnements:activite_modifier", args=[activite.pk])
    lue = activite.version
    activite.titre = "Titre changé entre-temps"
    activite.save()
    donnees = {
        "version": lue,
        "nature": activite.nature_id,
        "titre": "Ma saisie",
        "le": activite.le.isoformat(),
        "format": "visio",
        "porteur": charge.pk,
    }
    reponse = client.post(adresse, donnees)
    assert reponse.status_code == 409
    assert "Titre changé entre-temps" in reponse.content.decode()
    assert "Ma saisie" in reponse.content.decode()
    activite.refresh_from_db()
    assert client.post(adresse, donnees | {"version": activite.version}).status_code == 302
    activite.refresh_from_db()
    assert activite.titre_normalise == "ma saisie"


def test_une_piece_est_a_qui_lit_l_animation(client, charge, c2ra, autre_charge, pilote):
    activite = une_activite(charge)
    client.force_login(charge)
    adresse = reverse("accompagnements:activite_piece", args=[activite.pk])
    formulaire = client.get(adresse).context["formulaire"]
    donnees = {"cle_envoi": formulaire["cle_envoi"].value(), "nature": "emargement"}
    donnees["contenu"] = une_image("feuille.png")
    assert client.post(adresse, donnees).status_code == 302
    fichier = Fichier.objects.get()
    assert (fichier.categorie, fichier.fil) == ("emargement", activite.fil)
    page = client.get(activite.get_absolute_url()).content.decode()
    assert "feuille.png" in page
    assert "Feuille d&#x27;émargement signée" in page
    recus = {}
    for qui, nom in ((charge, "A"), (c2ra, "C2RA"), (autre_charge, "B"), (pilote, "pilote")):
        client.force_login(qui)
        reponse = client.get(reverse("socle:telecharger", args=[fichier.pk]))
        recus[nom] = reponse.status_code
        assert not reponse.streaming or b"".join(reponse.streaming_content)
    assert recus == {"A": 200, "C2RA": 200, "B": 404, "pilote": 404}


def test_la_liste_compte_par_nature_et_par_annee(client, charge):
    annee = horloge.aujourdhui().year
    for an, nature, presents in (
        (annee, "matinale", 10),
        (annee, "matinale", None),
        (annee, "visite", 5),
        (annee - 1, "matinale", 20),
    ):
        le = horloge.aujourdhui().replace(year=an, month=3, day=2)
        une_activite(charge, le=le, nature=nature, presents=presents)
    annulee = une_activite(charge, le=le, nature="visite")
    transitions.annuler(annulee, par=charge, motif="Reportée")
    client.force_login(charge)
    adresse = reverse("accompagnements:activites")
    page = client.get(adresse)
    comptees = page.context["liste"].comptes
    assert comptees == {
        "annees": [annee, annee - 1],
        "lignes": [("Matinale", [2, 1]), ("Visite de structure", [1, 0])],
        "sommes": [3, 1],
        "presents": [15, 20],
    }
    assert "Aucune n'entre dans les indicateurs" in page.content.decode()
    filtree = client.get(f"{adresse}?nature={terme('animation', 'visite').pk}")
    assert filtree.context["liste"].comptes["sommes"] == [1]
    assert comptes.par_annee(Activite.objects.none())["lignes"] == []


def test_aucun_indicateur_ne_bouge(charge):
    """Whatever the register and the time hold, every published figure stays the same."""
    suite.une_enquete()
    annee = horloge.aujourdhui().year

    def chiffres():
        return {
            (code, an, perimetre): (resultat.numerateur.valeur, resultat.affichage)
            for perimetre in ("national", "region-93", "departement-13")
            for an in (annee, annee - 1)
            for code in REGISTRE
            for resultat in [REGISTRE[code].resultat(perimetres.lire(perimetre), an)]
        }

    avant = chiffres()
    assert any(valeur for valeur, _ in avant.values())
    for nature in ("matinale", "visite", "webinaire", "inter_dla", "cafe"):
        activite = une_activite(charge, jours=-3, nature=nature, presents=30, structures=10)
        un_temps(charge, activite=activite, nature="animation", minutes=60)
    un_temps(charge, minutes=300)
    assert chiffres() == avant


def test_la_liste_demande_autant_de_requetes_pour_une_et_vingt_lignes(client, charge, departement):
    client.force_login(charge)
    adresse = reverse("accompagnements:activites")

    def requetes():
        with CaptureQueriesContext(connection) as prises:
            assert client.get(adresse).status_code == 200
        return len(prises)

    def ajouter():
        activite = une_activite(charge)
        activite.departements.add(departement)
        activite.cofinanceurs.add(terme("financeur", "region"))

    ajouter()
    avec_une = requetes()
    for _ in range(19):
        ajouter()
    assert requetes() == avec_une


@pytest.mark.parametrize(
    ("contrainte", "champs"),
    [
        ("activite_dates_ordonnees", {"fin_le": "2001-01-01"}),
        ("activite_heures_ensemble", {"heure_debut": time(9)}),
        ("activite_heures_ordonnees", {"heure_debut": time(9), "heure_fin": time(9)}),
    ],
)
def test_la_base_refuse(charge, contrainte, champs):
    activite = une_activite(charge)
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        Activite.objects.filter(pk=activite.pk).update(**champs)
    (voulue,) = [c for c in Activite._meta.constraints if c.name == contrainte]
    assert voulue.violation_error_message.endswith(".")


def test_une_animation_de_plusieurs_jours_finit_a_toute_heure(charge):
    le = horloge.aujourdhui()
    activite = une_activite(
        charge, le=le, fin_le=le + timedelta(days=1), heure_debut=time(14), heure_fin=time(12)
    )
    assert activite.dernier_jour == le + timedelta(days=1)


def test_la_demonstration_montre_chaque_etat(charge, responsable, operateur, c2ra):
    fabrique.un_accompagnement()
    scene = Scene(operateurs=[operateur], c2ra=c2ra)
    scene.equipes = {operateur.pk: {"charge_mission": [charge], "responsable": [responsable]}}
    animation.jouer(scene)
    assert set(Activite.objects.values_list("etat", flat=True)) == {"inscrite", "annulee"}
    assert set(Temps.objects.values_list("etat", flat=True)) == {"note", "retire"}
    assert Activite.objects.filter(operateur=None).count() == 4
