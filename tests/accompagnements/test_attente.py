"""The waiting list: priority, age, threshold of the operator, alert and reminder."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from accompagnements.demandes import transitions
from accompagnements.parcours.taches import taches
from dla_portal.socle import horloge
from dla_portal.socle.models import Courriel
from dla_portal.socle.regles import Manques
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db
ADRESSE = "accompagnements:attente"


def references(client, **parametres):
    liste = client.get(reverse(ADRESSE), parametres).context["liste"]
    return [demande.reference for demande in liste.page.object_list]


def en_attente(jours):
    """A demande which has been waiting for so many days."""
    return fabrique.une_demande("en_attente", jours=jours + 9)


def test_la_priorite_passe_avant_l_age(client, charge):
    recente, ancienne = en_attente(10), en_attente(50)
    fabrique.une_demande("accueillie")
    client.force_login(charge)
    assert references(client) == [ancienne.reference, recente.reference]
    geste = reverse("accompagnements:demande_geste", args=[recente.pk, "prioriser"])
    envoi = {"version_lue": recente.version, "priorite": 1, "motif": "Emplois menacés"}
    assert client.post(geste, envoi).status_code == 302
    assert references(client) == [recente.reference, ancienne.reference]
    assert references(client, priorite=2) == [ancienne.reference]
    assert references(client, tri="depuis") == [ancienne.reference, recente.reference]
    trace = recente.journal().first()
    assert (trace.libelle, trace.motif) == ("Priorité : haute", "Emplois menacés")


def test_l_age_en_jours_et_l_alerte_suivent_le_seuil_de_l_operateur(client, charge, operateur):
    en_attente(50)
    client.force_login(charge)
    ligne = client.get(reverse(ADRESSE)).context["liste"].lignes[0]
    valeurs = {c["libelle_colonne"]: c["valeur"] for c in ligne["cellules"]}
    assert (valeurs["Jours d'attente"], valeurs["Alerte"]) == ("50", "Dans les délais")
    operateur.seuil_attente = 50
    operateur.save()
    ligne = client.get(reverse(ADRESSE)).context["liste"].lignes[0]
    valeurs = {c["libelle_colonne"]: c["valeur"] for c in ligne["cellules"]}
    assert valeurs["Alerte"] == "Attend depuis trop longtemps"


@pytest.mark.parametrize(("jours", "attendu"), [(59, []), (60, ["Décider"]), (70, ["Décider"])])
def test_le_seuil_depasse_arrive_dans_aujourd_hui(charge, jours, attendu):
    en_attente(jours)
    assert [tache.libelle.split()[0] for tache in taches(charge)] == attendu


def test_le_seuil_depasse_se_rappelle_une_fois_par_etape(charge):
    demande = en_attente(60)
    for _ in range(2):
        call_command("relances", verbosity=0)
    siens = Courriel.objects.filter(destinataire=charge.email)
    assert siens.count() == 1
    assert demande.reference in siens.get().corps
    with horloge.voyage(horloge.maintenant() + timedelta(days=30)):
        call_command("relances", verbosity=0)
    assert siens.count() == 2
    demande.refresh_from_db()
    transitions.ouvrir(demande, par=charge)
    with horloge.voyage(horloge.maintenant() + timedelta(days=90)):
        call_command("relances", verbosity=0)
    assert siens.count() == 2


def test_hors_de_la_liste_la_priorite_ne_change_pas(charge):
    demande = fabrique.une_demande("accueillie")
    with pytest.raises(Manques, match="accueillie"):
        transitions.prioriser(demande, par=charge, priorite=1, motif="Urgent")
    demande.refresh_from_db()
    assert demande.priorite == 2


def test_la_liste_reste_a_son_operateur_et_garde_son_nombre_de_requetes(
    client, charge, autre_charge, django_assert_max_num_queries
):
    for jours in (10, 20, 30):
        en_attente(jours)
    client.force_login(autre_charge)
    assert references(client) == []
    client.force_login(charge)
    client.get(reverse(ADRESSE))
    with django_assert_max_num_queries(14):
        assert len(references(client)) == 3
