"""The database keeps that nobody certifies the service fait of an invoice they entered."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accompagnements", "0016_reponses_et_proces_verbaux"),
        ("socle", "0004_brouillons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="facture",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("saisie_par", None),
                    ("certifiee_par", None),
                    models.Q(("certifiee_par", models.F("saisie_par")), _negated=True),
                    _connector="OR",
                ),
                name="facture_certifiee_par_une_autre_personne",
                violation_error_message="Le service fait est certifié par une autre personne que celle qui a saisi.",
            ),
        ),
    ]
