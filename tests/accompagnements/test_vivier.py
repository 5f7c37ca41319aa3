"""Whom to ask: every criterion gives its points and its reason; warnings take no point."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accompagnements.conventions.models import Convention
from accompagnements.suites import transitions as suites
from accompagnements.suites import vivier
from dla_portal.socle import horloge
from prestataires.selection import Besoin, proposer
from tests.accompagnements import fabrique
from tests.accompagnements.fabrique_ingenierie import (
    le_charge,
    un_prestataire,
    une_consultation,
    une_enquete,
    une_mission,
)

pytestmark = pytest.mark.django_db


def besoin_de(ingenierie, **changements):
    dossier = ingenierie.accompagnements().select_related("structure").get()
    attributs = {
        "thematiques": (ingenierie.thematique,),
        "secteurs": (dossier.secteur,),
        "departements": (dossier.departement,),
        "operateur_id": ingenierie.operateur_id,
        "structures": (dossier.structure,),
    }
    return Besoin(**attributs | changements)


def criteres(appreciation):
    return {c.critere: (c.points, c.sur, c.raison) for c in appreciation.criteres}


def test_une_mission_en_cours_pese_et_se_dit():
    mission = une_mission()
    occupe = mission.convention.prestataire
    libre = un_prestataire(3)
    besoin = besoin_de(mission.convention.ingenierie)
    classement = proposer(besoin)
    rangs = [prestataire.pk for prestataire, _ in classement]
    assert rangs.index(libre.pk) < rangs.index(occupe.pk)
    points = {prestataire.pk: criteres(a) for prestataire, a in classement}
    assert points[occupe.pk]["Charge"] == (2, 3, "1 mission en cours")
    assert points[libre.pk]["Charge"] == (3, 3, "Aucune mission en cours")
    derniere = occupe.sollicitations.get().envoyee_le
    phrase = f"Sollicité 1 fois, retenu 1 fois, en dernier le {derniere:%d/%m/%Y}"
    assert points[occupe.pk]["Rotation"] == (0, 1, phrase)
    assert points[libre.pk]["Rotation"] == (1, 1, "Jamais sollicité par vous")
    assert points[libre.pk]["Notes"] == (2, 4, "Moins de 3 missions notées : 2 points d'office")


@pytest.mark.parametrize(("missions", "points"), [(0, 3), (1, 2), (3, 0), (5, 0)])
def test_la_charge_ne_descend_pas_sous_zero(missions, points):
    assert vivier._disponibilite(missions) == points


def test_qui_n_est_plus_sollicite_depuis_un_an_remonte():
    consultation = une_consultation("publiee")
    besoin = besoin_de(consultation.ingenierie)
    sollicite = consultation.sollicitations.first().prestataire_id
    assert vivier.rotation(besoin)[sollicite][0] == 0
    with horloge.voyage(horloge.maintenant() + timedelta(days=400)):
        assert vivier.rotation(besoin)[sollicite][0] == 1
    assert un_prestataire(3).pk not in vivier.rotation(besoin)  # the default says it


@pytest.mark.parametrize(("seuil", "attendu"), [(1, {4}), (3, set())])
def test_la_note_attend_assez_de_missions(monkeypatch, seuil, attendu):
    enquete = une_enquete()
    suites.repondre(enquete, par="Par son lien", globale=4)
    monkeypatch.setattr(vivier, "MISSIONS_MINIMALES", seuil)
    assert {points for points, _ in vivier.notes(None).values()} == attendu


@pytest.mark.parametrize(
    ("moyenne", "points"),
    [(4, 4), (3.5, 4), (3.4, 3), (3, 3), (2.9, 2), (2.5, 2), (2.4, 0), (1, 0)],
)
def test_les_points_suivent_la_satisfaction(moyenne, points):
    assert vivier._points(moyenne) == points


def test_la_concentration_se_dit_sans_retirer_de_point(monkeypatch):
    convention = Convention.objects.get(pk=une_mission().convention_id)
    besoin = besoin_de(convention.ingenierie)
    assert vivier.concentration(besoin) == {}  # one mission says nothing
    monkeypatch.setattr(vivier, "MISSIONS_REGARDEES", 1)
    (alerte,) = vivier.concentration(besoin)[convention.prestataire_id]
    assert "100\u202f% de vos missions et 100\u202f% de vos montants sur 24 mois" in alerte
    appreciation = dict(proposer(besoin))[convention.prestataire]
    assert appreciation.alertes == [alerte]
    assert appreciation.points == sum(c.points for c in appreciation.criteres)


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("contact", "dominique ESSAI", "est aussi un contact"),
        ("email", None, "même courriel"),
        ("siret", None, "même SIREN"),
    ],
)
def test_un_lien_avec_la_structure_est_signale(client, champ, valeur, phrase):
    consultation = une_consultation("brouillon")
    structure = consultation.ingenierie.accompagnements().get().structure
    structure.siret = "44306184100021"
    structure.save()
    prestataire = un_prestataire(2)  # SIREN 443061841
    if champ != "siret":
        structure.siret = None
        structure.save()
        setattr(prestataire, champ, valeur or structure.email)
        prestataire.save()
    client.force_login(le_charge(consultation))
    page = client.get(reverse("accompagnements:consultation_prestataires", args=[consultation.pk]))
    lignes = {p["prestataire"].pk: p["appreciation"] for p in page.context["liste"].lignes}
    assert any(phrase in alerte for alerte in lignes[prestataire.pk].alertes)
    assert "Conflit d'intérêts à vérifier" in page.content.decode().replace("&#x27;", "'")


def test_le_nombre_de_requetes_ne_suit_pas_les_prestataires(django_assert_max_num_queries):
    ingenierie = fabrique.une_ingenierie()
    for rang in range(4):
        un_prestataire(rang)
    besoin = besoin_de(ingenierie)
    with django_assert_max_num_queries(12):
        proposer(besoin)
