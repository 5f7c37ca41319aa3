"""Agréments held with their number, their dates and their document; place of a structure."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accompagnements", "0034_plan_complet"),
        ("socle", "0006_vues_et_preferences_de_liste"),
        ("territoires", "0005_contour"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The table between structures and agréments becomes that of the agréments held: its rows
        # stay where they are, without dates, and nothing is copied.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="structure", name="agrements"),
                migrations.CreateModel(
                    name="AgrementDetenu",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "structure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="agrements",
                                to="accompagnements.structure",
                            ),
                        ),
                        (
                            "terme",
                            models.ForeignKey(
                                limit_choices_to={"liste": "agrement"},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="socle.terme",
                                verbose_name="agrément",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "accompagnements_structure_agrements",
                        "unique_together": {("structure", "terme")},
                    },
                ),
            ],
        ),
        migrations.AlterUniqueTogether(name="agrementdetenu", unique_together=set()),
        migrations.AlterModelTable(name="agrementdetenu", table=None),
        migrations.AlterModelOptions(
            name="agrementdetenu",
            options={
                "verbose_name": "agrément",
                "ordering": [
                    "terme__rang",
                    "terme__libelle",
                    models.OrderBy(models.F("depuis_le"), nulls_first=True),
                    "pk",
                ],
            },
        ),
        migrations.AddField(
            model_name="agrementdetenu",
            name="numero",
            field=models.CharField(blank=True, max_length=60, verbose_name="numéro", default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="agrementdetenu",
            name="depuis_le",
            field=models.DateField(blank=True, null=True, verbose_name="obtenu le"),
        ),
        migrations.AddField(
            model_name="agrementdetenu",
            name="jusqu_au",
            field=models.DateField(blank=True, null=True, verbose_name="valable jusqu'au"),
        ),
        migrations.CreateModel(
            name="HistoricalAgrementDetenu",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("numero", models.CharField(blank=True, max_length=60, verbose_name="numéro")),
                ("depuis_le", models.DateField(blank=True, null=True, verbose_name="obtenu le")),
                (
                    "jusqu_au",
                    models.DateField(blank=True, null=True, verbose_name="valable jusqu'au"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical agrément",
                "verbose_name_plural": "historical agréments",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RemoveField(
            model_name="historicalstructure_agrements",
            name="history",
        ),
        migrations.RemoveField(
            model_name="historicalstructure_agrements",
            name="structure",
        ),
        migrations.RemoveField(
            model_name="historicalstructure_agrements",
            name="terme",
        ),
        migrations.AddField(
            model_name="historicalstructure",
            name="latitude",
            field=models.DecimalField(
                blank=True, decimal_places=6, max_digits=8, null=True, verbose_name="latitude"
            ),
        ),
        migrations.AddField(
            model_name="historicalstructure",
            name="longitude",
            field=models.DecimalField(
                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
            ),
        ),
        migrations.AddField(
            model_name="historicalstructure",
            name="qpv",
            field=models.CharField(
                blank=True,
                help_text="Nom ou code, si l'adresse y est et que le portail ne le trouve pas de lui-même.",
                max_length=160,
                verbose_name="quartier prioritaire (QPV)",
            ),
        ),
        migrations.AddField(
            model_name="historicalstructure",
            name="qpv_constate_le",
            field=models.DateField(blank=True, null=True, verbose_name="QPV constaté le"),
        ),
        migrations.AddField(
            model_name="historicalstructure",
            name="qpv_source",
            field=models.CharField(
                blank=True,
                help_text="Par exemple : carte de l'ANCT, attestation de la mairie.",
                max_length=160,
                verbose_name="source du QPV",
            ),
        ),
        migrations.AddField(
            model_name="structure",
            name="latitude",
            field=models.DecimalField(
                blank=True, decimal_places=6, max_digits=8, null=True, verbose_name="latitude"
            ),
        ),
        migrations.AddField(
            model_name="structure",
            name="longitude",
            field=models.DecimalField(
                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
            ),
        ),
        migrations.AddField(
            model_name="structure",
            name="qpv",
            field=models.CharField(
                blank=True,
                help_text="Nom ou code, si l'adresse y est et que le portail ne le trouve pas de lui-même.",
                max_length=160,
                verbose_name="quartier prioritaire (QPV)",
            ),
        ),
        migrations.AddField(
            model_name="structure",
            name="qpv_constate_le",
            field=models.DateField(blank=True, null=True, verbose_name="QPV constaté le"),
        ),
        migrations.AddField(
            model_name="structure",
            name="qpv_source",
            field=models.CharField(
                blank=True,
                help_text="Par exemple : carte de l'ANCT, attestation de la mairie.",
                max_length=160,
                verbose_name="source du QPV",
            ),
        ),
        migrations.AddConstraint(
            model_name="structure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(
                        ("latitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        ("longitude__isnull", False),
                        ("longitude__range", (-180, 180)),
                    ),
                    _connector="OR",
                ),
                name="structure_coordonnees",
                violation_error_message="La latitude et la longitude vont ensemble, en degrés.",
            ),
        ),
        migrations.AddConstraint(
            model_name="structure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("qpv", ""), ("qpv_constate_le", None), ("qpv_source", "")),
                    models.Q(
                        models.Q(("qpv", ""), _negated=True),
                        models.Q(("qpv_source", ""), _negated=True),
                        ("qpv_constate_le__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="structure_qpv_source_et_date",
                violation_error_message="Un QPV saisi porte sa source et sa date.",
            ),
        ),
        migrations.AddField(
            model_name="agrementdetenu",
            name="piece",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agrements",
                to="accompagnements.piecestructure",
                verbose_name="pièce",
            ),
        ),
        migrations.AddField(
            model_name="historicalagrementdetenu",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalagrementdetenu",
            name="piece",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="accompagnements.piecestructure",
                verbose_name="pièce",
            ),
        ),
        migrations.AddField(
            model_name="historicalagrementdetenu",
            name="structure",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="accompagnements.structure",
            ),
        ),
        migrations.AddField(
            model_name="historicalagrementdetenu",
            name="terme",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                limit_choices_to={"liste": "agrement"},
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="socle.terme",
                verbose_name="agrément",
            ),
        ),
        migrations.DeleteModel(
            name="HistoricalStructure_agrements",
        ),
        migrations.AddConstraint(
            model_name="agrementdetenu",
            constraint=models.UniqueConstraint(
                condition=models.Q(("depuis_le", None)),
                fields=("structure", "terme"),
                name="agrement_unique_sans_date",
                violation_error_message="Cet agrément figure déjà sans date : datez-le.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agrementdetenu",
            constraint=models.UniqueConstraint(
                fields=("structure", "terme", "depuis_le"),
                name="agrement_unique_par_date",
                violation_error_message="Cet agrément figure déjà à cette date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agrementdetenu",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("depuis_le", None),
                    ("jusqu_au", None),
                    ("jusqu_au__gte", models.F("depuis_le")),
                    _connector="OR",
                ),
                name="agrement_dates_ordonnees",
                violation_error_message="La fin de l'agrément précède son obtention.",
            ),
        ),
    ]
