"""The sections of the diagnostic, in the order of the page, of its forms and of its PDF."""

from dataclasses import dataclass

from django.urls import reverse

from accompagnements.diagnostics import forms
from accompagnements.diagnostics.models import Diagnostic
from dla_portal.socle.templatetags.portail import date_fr, euros, jours, nombre


@dataclass(frozen=True)
class Section:
    """A part of the diagnostic, read and edited at once."""

    cle: str
    titre: str
    formulaire: type

    @property
    def champs(self):
        return self.formulaire._meta.fields


SECTIONS = [
    Section("rencontre", "Rencontre", forms.RencontreForm),
    Section("situation", "La structure et son environnement", forms.SituationForm),
    Section("economie", "Économie et emplois", forms.EconomieForm),
    Section("analyse", "Analyse", forms.AnalyseForm),
    Section("priorites", "Priorités et préconisations", forms.PrioritesForm),
]
RENDUS = {"entretien_le": date_fr, "temps_passe": jours, "budget": euros, "effectif": nombre}


def lire(section, diagnostic):
    """Describe one section for the page: (label, value) pairs, and its editing address."""
    champs = []
    for nom in section.champs:
        valeur = getattr(diagnostic, nom)
        champ = Diagnostic._meta.get_field(nom)
        if valeur not in (None, "") and nom in RENDUS:
            valeur = RENDUS[nom](valeur)
        libelle = str(champ.verbose_name)
        libelle = libelle[0].upper() + libelle[1:]
        champs.append((libelle, valeur, champ.get_internal_type() == "TextField"))
    return {
        "cle": section.cle,
        "titre": section.titre,
        "champs": champs,
        "url": reverse("accompagnements:diagnostic_modifier", args=[diagnostic.pk, section.cle]),
    }
