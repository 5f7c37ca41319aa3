"""Data: the notes known so far are the operator's sheet; the budget is noted by its price."""

from django.db import migrations


def ranger(apps, schema_editor):
    Fiche = apps.get_model("accompagnements", "Fiche")
    Note = apps.get_model("accompagnements", "Note")
    Critere = apps.get_model("accompagnements", "Critere")
    consultations = Note.objects.filter(fiche=None).values_list(
        "proposition__consultation", "proposition__consultation__choix_le"
    )
    for consultation, choix_le in set(consultations):
        fiche, _ = Fiche.objects.get_or_create(consultation_id=consultation, evaluateur="charge")
        if choix_le:
            fiche.close_le, fiche.close_par = fiche.ouverte_le, "Reprise"
            fiche.save()
        Note.objects.filter(fiche=None, proposition__consultation=consultation).update(fiche=fiche)
    Critere.objects.filter(libelle="Budget").update(prix=True)


class Migration(migrations.Migration):
    dependencies = [("accompagnements", "0005_grilles_de_notation")]
    operations = [migrations.RunPython(ranger, migrations.RunPython.noop)]
