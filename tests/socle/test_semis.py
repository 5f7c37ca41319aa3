"""What is sown after the migrations, and what is not when they go back."""

import pytest
from django.apps import apps
from django.db.models.signals import post_migrate

from dla_portal.socle.models import Terme

pytestmark = pytest.mark.django_db


def migrer(plan):
    config = apps.get_app_config("socle")
    post_migrate.send(
        sender=config, app_config=config, verbosity=0, interactive=False, using="default", plan=plan
    )


def test_une_migration_en_arriere_ne_seme_rien():
    semes = Terme.objects.count()
    assert semes > 50
    Terme.objects.filter(liste="financeur").delete()
    restants = Terme.objects.count()
    assert restants < semes
    migrer([(None, True)])
    assert Terme.objects.count() == restants
    migrer([(None, False)])
    assert Terme.objects.count() == semes
