"""The public directory of companies and associations, and the national address base.

Both are read through `socle.sorties`, closed by default. Nothing they say is believed as such:
each value is of the expected kind, of a bearable length and without markup, or it is dropped; a
record which is not the one asked for is no answer.
"""

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import date

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError

from accompagnements.structures.imports import famille_de
from accompagnements.structures.models import Structure
from dla_portal.socle import identifiants, sorties

GARDE = 24 * 3600  # seconds during which an answer is kept
PROPOSEES = 5  # records or addresses offered at once
MOTS_MIN = 3  # characters of a name or an address before asking
FORMES = {
    "9210": "Association non déclarée",
    "9220": "Association déclarée",
    "9221": "Association déclarée d'insertion par l'économique",
    "9222": "Association intermédiaire",
    "9223": "Groupement d'employeurs",
    "9230": "Association reconnue d'utilité publique",
    "9260": "Association de droit local",
    "9300": "Fondation",
    "5458": "SARL coopérative ouvrière de production (SCOP)",
    "5558": "SA coopérative ouvrière de production (SCOP)",
}
_NAF = re.compile(r"^\d{2}\.\d{2}[A-Z]$")
_INSEE = re.compile(r"^\d[\dAB]\d{3}$")
_POSTAL = re.compile(r"^\d{5}$")


@dataclass(frozen=True)
class FicheAnnuaire:
    """What the directory says of one establishment; "" or None where it says nothing usable."""

    siret: str
    siren: str
    nom: str
    sigle: str = ""
    rna: str = ""
    famille: str = ""
    forme_juridique: str = ""
    naf: str = ""
    date_creation: date | None = None
    adresse: str = ""
    code_postal: str = ""
    ville: str = ""
    commune: str = ""  # INSEE code
    cessee: bool = False

    def dits(self):
        """The fields which say something, by name."""
        return {c.name: getattr(self, c.name) for c in fields(self) if getattr(self, c.name)}


@dataclass(frozen=True)
class Adresse:
    """An address of the national base."""

    libelle: str
    adresse: str
    code_postal: str
    ville: str
    commune: str  # INSEE code
    latitude: str = ""  # degrees, "" when the base says nothing usable
    longitude: str = ""


def ouvert():
    """Say whether the directory may be reached at all (SORTIES_AUTORISEES)."""
    return sorties.permise(settings.ANNUAIRE_URL)


def chercher(texte):
    """Return the records for a name, a SIRET, a SIREN or a RNA, PROPOSEES at most.

    Raises sorties.SortieRefusee or sorties.SortieEnPanne.
    """
    _, numero = identifiants.reconnaitre(texte)
    question = numero or texte.strip()[:150]
    if len(question) < MOTS_MIN:
        return []
    reponse = sorties.obtenir_json(
        settings.ANNUAIRE_URL, {"q": question, "per_page": PROPOSEES, "page": 1}
    )
    resultats = reponse.get("results") if isinstance(reponse, dict) else None
    if not isinstance(resultats, list):
        raise sorties.SortieEnPanne("La réponse de l'annuaire est illisible.")
    lues = [_lire(r, question) for r in resultats[:PROPOSEES] if isinstance(r, dict)]
    return [fiche for fiche in lues if fiche is not None]


def trouver(numero):
    """Return the record of a SIRET, a SIREN (its head office) or a RNA, None when there is none.

    The answer is kept a day. Raises as `chercher`.
    """
    genre, numero = identifiants.reconnaitre(numero)
    if not genre:
        return None
    gardee = en_memoire(numero)
    if gardee is not None:
        return gardee
    # The directory answers by likeness: what was not asked for is no answer.
    fiche = next((f for f in chercher(numero) if getattr(f, genre) == numero), None)
    if fiche is not None:
        garder(fiche, numero)
    return fiche


def garder(fiche, numero):
    """Keep an answer under the number by which it was asked."""
    cache.set(f"annuaire:{numero}", fiche, GARDE)


def en_memoire(numero):
    """Return the record kept for a number, without any call, or None."""
    return cache.get(f"annuaire:{numero}") if numero else None


def adresses(texte):
    """Return the addresses that complete a text. Raises as `chercher`."""
    question = texte.strip()[:150]
    if len(question) < MOTS_MIN:
        return []
    reponse = sorties.obtenir_json(settings.ADRESSES_URL, {"q": question, "limit": PROPOSEES})
    lieux = reponse.get("features") if isinstance(reponse, dict) else None
    if not isinstance(lieux, list):
        raise sorties.SortieEnPanne("La réponse de la base adresse est illisible.")
    lues = [_lire_adresse(_dict(lieu)) for lieu in lieux[:PROPOSEES]]
    return [adresse for adresse in lues if adresse.libelle and adresse.commune]


def _lire_adresse(entite):
    lieu = _dict(entite.get("properties"))
    longitude, latitude = _point(_dict(entite.get("geometry")).get("coordinates"))
    return Adresse(
        latitude=latitude,
        longitude=longitude,
        libelle=_texte(lieu.get("label"), 250),
        adresse=_texte(lieu.get("name"), 250),
        code_postal=_motif(lieu.get("postcode"), _POSTAL),
        ville=_texte(lieu.get("city"), 120),
        commune=_motif(lieu.get("citycode"), _INSEE),
    )


def _lire(resultat, question):
    """Read one result, of the establishment asked for when it has several; None when unusable."""
    siege = _dict(resultat.get("siege"))
    autres = resultat.get("matching_etablissements")
    autres = [_dict(autre) for autre in autres] if isinstance(autres, list) else []
    lieu = next((e for e in (siege, *autres) if e.get("siret") == question), siege)
    siret = _numero(lieu.get("siret"), identifiants.lire_siret)
    siren = _numero(resultat.get("siren"), identifiants.lire_siren)
    nom = _texte(resultat.get("nom_raison_sociale"), 250) or _texte(
        resultat.get("nom_complet"), 250
    )
    if not siret or not nom or siret[:9] != siren:
        return None
    complements = _dict(resultat.get("complements"))
    nature = _motif(resultat.get("nature_juridique"), re.compile(r"^\d{4}$"))
    postal, ville = (
        _motif(lieu.get("code_postal"), _POSTAL),
        _texte(lieu.get("libelle_commune"), 120),
    )
    return FicheAnnuaire(
        siret=siret,
        siren=siren,
        nom=nom,
        sigle=_texte(resultat.get("sigle"), 50),
        rna=_numero(complements.get("identifiant_association"), identifiants.lire_rna),
        famille=famille_de(nature, "") if nature else "",
        forme_juridique=FORMES.get(nature, nature),
        naf=_motif(lieu.get("activite_principale"), _NAF),
        date_creation=_date(resultat.get("date_creation")),
        adresse=_voie(_texte(lieu.get("adresse"), 250), postal, ville),
        code_postal=postal,
        ville=ville,
        commune=_motif(lieu.get("commune"), _INSEE),
        cessee="C" in (resultat.get("etat_administratif"), lieu.get("etat_administratif")),
    )


def _point(coordonnees):
    """(longitude, latitude) as text in degrees; two empty texts unless both are believable."""
    if not isinstance(coordonnees, list) or len(coordonnees) < 2:
        return "", ""
    x, y = coordonnees[:2]
    if not all(isinstance(n, (int, float)) and not isinstance(n, bool) for n in (x, y)):
        return "", ""
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        return "", ""
    return f"{x:.6f}", f"{y:.6f}"


def _dict(valeur):
    return valeur if isinstance(valeur, dict) else {}


def _texte(valeur, maximum):
    """A line of text that every database and every page can hold, or ""."""
    if not isinstance(valeur, str) or len(valeur) > maximum * 2 or set(valeur) & set("<>"):
        return ""
    lisible = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", valeur))
    ligne = " ".join(lisible.split())
    return ligne if len(ligne) <= maximum else ""


def _motif(valeur, motif):
    return valeur if isinstance(valeur, str) and motif.match(valeur) else ""


def _numero(valeur, lire):
    try:
        return lire(valeur) if isinstance(valeur, str) and valeur else ""
    except ValidationError:
        return ""


def _date(valeur):
    try:
        jour = date.fromisoformat(valeur) if isinstance(valeur, str) else None
    except ValueError:
        return None
    return jour if jour and 1800 <= jour.year <= 2100 else None


def _voie(adresse, postal, ville):
    """The street alone: the directory writes the postal code and the town after it."""
    debut, separateur, _ = adresse.rpartition(f" {postal} {ville}") if postal else ("", "", "")
    return debut if separateur else adresse


def champs_du_formulaire(fiche):
    """Initial values of the form of a structure, from a record."""
    noms = {champ.name for champ in Structure._meta.fields}
    valeurs = {nom: valeur for nom, valeur in fiche.dits().items() if nom in noms}
    valeurs["commune"] = f"{fiche.code_postal} {fiche.ville}".strip()
    return valeurs
