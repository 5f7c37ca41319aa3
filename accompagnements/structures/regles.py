"""Who keeps the register of structures, and how a commune typed by hand is recognised."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Q

from accompagnements.droits import operateur_de
from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus, a_role
from dla_portal.socle.recherche import normaliser
from dla_portal.territoires.models import Commune, Departement

CANDIDATES = 6  # communes quoted in an ambiguity


def tient_le_registre(utilisateur):
    """Right: those who accompany create and correct structures; the others read them.

    A DLA régional accompanies when it is an operator too.
    """
    if utilisateur.role == roles.DlaRegional.code and not operateur_de(utilisateur):
        return Refus("Votre rattachement ne porte pas d'accompagnement.")
    return a_role(utilisateur, *roles.INSTRUCTEURS, roles.DlaRegional.code)


def departements_de(utilisateur):
    """Departments in which the user may place a structure."""
    rattachement = utilisateur.rattachement
    if rattachement.role == roles.DlaRegional.code:
        return Departement.objects.filter(region=rattachement.region_id)
    return rattachement.operateur.departements_couverts()


def trouver_commune(texte, departements):
    """Return the only commune meant by a name, a postal code, an INSEE code, or several of them.

    « Aubagne », « 13400 », « 13400 Aubagne », « Aubagne (13) ». Communes of `departements` are
    preferred. Raises ValidationError when none or several remain; the sentence quotes them.
    """
    trouvees = _communes(texte)
    proches = [commune for commune in trouvees if commune.departement_id in departements]
    trouvees = _exactes(proches or trouvees, _mots(texte)[0])
    if len(trouvees) == 1:
        nom, code, _ = _mots(texte)
        if nom and not code and trouvees[0].nom_normalise != nom:
            raise ValidationError(f"Voulez-vous dire {_citer(trouvees[0])} ? Recopiez son nom.")
        return trouvees[0]
    if not trouvees:
        raise ValidationError(
            f"Aucune commune ne correspond à « {texte} ». Indiquez son nom ou son code postal."
        )
    citees = ", ".join(_citer(commune) for commune in trouvees[:CANDIDATES])
    suite = "…" if len(trouvees) > CANDIDATES else ""
    raise ValidationError(
        f"Plusieurs communes correspondent : {citees}{suite}. Recopiez celle que vous voulez."
    )


def commune_ou_rien(texte, utilisateur):
    """Return the commune meant by a text still being typed, or None when it is not sure."""
    departements = set(departements_de(utilisateur).values_list("pk", flat=True))
    try:
        return trouver_commune(texte, departements) if texte else None
    except ValidationError:
        return None


def communes_possibles(texte, departement=""):
    """Return (communes that a text may mean, whether the first one is surely it).

    `departement` is the code of a département, empty when nobody said it.
    """
    nom, code, _ = _mots(texte)
    lignes = Commune.objects.select_related("departement").order_by("nom", "pk")
    if departement:
        lignes = lignes.filter(departement=departement)
    trouvees = list(lignes.filter(nom_normalise=nom)[:50]) if nom and not code else []
    if not trouvees:
        trouvees = [c for c in _communes(texte) if departement in ("", c.departement_id)]
        trouvees = _exactes(trouvees, nom)
    sure = len(trouvees) == 1 and (bool(code) or trouvees[0].nom_normalise == nom)
    return trouvees, sure


def _mots(texte):
    """Split a typed commune into (normalised name, 5-digit code, department code)."""
    departement = re.search(r"\((\d[\dABab]\d?)\)", texte)
    reste = re.sub(r"\([^)]*\)", " ", texte)
    code = re.search(r"\b(\d[\dABab]\d{3})\b", reste)
    nom = normaliser(reste.replace(code[0], " ") if code else reste)
    return nom, code[0].upper() if code else "", departement[1].upper() if departement else ""


def _communes(texte):
    nom, code, departement = _mots(texte)
    if not nom and not code:
        return []
    lignes = Commune.objects.select_related("departement")
    if departement:
        lignes = lignes.filter(departement=departement)
    if nom:
        lignes = lignes.filter(nom_normalise__contains=nom)
    if code:
        # A postal code may equal the INSEE code of another commune: people type the former.
        postales = lignes.filter(codes_postaux__contains=code)
        lignes = postales if postales.exists() else lignes.filter(Q(code=code))
    return list(lignes[:50])


def _exactes(communes, nom):
    """The communes bearing exactly this name, or all of them when none does."""
    return [commune for commune in communes if commune.nom_normalise == nom] or communes


def _citer(commune):
    postal = commune.codes_postaux.split("|")[0]
    return f"{postal} {commune.nom} ({commune.departement_id})".strip()
