"""Attestation de vigilance: asked for again before it ends, during a living mission only."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accompagnements.missions import transitions as missions
from dla_portal.socle import horloge
from tests.accompagnements.fabrique_ingenierie import une_mission
from tests.accompagnements.test_relances import relancer

pytestmark = pytest.mark.django_db
VIGILANCE = "Attestations de vigilance demandées"


def une_mission_a_vigilance(jours, montant="5000"):
    """A mission in progress whose prestataire has an attestation for so many days more."""
    mission = une_mission()
    convention = mission.convention
    convention.montant_ht = Decimal(montant)
    convention.montant_ttc = Decimal(montant) * Decimal("1.2")
    convention.save()
    prestataire = convention.prestataire
    prestataire.vigilance_jusquau = horloge.aujourdhui() + timedelta(days=jours)
    prestataire.save()
    return mission


@pytest.mark.parametrize(
    ("jours", "montant", "nombre"), [(31, "5000", 0), (30, "4999.99", 0), (30, "5000", 1)]
)
def test_la_vigilance_se_demande_un_mois_avant_a_partir_de_5000_euros(jours, montant, nombre):
    une_mission_a_vigilance(jours, montant)
    assert relancer()[VIGILANCE] == str(nombre)
    assert relancer()[VIGILANCE] == "0"


def test_la_vigilance_se_redemande_puis_se_tait():
    prestataire = une_mission_a_vigilance(30).convention.prestataire
    aujourdhui = horloge.aujourdhui()
    envois = [relancer(aujourdhui + timedelta(days=j))[VIGILANCE] for j in (0, 10, 23, 29, 30, 45)]
    assert envois == ["1", "0", "1", "0", "1", "0"]
    prestataire.refresh_from_db()
    prestataire.vigilance_jusquau = aujourdhui + timedelta(days=200)
    prestataire.save()
    assert relancer(aujourdhui + timedelta(days=46))[VIGILANCE] == "0"


def test_la_vigilance_ne_se_demande_plus_apres_la_mission(responsable):
    mission = une_mission_a_vigilance(5)
    missions.alerter(mission, par=responsable, emise_par="Le prestataire", motif="Départ")
    missions.arreter(
        mission, par=responsable, motif="Plus de projet", consultes="La présidente", suites="Aucune"
    )
    assert relancer()[VIGILANCE] == "0"


def test_une_attestation_de_plus_de_six_mois_est_une_erreur_de_saisie(client, c2ra):
    prestataire = une_mission().convention.prestataire
    client.force_login(c2ra)
    adresse = reverse("prestataires:modifier", args=[prestataire.pk])
    fin = horloge.aujourdhui() + timedelta(days=185)
    reponse = client.post(adresse, {"vigilance_jusquau": fin.isoformat()})
    assert "vaut six mois" in reponse.content.decode()
