"""Data: the answers to the four criteria known so far, with their wording, and back."""

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

CRITERES = [
    ("existe", "la structure existe déjà"),
    ("statut", "son statut ouvre droit au DLA"),
    ("emploi", "elle emploie au moins une personne"),
    ("volonte", "elle veut consolider son activité et ses emplois"),
]


def _tables(apps):
    """The demandes and their history: what was answered once is kept too."""
    return [
        (apps.get_model("accompagnements", "Demande"), "pk"),
        (apps.get_model("accompagnements", "HistoricalDemande"), "history_id"),
    ]


def garder(apps, schema_editor):
    for Modele, cle in _tables(apps):
        examinees = Q()
        for code, _ in CRITERES:
            examinees |= Q(**{f"critere_{code}__isnull": False})
        for ligne in Modele.objects.filter(examinees).iterator(chunk_size=500):
            reponses = [
                {"code": code, "libelle": libelle, "reponse": getattr(ligne, f"critere_{code}")}
                for code, libelle in CRITERES
            ]
            siennes = Modele.objects.filter(**{cle: getattr(ligne, cle)})
            siennes.update(eligibilite=reponses)
    _dater_les_derogations(apps)


def _dater_les_derogations(apps):
    """Who wrote the motive and when, as the history knows it; else the day of the accueil."""
    Demande = apps.get_model("accompagnements", "Demande")
    Historique = apps.get_model("accompagnements", "HistoricalDemande")
    for demande in Demande.objects.exclude(derogation="").iterator(chunk_size=500):
        memes = Historique.objects.filter(id=demande.pk, derogation=demande.derogation)
        trace = memes.order_by("history_date", "history_id").first()
        Demande.objects.filter(pk=demande.pk).update(
            derogation_par=trace.history_user_id if trace else None,
            derogation_le=timezone.localdate(trace.history_date)
            if trace
            else demande.accueil_le or demande.recue_le,
        )


def rendre(apps, schema_editor):
    """Back to four columns: criteria that a region added have no place there."""
    for Modele, cle in _tables(apps):
        for ligne in Modele.objects.exclude(eligibilite=[]).iterator(chunk_size=500):
            reponses = {critere["code"]: critere["reponse"] for critere in ligne.eligibilite}
            siennes = Modele.objects.filter(**{cle: getattr(ligne, cle)})
            siennes.update(**{f"critere_{code}": reponses.get(code) for code, _ in CRITERES})


class Migration(migrations.Migration):
    dependencies = [("accompagnements", "0024_eligibilite_par_region")]
    operations = [migrations.RunPython(garder, rendre)]
