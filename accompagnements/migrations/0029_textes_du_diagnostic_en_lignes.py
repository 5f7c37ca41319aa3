"""Tell in rows what the first diagnostics told in free texts; the texts stay where they are."""

from textwrap import wrap

from django.db import migrations

NOM_MAX = 250  # characters of the name of a person


def _personnes(texte):
    lignes = [ligne.strip() for ligne in texte.splitlines() if ligne.strip()]
    return [bout for ligne in lignes for bout in wrap(ligne, NOM_MAX)]


def mettre_en_lignes(apps, schema_editor):
    """One person a line of the text; the axes and the preconisations in one row each."""
    Diagnostic = apps.get_model("accompagnements", "Diagnostic")
    Personne = apps.get_model("accompagnements", "PersonneRencontree")
    Axe = apps.get_model("accompagnements", "Axe")
    Preconisation = apps.get_model("accompagnements", "Preconisation")
    for diagnostic in Diagnostic.objects.order_by("pk").iterator():
        Personne.objects.bulk_create(
            Personne(diagnostic=diagnostic, nom=nom) for nom in _personnes(diagnostic.personnes)
        )
        if diagnostic.axes.strip():
            Axe.objects.create(diagnostic=diagnostic, domaine="autre", enjeu=diagnostic.axes)
        if diagnostic.preconisations.strip():
            Preconisation.objects.create(diagnostic=diagnostic, texte=diagnostic.preconisations)


def remettre_en_textes(apps, schema_editor):
    """What is still as it was taken over keeps its text; what has changed since is told again."""
    Diagnostic = apps.get_model("accompagnements", "Diagnostic")
    Diagnostic.objects.filter(etat="en_relecture").update(etat="en_cours")

    def lignes(modele, diagnostic, *ordre):
        # Going back, the state of the migration does not name the rows from their diagnostic.
        toutes = apps.get_model("accompagnements", modele).objects
        return toutes.filter(diagnostic_id=diagnostic.pk).order_by(*ordre)

    for diagnostic in Diagnostic.objects.order_by("pk").iterator():
        personnes = lignes("PersonneRencontree", diagnostic, "pk")
        noms = [_avec(p.nom, p.fonction) for p in personnes]
        if noms != _personnes(diagnostic.personnes):
            diagnostic.personnes = "\n".join(noms)
        axes = [_axe(axe) for axe in lignes("Axe", diagnostic, "priorite", "pk")]
        if axes != [diagnostic.axes]:
            diagnostic.axes = "\n\n".join(axes)
        conseils = [p.texte for p in lignes("Preconisation", diagnostic, "pk")]
        if conseils != [diagnostic.preconisations]:
            diagnostic.preconisations = "\n\n".join(conseils)
        diagnostic.save(update_fields=["personnes", "axes", "preconisations"])


def _avec(nom, fonction):
    return f"{nom} ({fonction})" if fonction else nom


def _axe(axe):
    if axe.domaine == "autre" and not (axe.forces or axe.faiblesses or axe.priorite):
        return axe.enjeu
    parties = [f"Priorité {axe.priorite}" if axe.priorite else "", axe.domaine]
    parties += [f"Forces : {axe.forces}" if axe.forces else ""]
    parties += [f"Faiblesses : {axe.faiblesses}" if axe.faiblesses else "", axe.enjeu]
    return "\n".join(partie for partie in parties if partie)


class Migration(migrations.Migration):
    dependencies = [("accompagnements", "0028_diagnostic_complet")]
    operations = [migrations.RunPython(mettre_en_lignes, remettre_en_textes)]
