"""The sections of the diagnostic, in the order of the page, of its forms and of its PDF."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from accompagnements.diagnostics import chiffres, forms, forms_chiffres, forms_lignes, vigilance
from accompagnements.diagnostics.models import GOUVERNANCE, Diagnostic
from dla_portal.socle.templatetags.portail import date_courte, date_fr, jours, nombre

LUS_EN_TABLE = ("annee_n", "signes")


def _aucune(diagnostic):
    return []


@dataclass(frozen=True)
class Section:
    """A part of the diagnostic, read and edited at once. `tables` draws its rows."""

    cle: str
    titre: str
    formulaire: type
    tables: Callable = field(default=_aucune)
    court: str = ""  # name of the tab

    @property
    def champs(self):
        lus = self.formulaire._meta.fields
        return [nom for nom in lus if nom not in LUS_EN_TABLE]

    @property
    def onglet(self):
        return self.court or self.titre


def table(titre, entetes, lignes, **options):
    """A table as data, drawn by the page, the PDF and the comparison alike."""
    return {
        "titre": titre,
        "entetes": entetes,
        "lignes": lignes,
        "num": False,
        "vide": f"{titre} : rien encore.",
        **options,
    }


def _rencontres(diagnostic):
    lignes = [[p.nom, p.fonction, date_courte(p.le)] for p in diagnostic.rencontres.all()]
    return [table("Personnes rencontrées", ["Nom", "Fonction", "Date"], lignes)]


def _axes(diagnostic):
    lignes = [
        [a.get_domaine_display(), a.priorite or "", a.forces, a.faiblesses, a.enjeu]
        for a in diagnostic.lignes_axes.all()
    ]
    entetes = ["Axe", "Priorité", "Forces", "Faiblesses", "Enjeu, changement visé"]
    return [table("Axes de changement", entetes, lignes)]


def _preconisations(diagnostic):
    lignes = [
        [p.texte, p.get_genre_display(), f"{p.delai} mois" if p.delai is not None else ""]
        for p in diagnostic.lignes_preconisations.all()
    ]
    return [table("Préconisations", ["Préconisation", "Type d'action", "Délai"], lignes)]


def _chiffres(diagnostic):
    return [chiffres.tableau(diagnostic)]


def _vigilance(diagnostic):
    vide = "Aucun signe relevé."
    lignes = [[signe.libelle, signe.vers] for signe in vigilance.releves(diagnostic)]
    return [table("Signes relevés", ["Signe", "Vers qui orienter"], lignes, vide=vide)]


SECTIONS = [
    Section("rencontre", "Rencontre", forms_lignes.RencontreForm, _rencontres),
    Section(
        "situation", "La structure et son environnement", forms.SituationForm, court="Structure"
    ),
    Section("gouvernance", "Gouvernance", forms.GouvernanceForm),
    Section("equipe", "Emplois et organisation", forms.EquipeForm, court="Équipe"),
    Section("economie", "Situation économique", forms.EconomieForm, court="Économie"),
    Section("chiffres", "Chiffres", forms_chiffres.ChiffresForm, _chiffres),
    Section("analyse", "Analyse", forms.AnalyseForm),
    Section("axes", "Axes de changement", forms_lignes.AxesForm, _axes, court="Axes"),
    Section("preconisations", "Préconisations", forms_lignes.PreconisationsForm, _preconisations),
    Section("vigilance", "Signes de difficulté", forms.VigilanceForm, _vigilance, "Vigilance"),
]
RENDUS = {
    "entretien_le": date_fr,
    "signes_releves_le": date_fr,
    "temps_passe": jours,
    "beneficiaires": nombre,
    "etp": lambda etp: nombre(etp, 2),
}


def trouver(cle):
    """Return the section of this key, or None."""
    return next((section for section in SECTIONS if section.cle == cle), None)


def _champ_lu(diagnostic, nom):
    """Return (label, value as it is read, whether it is a long text)."""
    valeur = getattr(diagnostic, nom)
    champ = Diagnostic._meta.get_field(nom)
    if champ.choices:
        valeur = getattr(diagnostic, f"get_{nom}_display")()
    elif valeur not in (None, "") and nom in RENDUS:
        valeur = RENDUS[nom](valeur)
    libelle = str(champ.verbose_name)
    return libelle[0].upper() + libelle[1:], valeur, champ.get_internal_type() == "TextField"


def lire(section, diagnostic):
    """Describe one section for the page: (label, value) pairs, tables, and its editing address."""
    return {
        "cle": section.cle,
        "titre": section.titre,
        "champs": [_champ_lu(diagnostic, nom) for nom in section.champs],
        "tables": section.tables(diagnostic),
        "url": reverse("accompagnements:diagnostic_modifier", args=[diagnostic.pk, section.cle]),
    }


def lire_toutes(diagnostic):
    """Describe every section."""
    return [lire(section, diagnostic) for section in SECTIONS]


def lire_ce_qui_est_dit(diagnostic, *, tiers=False):
    """Describe what is filled, for who reads from outside; a third party is not told the signs."""
    lues = []
    for section in SECTIONS:
        if tiers and section.cle == "vigilance":
            continue
        lue = lire(section, diagnostic)
        lue["champs"] = [champ for champ in lue["champs"] if champ[1] not in (None, "")]
        lue["tables"] = [table for table in lue["tables"] if table["lignes"]]
        if lue["champs"] or lue["tables"]:
            lues.append(lue)
    return lues


def reperes(diagnostic):
    """What the follow-up asks again, as it was in year N: [(label, value)], the advice last."""
    noms = ("etp", "beneficiaires", "beneficiaires_definition", *GOUVERNANCE)
    conseils = "\n".join(conseil.texte for conseil in diagnostic.lignes_preconisations.all())
    lus = [_champ_lu(diagnostic, nom)[:2] for nom in noms]
    return [*lus, ("Préconisations", conseils)]
