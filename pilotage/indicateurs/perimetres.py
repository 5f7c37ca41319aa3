"""Where a figure is counted: one operator, one department, one region, or the nation."""

import re
from dataclasses import dataclass, replace

from django.db.models import Q
from django.http import Http404

from dla_portal.comptes import roles
from dla_portal.comptes.droits import Refus
from dla_portal.socle.saisies import entier
from dla_portal.territoires.models import Departement, Mandat, OperateurDLA, Region

TOUT_LIRE = {roles.National.code, roles.Administrateur.code, roles.Crdla.code}


@dataclass(frozen=True)
class Perimetre:
    """A scope. `genre` is operateur, departement, region or national; `cle` its primary key.

    `operateur` (a primary key) narrows a territory to the dossiers of one operator.
    """

    genre: str
    cle: str
    libelle: str
    operateur: int | None = None

    def __str__(self):
        return self.libelle

    @property
    def code(self):
        """How the scope is written in an address: `region-93`, `national`, `region-93_4`."""
        territoire = f"{self.genre}-{self.cle}" if self.cle else self.genre
        return f"{territoire}_{self.operateur}" if self.operateur else territoire

    def chez(self, operateur):
        """The same territory, narrowed to the dossiers of an OperateurDLA."""
        return replace(self, libelle=f"{self.libelle}, {operateur}", operateur=operateur.pk)

    def filtrer(self, lignes):
        """Keep the rows (with `operateur` and `departement`) of the scope, by sub-query."""
        if self.operateur:
            lignes = lignes.filter(operateur=self.operateur)
        if self.genre == "operateur":
            return lignes.filter(operateur=self.cle)
        if self.genre == "departement":
            return lignes.filter(departement=self.cle)
        if self.genre == "region":
            return lignes.filter(departement__in=self.departements().values("pk"))
        return lignes

    def departements(self, annee=None):
        """Departments of the scope; those of an operator's mandats in force in the year."""
        if self.genre == "departement":
            return Departement.objects.filter(pk=self.cle)
        if self.genre == "region":
            return Departement.objects.filter(region=self.cle)
        if self.genre == "operateur":
            mandats = Mandat.objects.filter(operateur=self.cle)
            if annee:
                mandats = mandats.filter(
                    Q(fin=None) | Q(fin__year__gte=annee), debut__year__lte=annee
                )
            return Departement.objects.filter(pk__in=mandats.values("departement"))
        return Departement.objects.all()


NATIONAL = Perimetre("national", "", "France entière")


def d_une_region(region):
    """Scope of a Region."""
    return Perimetre("region", region.pk, region.nom)


def d_un_departement(departement):
    """Scope of a Departement."""
    return Perimetre("departement", departement.pk, str(departement))


def d_un_operateur(operateur):
    """Scope of an OperateurDLA."""
    return Perimetre("operateur", str(operateur.pk), str(operateur))


_MODELES = {
    "region": (Region, d_une_region),
    "departement": (Departement, d_un_departement),
    "operateur": (OperateurDLA, d_un_operateur),
}


def lire(code):
    """Return the scope written `region-93` or `region-93_4`; Http404 when there is none."""
    code, _, chez = code.partition("_")
    if chez:
        operateur = OperateurDLA.objects.filter(pk=entier(chez)).first()
        if operateur is None:
            raise Http404("Périmètre inconnu.")
        return lire(code).chez(operateur)
    if code == "national":
        return NATIONAL
    genre, _, cle = code.partition("-")
    attendu = r"[0-9]{1,9}" if genre == "operateur" else r"[0-9A-Z]{1,3}"
    if genre not in _MODELES or not re.fullmatch(attendu, cle):
        raise Http404("Périmètre inconnu.")
    modele, fabriquer = _MODELES[genre]
    objet = modele.objects.filter(pk=cle).first()
    if objet is None:
        raise Http404("Périmètre inconnu.")
    return fabriquer(objet)


def ouverts(utilisateur):
    """Return the scopes that the role may read, its own first."""
    rattachement = utilisateur.rattachement
    if rattachement is None:
        return []
    if rattachement.role in roles.EQUIPE_OPERATEUR:
        return [d_un_operateur(rattachement.operateur)]
    if rattachement.role in TOUT_LIRE:
        regions = Region.objects.filter(departements__mandats__isnull=False).distinct()
        return [NATIONAL, *_avec_departements(regions)]
    if rattachement.role == roles.DlaRegional.code:
        operateurs = OperateurDLA.objects.filter(region=rattachement.region)
        region = _avec_departements([rattachement.region])
        return [*region, *(d_un_operateur(o) for o in operateurs)]
    if rattachement.role == roles.Pilote.code:
        if rattachement.departement:
            return [d_un_departement(rattachement.departement)]
        return _avec_departements([rattachement.region])
    return []


def _avec_departements(regions):
    scopes = []
    for region in regions:
        scopes.append(d_une_region(region))
        scopes += [d_un_departement(d) for d in region.departements.all()]
    return scopes


def choisir(utilisateur, code):
    """Return the asked scope, or the user's own; Http404 unknown, Refus when it is not open."""
    permis = ouverts(utilisateur)
    if not permis:
        raise Refus("Votre rôle ne lit pas les tableaux de pilotage.")
    if not code:
        return permis[0]
    demande = lire(code)
    territoire = replace(demande, operateur=None).code
    if utilisateur.role not in TOUT_LIRE and territoire not in {p.code for p in permis}:
        raise Refus(f"Votre rattachement ne permet pas de lire « {demande} ».")
    return demande
