"""The demonstration, whatever the day it is played: every state of every stage, figures in place."""

import pytest
from django.apps import apps
from django.core.management import call_command

from accompagnements.models import Accompagnement, Convention, Demande
from dla_portal.comptes.models import Utilisateur
from dla_portal.socle import demonstration, horloge
from dla_portal.socle.machines import MACHINES
from dla_portal.territoires.models import Region
from pilotage.indicateurs import perimetres
from pilotage.indicateurs.registre import REGISTRE


@pytest.fixture
def region(db):
    """A smaller region: a fifth of the dossiers, all the kinds of course."""
    call_command("charger_territoires", verbosity=0)
    demonstration.jouer(taille=0.2)
    return Region.objects.get(pk="93")


def modele_de(machine):
    """Return the model whose field `etat` takes the states of the machine."""
    return next(
        modele
        for modele in apps.get_models()
        if not modele.__name__.startswith("Historical")
        and any(
            champ.name == "etat" and list(champ.choices or []) == machine.etats.choices
            for champ in modele._meta.fields
        )
    )


def test_la_demonstration_raconte_tout(region):
    """One story, looked at from several sides: playing it takes twenty seconds."""
    absents = [
        f"{machine.titre} : {etat.label}"
        for machine in MACHINES
        for etat in machine.etats
        if not modele_de(machine).objects.filter(etat=etat).exists()
    ]
    assert absents == []

    aujourdhui = horloge.aujourdhui()
    assert not Demande.objects.filter(recue_le__gt=aujourdhui).exists()
    assert not Convention.objects.filter(signee_le__gt=aujourdhui).exists()
    assert Accompagnement.objects.dates("ouvert_le", "year").count() >= 2  # three, after January

    taux = REGISTRE["I-20"].resultat(perimetres.d_une_region(region), aujourdhui.year - 1)
    assert taux.denominateur.valeur == 266
    assert taux.numerateur.valeur > 30

    assert not Utilisateur.objects.exclude(email__endswith="@demo.example").exists()
