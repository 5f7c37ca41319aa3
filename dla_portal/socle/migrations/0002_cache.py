"""Create the table of the shared cache (rate limits of sign-in), as `createcachetable` would."""

from django.core.management import call_command
from django.db import migrations


def creer(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def supprimer(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS socle_cache")


class Migration(migrations.Migration):
    dependencies = [("socle", "0001_initial")]
    operations = [migrations.RunPython(creer, supprimer)]
