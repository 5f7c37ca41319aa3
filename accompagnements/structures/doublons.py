"""Structures that may be the one being typed: same SIRET, SIREN or RNA, same name in the commune."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q

from accompagnements.structures.models import Structure, Verification
from dla_portal.socle import identifiants
from dla_portal.socle.recherche import normaliser

PROPOSEES = 5  # structures shown at once
REGARDEES = 80  # structures whose name is compared
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
    doublons = []
    for lue in structures.filter(condition)[:PROPOSEES]:
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
    condition = Q()
    for mot in mots:
        # The beginning of a word: « ateliers » and « atelier » are looked at together.
        condition |= Q(nom_normalise__contains=mot[: max(4, len(mot) - 2)])
    voisines = structures.filter(condition)[:REGARDEES]
    juges = [(_ressemblance(mots, structure), structure) for structure in voisines]
    seuil = RESSEMBLANCE if commune is not None else 0.97
    proches = sorted((j for j in juges if j[0] >= seuil), key=lambda j: (-j[0], j[1].pk))
    raison = "même nom ou presque" + (", même commune" if commune is not None else "")
    return [Doublon(structure, raison) for _, structure in proches]


def _ressemblance(mots, structure):
    """From 0 to 1: 1 when the words that matter are the same, in any order."""
    autres = mots_de(structure.nom)
    if not autres:
        return 0
    if set(mots) == set(autres) or structure.sigle and mots == mots_de(structure.sigle):
        return 1
    return SequenceMatcher(None, " ".join(sorted(mots)), " ".join(sorted(autres))).ratio()


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
