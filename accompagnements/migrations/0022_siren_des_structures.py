"""SIREN of the structures that have a SIRET; names with composed accents."""

import unicodedata

from django.db import migrations
from django.db.models.functions import Substr

LOT = 1000


def remplir(apps, schema_editor):
    structures = apps.get_model("accompagnements", "Structure")._base_manager
    structures.exclude(siret=None).update(siren=Substr("siret", 1, 9))
    changees = []
    for structure in structures.only("pk", "nom").iterator(LOT):
        nom = unicodedata.normalize("NFC", structure.nom)
        if nom != structure.nom:
            structure.nom = nom
            changees.append(structure)
    structures.bulk_update(changees, ["nom"], batch_size=LOT)


class Migration(migrations.Migration):
    dependencies = [
        ("accompagnements", "0021_structures_verifiees_et_fusionnees"),
    ]

    operations = [migrations.RunPython(remplir, migrations.RunPython.noop)]
