"""What the database refuses of the saved views and of the settings of a list, by name."""

import pytest
from django.db import IntegrityError, transaction

from dla_portal.comptes import roles
from dla_portal.socle.models import PreferenceListe, VueListe
from tests.accompagnements import fabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def elle():
    return fabrique.une_personne(roles.ChargeMission.code, operateur=fabrique.un_operateur())


def _refuse(contrainte, creer):
    contraintes = [*VueListe._meta.constraints, *PreferenceListe._meta.constraints]
    (voulue,) = [c for c in contraintes if c.name == contrainte]
    with pytest.raises(IntegrityError) as erreur, transaction.atomic():
        creer()
    # SQLite names the columns of a unique constraint, PostgreSQL the constraint.
    assert contrainte in str(erreur.value) or "UNIQUE" in str(erreur.value)
    assert voulue.violation_error_message.endswith(".")


def test_vue_de_liste_unique_par_auteur(elle):
    VueListe.objects.create(auteur=elle, liste="demandes", nom="À moi")
    VueListe.objects.create(auteur=elle, liste="structures", nom="À moi")
    _refuse(
        "vue_de_liste_unique_par_auteur",
        lambda: VueListe.objects.create(auteur=elle, liste="demandes", nom="À moi"),
    )


@pytest.mark.parametrize("portee", ["operateur", "region", "personnelle"])
def test_vue_de_liste_partagee_avec_quelqu_un(elle, portee):
    operateur = elle.rattachement.operateur if portee == "personnelle" else None
    _refuse(
        "vue_de_liste_partagee_avec_quelqu_un",
        lambda: VueListe.objects.create(
            auteur=elle, liste="demandes", nom="Vue", portee=portee, operateur=operateur
        ),
    )


def test_une_preference_par_liste(elle):
    PreferenceListe.objects.create(compte=elle, liste="demandes")
    _refuse(
        "une_preference_par_liste",
        lambda: PreferenceListe.objects.create(compte=elle, liste="demandes"),
    )


def test_preference_taille_de_page(elle):
    _refuse(
        "preference_taille_de_page",
        lambda: PreferenceListe.objects.create(compte=elle, liste="demandes", par_page=51),
    )
