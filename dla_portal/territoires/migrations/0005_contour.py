from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("territoires", "0004_mandats_partages_et_seuil_d_attente"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "couche",
                    models.CharField(
                        choices=[
                            ("ZRR", "Zone de revitalisation rurale (jusqu'au 30/06/2024)"),
                            ("FRR", "France ruralités revitalisation (depuis le 01/07/2024)"),
                            ("FRR+", "France ruralités revitalisation plus"),
                            ("QPV", "Quartier prioritaire de la politique de la ville"),
                        ],
                        default="QPV",
                        max_length=4,
                        verbose_name="couche",
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("nom", models.CharField(max_length=160, verbose_name="nom")),
                ("geometrie", models.JSONField(verbose_name="polygones")),
                ("ouest", models.FloatField(verbose_name="longitude minimale")),
                ("est", models.FloatField(verbose_name="longitude maximale")),
                ("sud", models.FloatField(verbose_name="latitude minimale")),
                ("nord", models.FloatField(verbose_name="latitude maximale")),
                ("debut", models.DateField(blank=True, null=True, verbose_name="début")),
                ("fin", models.DateField(blank=True, null=True, verbose_name="fin")),
                ("source", models.CharField(max_length=120, verbose_name="liste d'origine")),
            ],
            options={
                "verbose_name": "contour de zonage",
                "verbose_name_plural": "contours de zonage",
                "ordering": ["couche", "code", "debut"],
                "indexes": [
                    models.Index(fields=["couche", "ouest", "est"], name="contour_rectangle")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("couche", "code", "debut"),
                        name="contour_unique_par_debut",
                        violation_error_message="Ce contour est déjà chargé pour cette date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fin", None),
                            ("debut", None),
                            ("fin__gte", models.F("debut")),
                            _connector="OR",
                        ),
                        name="contour_dates_ordonnees",
                        violation_error_message="La fin du contour précède son début.",
                    ),
                ],
            },
        ),
    ]
