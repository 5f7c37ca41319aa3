"""Structures that may be the one being typed: same SIRET, SIREN or RNA, same name in the commune."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Length

from accompagnements.structures.models import Structure, Verification
from dla_portal.socle import identifiants
from dla_portal.socle.recherche import normaliser

PROPOSEES = 5  # structures shown at once
REGARDEES = 1000  # structures whose name is compared: those that share the most words first
RESSEMBLANCE = 0.87  # of two names, letters against letters
VIDES = set("association asso assoc ass la le les l d de des du et en a au aux un une".split())


@dataclass(frozen=True)
class Doublon:
    """A structure and why it may be the same. `certain`: its SIRET or its RNA says so."""

    structure: Structure
    raison: str
    certain: bool = False


def chercher(utilisateur, *, siret="", rna="", nom="", commune=None, sauf=None):
    """Return the structures the user sees which may be the one described, the surest first.

    `utilisateur` is None where nobody sees the answer (`trouver_ou_creer`). `siret` may be a SIREN;
    `commune` is a Commune or None: the name is then compared in the
    departments of the user. `sauf` is the primary key of the structure being corrected.
    """
    toutes = Structure.toutes.exclude(pk=sauf)
    if utilisateur is not None:
        toutes = toutes.visibles_par(utilisateur)
    toutes = toutes.select_related("commune")
    trouvees = [*_par_numero(toutes, siret, rna)]
    trouvees += _par_nom(toutes.filter(fusionnee_dans=None), nom, commune)
    # A record merged elsewhere leads to one which the user may not see.
    visibles = set(
        toutes.filter(pk__in=[d.structure.pk for d in trouvees]).values_list("pk", flat=True)
    )
    doublons = {}
    for doublon in trouvees:
        if doublon.structure.pk in visibles:
            doublons.setdefault(doublon.structure.pk, doublon)
    return list(doublons.values())[:PROPOSEES]


def trouver_ou_creer(*, siret="", rna="", nom="", commune=None, **champs):
    """Return (structure, created) for what arrives without an account, or from a file.

    The one which already bears the SIRET or the RNA, or the same name in the same commune when one
    of the two has no number; otherwise a new one, flagged « à vérifier ». The numbers are checked
    ones (`socle.identifiants`).
    """
    porteuse = Structure.toutes.de_siret(siret) if siret else None
    if porteuse is not None:
        return porteuse, False
    cherche = nom if commune is not None else ""  # a name alone tells no structure from another
    for doublon in chercher(None, siret=siret, rna=rna, nom=cherche, commune=commune):
        connue = doublon.structure
        if doublon.certain or _la_meme(connue, siret, rna, cherche):
            if siret and not connue.siret:
                connue.siret, connue.siret_absent = siret, ""
                connue.save()
            return connue, False
    structure = Structure(siret=siret or None, rna=rna, nom=nom, commune=commune, **champs)
    structure.verification = Verification.A_VERIFIER
    structure.save()
    return structure, True


def _la_meme(connue, siret, rna, nom):
    """Same SIREN or same name, when no number of one contradicts that of the other."""
    if (siret and connue.siret) or (rna and connue.rna and rna != connue.rna):
        return False
    meme_siren = bool(siret) and siret[:9] == connue.siren
    contraire = siret and connue.siren and not meme_siren
    return meme_siren or (bool(nom) and not contraire and mots_de(nom) == mots_de(connue.nom))


def _par_numero(structures, siret, rna):
    condition = Q()
    if siret:
        condition |= Q(siren=siret[:9])
    if rna:
        condition |= Q(rna=rna)
    if not condition:
        return []
    # A SIREN may have hundreds of establishments: the one described comes before the cut.
    numeros = [When(**{nom: lu}, then=0) for nom, lu in (("siret", siret), ("rna", rna)) if lu]
    rang = Case(*numeros, default=1)
    doublons = []
    for lue in structures.filter(condition).order_by(rang, "pk")[:PROPOSEES]:
        structure = Structure.toutes.de_pk(lue.pk)
        if len(siret) == 14 and lue.siret == siret:
            doublons.append(Doublon(structure, "même SIRET", certain=True))
        elif rna and lue.rna == rna:
            seul = not (siret and lue.siret)
            doublons.append(Doublon(structure, "même RNA", certain=seul))
        else:
            doublons.append(Doublon(structure, "même SIREN, autre établissement"))
    return sorted(doublons, key=lambda doublon: not doublon.certain)


def _par_nom(structures, nom, commune):
    mots = mots_de(nom)
    if not mots or sum(map(len, mots)) < 4:
        return []
    if commune is not None:
        structures = structures.filter(commune=commune)
    seuil = RESSEMBLANCE if commune is not None else 0.97
    juges = [
        (note, pk)
        for pk, autre, sigle in _voisines(structures, mots)
        if (note := _ressemblance(mots, autre, sigle, seuil)) >= seuil
    ]
    proches = [pk for _, pk in sorted(juges, key=lambda j: (-j[0], j[1]))[:PROPOSEES]]
    lues = structures.in_bulk(proches)
    raison = "même nom ou presque" + (", même commune" if commune is not None else "")
    return [Doublon(lues[pk], raison) for pk in proches]


def _voisines(structures, mots):
    """(pk, name, sigle) of those which share a word, the more words the sooner.

    In a big town hundreds of names share « sport » or « culture »: the database counts the words
    before the cut, so that what shares them all is always looked at.
    """
    # The beginning of a word: « ateliers » and « atelier » are looked at together.
    debuts = {mot[: max(4, len(mot) - 2)] for mot in mots}
    condition, partages = Q(), Value(0)
    for debut in sorted(debuts):
        contient = Q(nom_normalise__contains=debut)
        condition |= contient
        partages = partages + Case(When(contient, then=1), default=0)
    voisines = structures.filter(condition).annotate(mots_partages=partages)
    voisines = voisines.order_by("-mots_partages", Length("nom_normalise"), "pk")
    return voisines.values_list("pk", "nom", "sigle")[:REGARDEES]


def _ressemblance(mots, autre, sigle, seuil):
    """From 0 to 1: 1 when the words that matter are the same, in any order; 0 well under `seuil`."""
    autres = mots_de(autre)
    if not autres:
        return 0
    if set(mots) == set(autres) or sigle and mots == mots_de(sigle):
        return 1
    lettres = SequenceMatcher(None, " ".join(sorted(mots)), " ".join(sorted(autres)))
    if lettres.real_quick_ratio() < seuil or lettres.quick_ratio() < seuil:
        return 0  # upper bounds of the ratio, far quicker than it
    return lettres.ratio()


def mots_de(nom):
    """The words of a name that tell it from others."""
    return [mot for mot in normaliser(nom).split() if mot not in VIDES]


def lire_numero(texte):
    """Return the SIRET or SIREN typed, complete and right, or ""."""
    genre, numero = identifiants.reconnaitre(texte)
    return numero if genre in ("siret", "siren") else ""


def lire_rna(texte):
    """Return the RNA typed, complete and right, or ""."""
    genre, numero = identifiants.reconnaitre(texte)
    return numero if genre == "rna" else ""
