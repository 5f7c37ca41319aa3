"""The people and places of the chain's tests; objects in a given state come from `fabrique`."""

import pytest

from dla_portal.comptes import roles
from tests.accompagnements import fabrique


@pytest.fixture
def departement(db):
    return fabrique.un_departement()


@pytest.fixture
def operateur(departement):
    return fabrique.un_operateur(departement=departement)


@pytest.fixture
def charge(operateur):
    """The chargé de mission who follows the dossiers of `fabrique`."""
    return fabrique.un_charge(operateur)


@pytest.fixture
def responsable(operateur):
    return fabrique.une_personne(roles.Responsable.code, operateur=operateur)


@pytest.fixture
def gestionnaire(operateur):
    return fabrique.une_personne(roles.Gestionnaire.code, operateur=operateur)


@pytest.fixture
def autre_operateur(db):
    """An operator of another department: nothing of `operateur` concerns it."""
    return fabrique.un_operateur("Var Partagé", fabrique.un_departement("83", "Var"))


@pytest.fixture
def autre_charge(autre_operateur):
    return fabrique.un_charge(autre_operateur)


@pytest.fixture
def c2ra(departement):
    """The DLA régional of the region, which carries no dossier of its own."""
    return fabrique.une_personne(roles.DlaRegional.code, region=departement.region)


@pytest.fixture
def pilote(departement):
    return fabrique.une_personne(roles.Pilote.code, region=departement.region)


@pytest.fixture
def membre(db):
    return fabrique.une_personne(roles.MembreComite.code)


@pytest.fixture
def structure(departement):
    return fabrique.une_structure()
