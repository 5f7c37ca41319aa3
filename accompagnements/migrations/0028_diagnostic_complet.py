import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import dla_portal.socle.horloge


class Migration(migrations.Migration):
    dependencies = [
        ("accompagnements", "0027_orientation_suivie_et_charte"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="diagnostic",
            name="annee_n",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="année N"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="avis_structure",
            field=models.TextField(blank=True, verbose_name="avis de la structure"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="beneficiaires",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="nombre de bénéficiaires"
            ),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="beneficiaires_definition",
            field=models.CharField(blank=True, max_length=250, verbose_name="de qui s'agit-il ?"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="communication",
            field=models.TextField(blank=True, verbose_name="communication"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="confidentialite",
            field=models.CharField(
                choices=[
                    ("reservee", "Réservé à l'équipe et à la structure"),
                    ("encadree", "Communicable sous engagement de confidentialité"),
                ],
                default="encadree",
                editable=False,
                max_length=10,
                verbose_name="confidentialité",
            ),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="gouv_circuit",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="présidence et direction se partagent clairement les décisions",
            ),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="gouv_concertation",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="les parties prenantes sont associées",
            ),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="gouv_frequence",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="elles se réunissent au rythme prévu",
            ),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="gouv_instances",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="les instances fonctionnent",
            ),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="gouv_mandats",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="les mandats sont renouvelés",
            ),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="gouv_statuts",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="les statuts sont respectés",
            ),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="opportunites",
            field=models.TextField(blank=True, verbose_name="opportunités"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="organisation",
            field=models.TextField(blank=True, verbose_name="organisation du travail"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="outils",
            field=models.TextField(blank=True, verbose_name="outils de gestion"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="previsionnel",
            field=models.TextField(blank=True, verbose_name="prévisionnel"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="risques",
            field=models.TextField(blank=True, verbose_name="risques"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="signes",
            field=models.JSONField(blank=True, default=list, verbose_name="signes relevés"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="signes_note",
            field=models.TextField(
                blank=True, verbose_name="faits constatés et orientation donnée"
            ),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="signes_releves_le",
            field=models.DateField(blank=True, null=True, verbose_name="relevés le"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="territoire",
            field=models.TextField(blank=True, verbose_name="territoire, partenaires, concurrence"),
        ),
        migrations.AddField(
            model_name="diagnostic",
            name="valide_par",
            field=models.CharField(
                blank=True, editable=False, max_length=120, verbose_name="validé par"
            ),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="annee_n",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="année N"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="avis_structure",
            field=models.TextField(blank=True, verbose_name="avis de la structure"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="beneficiaires",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="nombre de bénéficiaires"
            ),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="beneficiaires_definition",
            field=models.CharField(blank=True, max_length=250, verbose_name="de qui s'agit-il ?"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="communication",
            field=models.TextField(blank=True, verbose_name="communication"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="confidentialite",
            field=models.CharField(
                choices=[
                    ("reservee", "Réservé à l'équipe et à la structure"),
                    ("encadree", "Communicable sous engagement de confidentialité"),
                ],
                default="encadree",
                editable=False,
                max_length=10,
                verbose_name="confidentialité",
            ),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="gouv_circuit",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="présidence et direction se partagent clairement les décisions",
            ),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="gouv_concertation",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="les parties prenantes sont associées",
            ),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="gouv_frequence",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="elles se réunissent au rythme prévu",
            ),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="gouv_instances",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="les instances fonctionnent",
            ),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="gouv_mandats",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="les mandats sont renouvelés",
            ),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="gouv_statuts",
            field=models.CharField(
                blank=True,
                choices=[("oui", "Oui"), ("moyen", "En partie"), ("non", "Non")],
                max_length=5,
                verbose_name="les statuts sont respectés",
            ),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="opportunites",
            field=models.TextField(blank=True, verbose_name="opportunités"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="organisation",
            field=models.TextField(blank=True, verbose_name="organisation du travail"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="outils",
            field=models.TextField(blank=True, verbose_name="outils de gestion"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="previsionnel",
            field=models.TextField(blank=True, verbose_name="prévisionnel"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="risques",
            field=models.TextField(blank=True, verbose_name="risques"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="signes",
            field=models.JSONField(blank=True, default=list, verbose_name="signes relevés"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="signes_note",
            field=models.TextField(
                blank=True, verbose_name="faits constatés et orientation donnée"
            ),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="signes_releves_le",
            field=models.DateField(blank=True, null=True, verbose_name="relevés le"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="territoire",
            field=models.TextField(blank=True, verbose_name="territoire, partenaires, concurrence"),
        ),
        migrations.AddField(
            model_name="historicaldiagnostic",
            name="valide_par",
            field=models.CharField(
                blank=True, editable=False, max_length=120, verbose_name="validé par"
            ),
        ),
        migrations.AlterField(
            model_name="diagnostic",
            name="axes",
            field=models.TextField(
                blank=True, editable=False, verbose_name="axes de changement (texte)"
            ),
        ),
        migrations.AlterField(
            model_name="diagnostic",
            name="etat",
            field=models.CharField(
                choices=[
                    ("en_cours", "En cours"),
                    ("en_relecture", "En relecture"),
                    ("soumis", "Soumis à la structure"),
                    ("valide", "Validé par la structure"),
                    ("sans_plan", "Clos sans plan"),
                    ("abandonne", "Abandonné"),
                ],
                db_index=True,
                default="en_cours",
                editable=False,
                max_length=30,
                verbose_name="état",
            ),
        ),
        migrations.AlterField(
            model_name="diagnostic",
            name="personnes",
            field=models.TextField(
                blank=True, editable=False, verbose_name="personnes rencontrées (texte)"
            ),
        ),
        migrations.AlterField(
            model_name="diagnostic",
            name="preconisations",
            field=models.TextField(
                blank=True, editable=False, verbose_name="préconisations (texte)"
            ),
        ),
        migrations.AlterField(
            model_name="diagnostic",
            name="ressources_humaines",
            field=models.TextField(blank=True, verbose_name="emplois et compétences"),
        ),
        migrations.AlterField(
            model_name="historicaldiagnostic",
            name="axes",
            field=models.TextField(
                blank=True, editable=False, verbose_name="axes de changement (texte)"
            ),
        ),
        migrations.AlterField(
            model_name="historicaldiagnostic",
            name="etat",
            field=models.CharField(
                choices=[
                    ("en_cours", "En cours"),
                    ("en_relecture", "En relecture"),
                    ("soumis", "Soumis à la structure"),
                    ("valide", "Validé par la structure"),
                    ("sans_plan", "Clos sans plan"),
                    ("abandonne", "Abandonné"),
                ],
                db_index=True,
                default="en_cours",
                editable=False,
                max_length=30,
                verbose_name="état",
            ),
        ),
        migrations.AlterField(
            model_name="historicaldiagnostic",
            name="personnes",
            field=models.TextField(
                blank=True, editable=False, verbose_name="personnes rencontrées (texte)"
            ),
        ),
        migrations.AlterField(
            model_name="historicaldiagnostic",
            name="preconisations",
            field=models.TextField(
                blank=True, editable=False, verbose_name="préconisations (texte)"
            ),
        ),
        migrations.AlterField(
            model_name="historicaldiagnostic",
            name="ressources_humaines",
            field=models.TextField(blank=True, verbose_name="emplois et compétences"),
        ),
        migrations.CreateModel(
            name="HistoricalAxe",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "domaine",
                    models.CharField(
                        choices=[
                            ("strategie", "Projet et stratégie"),
                            ("gouvernance", "Gouvernance"),
                            ("organisation", "Organisation"),
                            ("humain", "Ressources humaines"),
                            ("economie", "Modèle économique"),
                            ("finances", "Finances"),
                            ("territoire", "Territoire et partenariats"),
                            ("autre", "Autre"),
                        ],
                        max_length=15,
                        verbose_name="axe",
                    ),
                ),
                ("forces", models.TextField(blank=True, verbose_name="forces")),
                ("faiblesses", models.TextField(blank=True, verbose_name="faiblesses")),
                ("enjeu", models.TextField(blank=True, verbose_name="enjeu, changement visé")),
                (
                    "priorite",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "1 — d'abord"), (2, "2 — ensuite"), (3, "3 — plus tard")],
                        null=True,
                        verbose_name="priorité",
                    ),
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
                (
                    "diagnostic",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accompagnements.diagnostic",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical axe de changement",
                "verbose_name_plural": "historical axes de changement",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalChiffresAnnuels",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("annee", models.PositiveSmallIntegerField(editable=False, verbose_name="année")),
                (
                    "produits",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="total des produits",
                    ),
                ),
                (
                    "subventions",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="dont subventions",
                    ),
                ),
                (
                    "charges",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="total des charges",
                    ),
                ),
                (
                    "resultat",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="résultat",
                    ),
                ),
                (
                    "tresorerie",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="trésorerie",
                    ),
                ),
                (
                    "fonds_propres",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="fonds propres",
                    ),
                ),
                (
                    "dettes",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="dettes",
                    ),
                ),
                ("cdi", models.PositiveIntegerField(blank=True, null=True, verbose_name="CDI")),
                (
                    "cdd",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="CDD de droit commun"
                    ),
                ),
                (
                    "aides",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="contrats aidés"
                    ),
                ),
                (
                    "apprentis",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="apprentis, alternants"
                    ),
                ),
                (
                    "insertion",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="salariés en insertion"
                    ),
                ),
                (
                    "effectif",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="effectif total"
                    ),
                ),
                (
                    "etp",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="ETP"
                    ),
                ),
                (
                    "benevoles",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="bénévoles actifs"
                    ),
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
                (
                    "diagnostic",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accompagnements.diagnostic",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical chiffres d'une année",
                "verbose_name_plural": "historical chiffres par année",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPersonneRencontree",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("nom", models.CharField(max_length=250, verbose_name="nom")),
                ("fonction", models.CharField(blank=True, max_length=160, verbose_name="fonction")),
                (
                    "le",
                    models.DateField(blank=True, null=True, verbose_name="date de la rencontre"),
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
                (
                    "diagnostic",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accompagnements.diagnostic",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical personne rencontrée",
                "verbose_name_plural": "historical personnes rencontrées",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPreconisation",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("texte", models.TextField(verbose_name="préconisation")),
                (
                    "genre",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ING_IND", "Ingénierie individuelle"),
                            ("ING_COL", "Ingénierie collective"),
                            ("ING_MIX", "Ingénierie mixte"),
                            ("EXP_INT", "Expertise interne du DLA"),
                            ("OFFRE_PART", "Offre d'un partenaire"),
                            ("ACT_STRUCT", "Action menée par la structure"),
                        ],
                        max_length=10,
                        verbose_name="type d'action",
                    ),
                ),
                (
                    "delai",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="délai (mois)"
                    ),
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
                (
                    "diagnostic",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accompagnements.diagnostic",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical préconisation",
                "verbose_name_plural": "historical préconisations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PersonneRencontree",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nom", models.CharField(max_length=250, verbose_name="nom")),
                ("fonction", models.CharField(blank=True, max_length=160, verbose_name="fonction")),
                (
                    "le",
                    models.DateField(blank=True, null=True, verbose_name="date de la rencontre"),
                ),
                (
                    "diagnostic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rencontres",
                        to="accompagnements.diagnostic",
                    ),
                ),
            ],
            options={
                "verbose_name": "personne rencontrée",
                "verbose_name_plural": "personnes rencontrées",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Preconisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("texte", models.TextField(verbose_name="préconisation")),
                (
                    "genre",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ING_IND", "Ingénierie individuelle"),
                            ("ING_COL", "Ingénierie collective"),
                            ("ING_MIX", "Ingénierie mixte"),
                            ("EXP_INT", "Expertise interne du DLA"),
                            ("OFFRE_PART", "Offre d'un partenaire"),
                            ("ACT_STRUCT", "Action menée par la structure"),
                        ],
                        max_length=10,
                        verbose_name="type d'action",
                    ),
                ),
                (
                    "delai",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="délai (mois)"
                    ),
                ),
                (
                    "diagnostic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lignes_preconisations",
                        to="accompagnements.diagnostic",
                    ),
                ),
            ],
            options={
                "verbose_name": "préconisation",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Relecture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.TextField(blank=True, verbose_name="ce qui est demandé")),
                (
                    "demandee_le",
                    models.DateField(
                        default=dla_portal.socle.horloge.aujourdhui, verbose_name="demandée le"
                    ),
                ),
                ("rendue_le", models.DateField(blank=True, null=True, verbose_name="rendue le")),
                ("retiree_le", models.DateField(blank=True, null=True, verbose_name="retirée le")),
                ("avis", models.TextField(blank=True, verbose_name="avis d'ensemble")),
                (
                    "diagnostic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relectures",
                        to="accompagnements.diagnostic",
                    ),
                ),
                (
                    "lecteur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relectures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "relecture",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Commentaire",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=30, verbose_name="section")),
                ("texte", models.TextField(verbose_name="commentaire")),
                (
                    "relecture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commentaires",
                        to="accompagnements.relecture",
                    ),
                ),
            ],
            options={
                "verbose_name": "commentaire de relecture",
                "verbose_name_plural": "commentaires de relecture",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Autorisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("destinataire", models.CharField(max_length=160, verbose_name="remis à")),
                ("raison", models.CharField(max_length=250, verbose_name="pourquoi")),
                ("accordee_par", models.CharField(max_length=120, verbose_name="accord donné par")),
                ("accordee_le", models.DateField(verbose_name="accord donné le")),
                ("retiree_le", models.DateField(blank=True, null=True, verbose_name="retirée le")),
                (
                    "diagnostic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="autorisations",
                        to="accompagnements.diagnostic",
                    ),
                ),
            ],
            options={
                "verbose_name": "autorisation de communiquer",
                "verbose_name_plural": "autorisations de communiquer",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retiree_le", None),
                            ("retiree_le__gte", models.F("accordee_le")),
                            _connector="OR",
                        ),
                        name="autorisation_dates_ordonnees",
                        violation_error_message="Une autorisation se retire après avoir été donnée.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Axe",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "domaine",
                    models.CharField(
                        choices=[
                            ("strategie", "Projet et stratégie"),
                            ("gouvernance", "Gouvernance"),
                            ("organisation", "Organisation"),
                            ("humain", "Ressources humaines"),
                            ("economie", "Modèle économique"),
                            ("finances", "Finances"),
                            ("territoire", "Territoire et partenariats"),
                            ("autre", "Autre"),
                        ],
                        max_length=15,
                        verbose_name="axe",
                    ),
                ),
                ("forces", models.TextField(blank=True, verbose_name="forces")),
                ("faiblesses", models.TextField(blank=True, verbose_name="faiblesses")),
                ("enjeu", models.TextField(blank=True, verbose_name="enjeu, changement visé")),
                (
                    "priorite",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "1 — d'abord"), (2, "2 — ensuite"), (3, "3 — plus tard")],
                        null=True,
                        verbose_name="priorité",
                    ),
                ),
                (
                    "diagnostic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lignes_axes",
                        to="accompagnements.diagnostic",
                    ),
                ),
            ],
            options={
                "verbose_name": "axe de changement",
                "verbose_name_plural": "axes de changement",
                "ordering": [models.OrderBy(models.F("priorite"), nulls_last=True), "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("priorite", None), ("priorite__range", (1, 3)), _connector="OR"
                        ),
                        name="axe_priorite_1_a_3",
                        violation_error_message="La priorité va de 1 à 3.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChiffresAnnuels",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("annee", models.PositiveSmallIntegerField(editable=False, verbose_name="année")),
                (
                    "produits",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="total des produits",
                    ),
                ),
                (
                    "subventions",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="dont subventions",
                    ),
                ),
                (
                    "charges",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="total des charges",
                    ),
                ),
                (
                    "resultat",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="résultat",
                    ),
                ),
                (
                    "tresorerie",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="trésorerie",
                    ),
                ),
                (
                    "fonds_propres",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="fonds propres",
                    ),
                ),
                (
                    "dettes",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="dettes",
                    ),
                ),
                ("cdi", models.PositiveIntegerField(blank=True, null=True, verbose_name="CDI")),
                (
                    "cdd",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="CDD de droit commun"
                    ),
                ),
                (
                    "aides",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="contrats aidés"
                    ),
                ),
                (
                    "apprentis",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="apprentis, alternants"
                    ),
                ),
                (
                    "insertion",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="salariés en insertion"
                    ),
                ),
                (
                    "effectif",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="effectif total"
                    ),
                ),
                (
                    "etp",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="ETP"
                    ),
                ),
                (
                    "benevoles",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="bénévoles actifs"
                    ),
                ),
                (
                    "diagnostic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="annees",
                        to="accompagnements.diagnostic",
                    ),
                ),
            ],
            options={
                "verbose_name": "chiffres d'une année",
                "verbose_name_plural": "chiffres par année",
                "ordering": ["annee"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("diagnostic", "annee"),
                        name="chiffres_annuels_uniques",
                        violation_error_message="Les chiffres de cette année sont déjà saisis.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("subventions", None),
                            ("produits", None),
                            ("subventions__lte", models.F("produits")),
                            _connector="OR",
                        ),
                        name="chiffres_subventions_dans_produits",
                        violation_error_message="Les subventions dépassent le total des produits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("etp", None), ("etp__gte", 0), _connector="OR"),
                        name="chiffres_etp_positif",
                        violation_error_message="Le nombre d'ETP ne peut être négatif.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="relecture",
            constraint=models.UniqueConstraint(
                condition=models.Q(("rendue_le", None), ("retiree_le", None)),
                fields=("diagnostic",),
                name="relecture_une_seule_ouverte",
                violation_error_message="Une relecture est déjà demandée.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relecture",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rendue_le", None), models.Q(("avis", ""), _negated=True), _connector="OR"
                ),
                name="relecture_rendue_avec_avis",
                violation_error_message="Une relecture rendue porte un avis.",
            ),
        ),
        migrations.AddConstraint(
            model_name="commentaire",
            constraint=models.UniqueConstraint(
                fields=("relecture", "section"),
                name="commentaire_un_par_section",
                violation_error_message="Cette section est déjà commentée.",
            ),
        ),
    ]
