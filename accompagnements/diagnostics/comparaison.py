"""Two diagnostics of the same structure side by side, rubric by rubric, the differences told."""

from dataclasses import dataclass
from functools import partial

from django.utils import timezone

from accompagnements.diagnostics import sections
from accompagnements.diagnostics.chiffres import LIGNES, rendre
from accompagnements.diagnostics.models import Diagnostic
from dla_portal.socle.templatetags.portail import euros, nombre
from dla_portal.socle.tris import vides_en_dernier

DEPART = [("effectif", nombre), ("etp", lambda v: nombre(v, 2)), ("budget", euros)]


@dataclass(frozen=True)
class Rubrique:
    """One line of the comparison: what each diagnostic says."""

    libelle: str
    avant: str
    apres: str
    ecart: str = ""

    @property
    def change(self):
        return self.avant != self.apres


def autres_de(diagnostic, visibles):
    """The other diagnostics of the structure that the person may read, latest first."""
    structure = diagnostic.accompagnement.structure_id
    autres = visibles.filter(accompagnement__structure=structure).exclude(pk=diagnostic.pk)
    return autres.order_by(*vides_en_dernier(Diagnostic, "-entretien_le", "-pk"))


def date_de(diagnostic):
    """The day which dates a diagnostic: its validation, else its first interview."""
    return diagnostic.valide_le or diagnostic.entretien_le or timezone.localdate(diagnostic.cree_le)


def comparer(ancien, recent):
    """Return [(title, [Rubrique])]: the baseline first, then every section."""
    depart = [
        _ligne(_libelle(nom), getattr(ancien, nom), getattr(recent, nom), ecrire)
        for nom, ecrire in DEPART
    ]
    depart += _annee_n(ancien, recent)
    parties = [("Point de départ (année N)", depart)]
    for avant, apres in zip(
        sections.lire_toutes(ancien), sections.lire_toutes(recent), strict=True
    ):
        lignes = [
            Rubrique(libelle, _dit(valeur), _dit(autre))
            for (libelle, valeur, _), (_, autre, _) in zip(
                avant["champs"], apres["champs"], strict=True
            )
        ]
        lignes += [
            Rubrique(table["titre"], _en_lignes(table), _en_lignes(autre))
            for table, autre in zip(avant["tables"], apres["tables"], strict=True)
            if not table["num"]
        ]
        parties.append((avant["titre"], [li for li in lignes if li.avant or li.apres]))
    return [(titre, lignes) for titre, lignes in parties if lignes]


def _libelle(nom):
    libelle = str(Diagnostic._meta.get_field(nom).verbose_name)
    return libelle[0].upper() + libelle[1:]


def _annee_n(ancien, recent):
    """The other figures of both years N, when either knows them."""
    avant = ancien.annees.filter(annee=ancien.annee_n).first()
    apres = recent.annees.filter(annee=recent.annee_n).first()
    autres = [ligne for ligne in LIGNES if ligne.nom not in ("effectif", "etp")]
    valeurs = [(li, getattr(avant, li.nom, None), getattr(apres, li.nom, None)) for li in autres]
    return [
        _ligne(ligne.libelle, lue, autre, partial(rendre, ligne))
        for ligne, lue, autre in valeurs
        if (lue, autre) != (None, None)
    ]


def _ligne(libelle, avant, apres, ecrire):
    ecart = ""
    if None not in (avant, apres) and apres != avant:
        signe = "+" if apres > avant else "−"
        ecart = f"{signe} {ecrire(abs(apres - avant))}"
    return Rubrique(libelle, ecrire(avant), ecrire(apres), ecart)


def _dit(valeur):
    return "" if valeur is None else str(valeur)


def _en_lignes(table):
    return "\n".join(
        " · ".join(str(c) for c in ligne if c not in ("", "—")) for ligne in table["lignes"]
    )
