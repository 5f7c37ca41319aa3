"""What is not known sorts last in both databases, in either direction."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db.models import F
from django.http import Http404
from django.test import RequestFactory
from django.urls import get_resolver

from accompagnements.diagnostics import comparaison
from accompagnements.models import Demande, Diagnostic, PieceStructure
from accompagnements.structures.views.pages import ListeStructures
from dla_portal.socle.listes import Liste
from dla_portal.socle.tris import peut_manquer, vides_en_dernier
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db


def _listes(mere=Liste):
    assert get_resolver().url_patterns  # the modules of the pages are read: their lists are known
    for classe in mere.__subclasses__():
        yield classe
        yield from _listes(classe)


@pytest.mark.parametrize(
    ("tri", "manque"),
    [
        ("reference", False),
        ("-pk", False),
        ("structure__nom_normalise", False),
        ("structure__commune__nom", True),  # the commune itself may be unknown
        ("-accueil_le", True),
        ("charge__nom", True),
        ("une_annotation", True),
    ],
)
def test_ce_qui_peut_manquer(tri, manque):
    assert peut_manquer(Demande, tri) is manque
    assert (vides_en_dernier(Demande, tri) == [tri]) is not manque


@pytest.mark.parametrize("sens", ["", "-"])
def test_une_liste_montre_les_inconnus_a_la_fin(client, sens):
    admin = fabrique.une_personne("administrateur")
    avec = fabrique.une_structure(siret="73282932000074")
    sans = fabrique.une_structure()
    requete = RequestFactory().get("/", {"tri": f"{sens}siret"})
    requete.user = admin
    assert list(ListeStructures(requete).queryset) == [avec, sans]


def _lignes(classe, personnes, tri):
    """The rows of a list, for the first of those persons to whom it opens."""
    for personne in personnes:
        requete = RequestFactory().get("/", {"tri": tri})
        requete.user = personne
        with suppress(Http404):
            return classe(requete).queryset
    raise AssertionError(classe)


def test_chaque_liste_trie_ainsi_chacune_de_ses_colonnes():
    """Read in the SQL of every list: a column that may be unknown says where it puts NULL."""
    personnes = [fabrique.une_personne("administrateur"), fabrique.un_charge()]
    vues, oublis = 0, []
    for classe in set(_listes()):
        for colonne in [c for c in classe.colonnes if c.tri]:
            for sens in ("", "-"):
                lignes = _lignes(classe, personnes, f"{sens}{colonne.cle}")
                vues += 1
                if not peut_manquer(lignes.model, colonne.tri):
                    continue
                tri = lignes.query.order_by[0]
                if not getattr(tri, "nulls_last", False):
                    oublis.append((classe.__name__, colonne.cle))
    assert oublis == []
    assert vues > 100


def test_aucun_ordre_par_defaut_ne_laisse_la_base_placer_les_inconnus():
    fautes = [
        (modele._meta.label, tri)
        for modele in apps.get_models()
        if modele._meta.app_label in {"accompagnements", "prestataires", "pilotage", "socle"}
        and not re.match("Historical", modele.__name__)
        for tri in modele._meta.ordering
        if isinstance(tri, str) and peut_manquer(modele, tri)
    ]
    assert fautes == []


def test_le_diagnostic_sans_entretien_vient_apres_les_autres(charge_d_un_dossier):
    recent, dossier = charge_d_un_dossier
    ancien = fabrique.un_diagnostic("en_cours", structure=dossier.structure, jours=90)
    sans = fabrique.un_diagnostic("en_cours", structure=dossier.structure, jours=60)
    Diagnostic.objects.filter(pk=sans.pk).update(entretien_le=None)
    Diagnostic.objects.filter(pk=ancien.pk).update(entretien_le="2024-01-10")
    assert list(comparaison.autres_de(recent, Diagnostic.objects)) == [ancien, sans]


@pytest.fixture
def charge_d_un_dossier():
    diagnostic = fabrique.un_diagnostic("en_cours")
    return diagnostic, diagnostic.accompagnement


def test_les_pieces_sans_annee_viennent_apres_celles_de_leur_nature():
    ordre = PieceStructure._meta.ordering[1]
    assert ordre.expression == F("exercice")
    assert (ordre.descending, ordre.nulls_last) == (True, True)


def test_un_diagnostic_de_la_nuit_est_du_jour_de_paris():
    diagnostic = fabrique.un_diagnostic("en_cours")
    diagnostic.valide_le = diagnostic.entretien_le = None
    diagnostic.cree_le = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)
    assert comparaison.date_de(diagnostic) == date(2026, 7, 15)
