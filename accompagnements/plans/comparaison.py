"""Two versions of a plan: what was added, removed, changed field by field, in French words."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from re import findall

from accompagnements.plans import lecture
from accompagnements.plans.contenu import contenu_de
from accompagnements.plans.etats import NON_ACCEPTES
from dla_portal.socle.templatetags.portail import date_courte, euros, jours

AJOUTE, RETIRE, CHANGE = "ajoute", "retire", "change"
MOTS_MAX = 4000  # beyond, both texts are shown whole: the matching would take seconds


@dataclass(frozen=True)
class Version:
    """A version offered to the comparison."""

    numero: int
    libelle: str
    contenu: dict


@dataclass(frozen=True)
class Segment:
    """A run of words: the same in both versions (`sort` empty), added or removed."""

    sort: str
    texte: str


@dataclass(frozen=True)
class Rubrique:
    """One field that changed; `segments` when it is a text compared word by word."""

    libelle: str
    avant: str
    apres: str
    segments: tuple = ()


@dataclass(frozen=True)
class Element:
    """An action, a contribution or a review that is new, gone, or changed."""

    sort: str
    titre: str
    rubriques: tuple


def versions_de(plan):
    """Return the versions of a plan, latest first: the current one, then the frozen ones."""
    en_cours = Version(plan.numero, _libelle_courant(plan), contenu_de(plan))
    figees = [
        Version(v.numero, f"Version {v.numero} — accord du {date_courte(v.valide_le)}", v.contenu)
        for v in plan.versions.all()
    ]
    return [en_cours, *figees]


def _libelle_courant(plan):
    if plan.etat in NON_ACCEPTES or not plan.valide_le:
        return f"Version {plan.numero} — {plan.get_etat_display().lower()}"
    return f"Version {plan.numero} — accord du {date_courte(plan.valide_le)}"


def comparer(avant, apres):
    """Compare two contents; return the texts and fields that changed, and the elements by kind."""
    return {
        "textes": _rubriques(lecture.TEXTES, avant, apres),
        "accord": _rubriques(lecture.ACCORD, avant, apres),
        "totaux": _totaux(lecture.lire(avant), lecture.lire(apres)),
        "parties": [
            ("Actions", _elements(avant, apres, "actions", "action", lecture.ACTION)),
            (
                "Contributions des partenaires",
                _elements(avant, apres, "contributions", "contribution", lecture.CONTRIBUTION),
            ),
            ("Revues", _elements(avant, apres, "revues", "revue", lecture.REVUE)),
        ],
    }


def _totaux(avant, apres):
    """The sums that changed: days, cost, valued contributions."""
    sommes = (
        ("Jours prévus", "total_jours", jours),
        ("Coût prévu TTC", "total_montant", euros),
        ("Contributions valorisées", "total_valorise", euros),
    )
    return tuple(
        Rubrique(libelle, ecrire(avant[cle]), ecrire(apres[cle]))
        for libelle, cle, ecrire in sommes
        if avant[cle] != apres[cle]
    )


def compter(ecarts):
    """Return the summary of a comparison: [(kind, sentence)], nothing where nothing changed."""
    phrases = []
    for titre, elements in ecarts["parties"]:
        for sort, mot in ((AJOUTE, "ajout"), (RETIRE, "retrait"), (CHANGE, "modification")):
            combien = sum(element.sort == sort for element in elements)
            if combien:
                pluriel = "s" if combien > 1 else ""
                phrases.append((sort, f"{titre} : {combien} {mot}{pluriel}"))
    return phrases


def _elements(avant, apres, liste, cle, champs):
    """Match the lines of both versions by their key, else by what they are called."""
    anciens, restants = list(avant.get(liste, [])), list(apres.get(liste, []))
    trouves, titre = [], champs[0]
    for ancien in anciens:
        jumeau = _jumeau(ancien, restants, cle, titre.cle)
        if jumeau is None:
            trouves.append(_seul(RETIRE, ancien, champs))
            continue
        restants.remove(jumeau)
        rubriques = _rubriques(champs, ancien, jumeau)
        if rubriques:
            trouves.append(Element(CHANGE, _titre(titre, jumeau), rubriques))
    return [*trouves, *[_seul(AJOUTE, neuf, champs) for neuf in restants]]


def _jumeau(ligne, autres, cle, nom):
    if ligne.get(cle) is not None:
        meme = next((autre for autre in autres if autre.get(cle) == ligne[cle]), None)
        if meme is not None:
            return meme
    sans_cle = [a for a in autres if a.get(cle) is None or ligne.get(cle) is None]
    return next((autre for autre in sans_cle if autre.get(nom) == ligne.get(nom)), None)


def _titre(champ, ligne):
    dit = lecture.dire(champ, ligne)
    return f"Revue du {dit}" if champ.cle == "prevue_le" else dit


def _seul(sort, ligne, champs):
    lus = lecture.dites(champs[1:], ligne)
    rubriques = tuple(
        Rubrique(libelle, valeur, "") if sort == RETIRE else Rubrique(libelle, "", valeur)
        for libelle, valeur in lus
    )
    return Element(sort, _titre(champs[0], ligne), rubriques)


def _rubriques(champs, avant, apres):
    trouvees = []
    for champ in champs:
        dit_avant, dit_apres = lecture.dire(champ, avant), lecture.dire(champ, apres)
        if dit_avant == dit_apres:
            continue
        segments = mots(dit_avant, dit_apres) if champ.long and dit_avant and dit_apres else ()
        trouvees.append(Rubrique(champ.libelle, dit_avant, dit_apres, tuple(segments)))
    return tuple(trouvees)


def mots(avant, apres):
    """Return the Segments that turn one text into the other, word by word; spaces do not count."""
    anciens, neufs = findall(r"\S+\s*|\s+", avant), findall(r"\S+\s*|\s+", apres)
    if max(len(anciens), len(neufs)) > MOTS_MAX:
        return [Segment(RETIRE, avant), Segment(AJOUTE, apres)]
    # Words that are everywhere are no landmark: `autojunk` keeps long texts quick.
    comparees = SequenceMatcher(None, [m.strip() for m in anciens], [m.strip() for m in neufs])
    segments = []
    for sort, i1, i2, j1, j2 in comparees.get_opcodes():
        if sort == "equal":
            segments.append(Segment("", "".join(neufs[j1:j2])))
            continue
        segments += [
            Segment(nature, "".join(bout))
            for nature, bout in ((RETIRE, anciens[i1:i2]), (AJOUTE, neufs[j1:j2]))
            if bout
        ]
    return segments
