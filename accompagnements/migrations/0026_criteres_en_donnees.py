from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accompagnements", "0025_criteres_repris")]

    operations = [
        migrations.RemoveField(
            model_name="demande",
            name="critere_emploi",
        ),
        migrations.RemoveField(
            model_name="demande",
            name="critere_existe",
        ),
        migrations.RemoveField(
            model_name="demande",
            name="critere_statut",
        ),
        migrations.RemoveField(
            model_name="demande",
            name="critere_volonte",
        ),
        migrations.RemoveField(
            model_name="historicaldemande",
            name="critere_emploi",
        ),
        migrations.RemoveField(
            model_name="historicaldemande",
            name="critere_existe",
        ),
        migrations.RemoveField(
            model_name="historicaldemande",
            name="critere_statut",
        ),
        migrations.RemoveField(
            model_name="historicaldemande",
            name="critere_volonte",
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("derogation", ""), ("derogation_le__isnull", False), _connector="OR"
                ),
                name="demande_derogation_date",
                violation_error_message="Une dérogation porte sa date.",
            ),
        ),
    ]
